//! Project names in JSON.

use pubflow_spec::ProjectName;
use serde::Serialize;

/// A project name in the forms that indexes compare.
#[derive(Debug, Serialize)]
pub(crate) struct NameJson {
    normalized: String,
    is_normalized: bool,
    ultranormalized: String,
    stdlib_prohibited: bool,
}

impl From<&ProjectName> for NameJson {
    fn from(name: &ProjectName) -> Self {
        Self {
            normalized: name.normalized().to_owned(),
            is_normalized: name.is_normalized(),
            ultranormalized: name.ultranormalized(),
            stdlib_prohibited: name.is_standard_library_name(),
        }
    }
}
