//! Environment markers in JSON.

use pubflow_spec::{EvaluateError, Marker};
use serde::Serialize;

/// A marker, with its value where an environment was given.
#[derive(Debug, Serialize)]
pub(crate) struct MarkerJson {
    normalized: String,
    #[serde(flatten)]
    evaluation: Option<Evaluation>,
}

#[derive(Debug, Serialize)]
struct Evaluation {
    /// None where the marker has no value.
    evaluate: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    evaluate_error: Option<&'static str>,
}

impl MarkerJson {
    /// The marker and what its evaluation came to.
    pub(crate) fn new(marker: &Marker, evaluated: Option<Result<bool, EvaluateError>>) -> Self {
        Self {
            normalized: marker.to_string(),
            evaluation: evaluated.map(Evaluation::from),
        }
    }
}

impl From<Result<bool, EvaluateError>> for Evaluation {
    fn from(evaluated: Result<bool, EvaluateError>) -> Self {
        Self {
            evaluate: evaluated.as_ref().ok().copied(),
            evaluate_error: evaluated.err().map(|error| match error {
                EvaluateError::UndefinedComparison { .. } => "undefined-comparison",
                EvaluateError::UndefinedVariable { .. } => "undefined-variable",
            }),
        }
    }
}
