//! Requirements in JSON.

use pubflow_spec::Requirement;
use serde::Serialize;

/// A requirement in its parts.
#[derive(Debug, Serialize)]
pub(crate) struct RequirementJson {
    normalized: String,
    name: String,
    canonical_name: String,
    extras: Vec<String>,
    /// Empty when any version will do.
    specifier: String,
    url: Option<String>,
    marker: Option<String>,
}

impl From<&Requirement> for RequirementJson {
    fn from(requirement: &Requirement) -> Self {
        Self {
            normalized: requirement.to_string(),
            name: requirement.name.as_str().to_owned(),
            canonical_name: requirement.name.normalized().to_owned(),
            extras: requirement.extras.clone(),
            specifier: requirement
                .specifiers()
                .map(ToString::to_string)
                .unwrap_or_default(),
            url: requirement.url().map(str::to_owned),
            marker: requirement.marker.as_ref().map(ToString::to_string),
        }
    }
}
