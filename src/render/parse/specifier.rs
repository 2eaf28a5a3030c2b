//! Version specifiers in JSON.

use pubflow_spec::SpecifierSet;
use serde::Serialize;

/// A specifier with its clauses, and whether it takes the candidate that was named.
#[derive(Debug, Serialize)]
pub(crate) struct SpecifierJson {
    normalized: String,
    clauses: Vec<String>,
    /// True or absent: a specifier can ask for pre-releases by naming one, but never forbid them.
    prereleases: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    contains: Option<bool>,
}

impl SpecifierJson {
    /// The specifier, with the answer about a candidate where one was named.
    pub(crate) fn new(set: &SpecifierSet, contains: Option<bool>) -> Self {
        Self {
            normalized: set.to_string(),
            clauses: set.clauses().iter().map(ToString::to_string).collect(),
            prereleases: set.names_prerelease().then_some(true),
            contains,
        }
    }
}
