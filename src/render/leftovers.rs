//! What `pubflow clean --format json` prints.

use pubflow_python::leftovers::Leftover;
use serde::Serialize;

/// What was left over.
#[derive(Debug, Serialize)]
pub(crate) struct CleanDocument {
    schema: u32,
    removed: bool,
    leftovers: Vec<LeftoverJson>,
}

#[derive(Debug, Serialize)]
struct LeftoverJson {
    path: String,
    kind: &'static str,
}

impl CleanDocument {
    /// The document for what was found.
    pub(crate) fn new(found: &[Leftover], is_dry_run: bool) -> Self {
        let json = |one: &Leftover| LeftoverJson {
            path: one.path.display().to_string(),
            kind: one.kind.as_str(),
        };
        Self {
            schema: super::SCHEMA,
            removed: !is_dry_run,
            leftovers: found.iter().map(json).collect(),
        }
    }
}
