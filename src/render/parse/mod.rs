//! Answers of `pubflow parse`, one JSON object a line: a file for each kind of text that has parts.
//!
//! What a text means is decided by its type in `pubflow-spec`; here it gets its keys.

mod filename;
mod marker;
mod name;
mod number;
mod requirement;
mod specifier;
mod version;

use pubflow_spec::{Expectation, LicenseExpression, SyntaxError};
use serde::Serialize;

pub(crate) use filename::{SdistJson, WheelJson};
pub(crate) use marker::MarkerJson;
pub(crate) use name::NameJson;
pub(crate) use requirement::RequirementJson;
pub(crate) use specifier::SpecifierJson;
pub(crate) use version::VersionJson;

/// The answer to one text.
#[derive(Debug, Serialize)]
pub(crate) struct Answer<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    input: &'a str,
    ok: bool,
    #[serde(flatten)]
    outcome: Outcome,
}

#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Outcome {
    Parts(Parts),
    Refusal(Refusal),
}

impl<'a> Answer<'a> {
    /// The answer to `input`; `id` only where the text came with one.
    pub(crate) fn new(
        id: Option<&'a str>,
        input: &'a str,
        outcome: Result<Parts, Refusal>,
    ) -> Self {
        Self {
            id,
            input,
            ok: outcome.is_ok(),
            outcome: outcome.map_or_else(Outcome::Refusal, Outcome::Parts),
        }
    }
}

/// An answer with its place in an order.
#[derive(Debug, Serialize)]
pub(crate) struct RankedAnswer<'a> {
    #[serde(flatten)]
    answer: Answer<'a>,
    rank: Option<usize>,
}

impl<'a> RankedAnswer<'a> {
    /// The answer at `rank`; none for an invalid text.
    pub(crate) fn new(answer: Answer<'a>, rank: Option<usize>) -> Self {
        Self { answer, rank }
    }
}

/// The answer to a batch line that is no question.
#[derive(Debug, Serialize)]
pub(crate) struct NoQuestion {
    id: (),
    error: String,
}

impl NoQuestion {
    /// The answer that tells what is wrong with the line.
    pub(crate) fn new(error: String) -> Self {
        Self { id: (), error }
    }
}

/// What a valid text consists of.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum Parts {
    /// Of a version; boxed because it is by far the largest.
    Version(Box<VersionJson>),
    /// Of a specifier.
    Specifier(SpecifierJson),
    /// Of a requirement.
    Requirement(RequirementJson),
    /// Of a marker.
    Marker(MarkerJson),
    /// Of a licence expression.
    License(LicenseJson),
    /// Of a project name.
    Name(NameJson),
    /// Of a wheel's file name.
    Wheel(WheelJson),
    /// Of an sdist's file name.
    Sdist(SdistJson),
}

/// A licence expression, which has no parts.
#[derive(Debug, Serialize)]
pub(crate) struct LicenseJson {
    normalized: String,
}

impl From<&LicenseExpression> for LicenseJson {
    fn from(expression: &LicenseExpression) -> Self {
        Self {
            normalized: expression.to_string(),
        }
    }
}

/// Why a text is invalid.
#[derive(Debug, Serialize)]
pub(crate) struct Refusal {
    error: String,
    /// Offset in characters from 0.
    position: Option<usize>,
}

impl Refusal {
    /// Bytes that are no text from the character at `position` on.
    pub(crate) fn no_text(position: usize) -> Self {
        Self {
            error: "the line is not UTF-8".to_owned(),
            position: Some(position),
        }
    }
}

impl<E: Expectation> From<SyntaxError<E>> for Refusal {
    fn from(error: SyntaxError<E>) -> Self {
        Self {
            error: error.to_string(),
            position: Some(error.position()),
        }
    }
}
