//! What is left of a release that was given up, in JSON.

use pubflow_pipeline::ReleaseKey;
use serde::Serialize;

/// What `pubflow abandon --format json` prints.
#[derive(Debug, Serialize)]
pub(crate) struct AbandonDocument {
    schema: u32,
    project: String,
    version: String,
    manifest: String,
    reason: String,
    indexes: Vec<Place>,
}

impl AbandonDocument {
    /// The document for one release.
    pub(crate) fn new(key: &ReleaseKey, reason: &str, indexes: Vec<Place>) -> Self {
        Self {
            schema: super::SCHEMA,
            project: key.project.to_string(),
            version: key.version.to_string(),
            manifest: key.manifest.to_string(),
            reason: reason.to_owned(),
            indexes,
        }
    }
}

/// The files of a release on one index.
#[derive(Debug, Serialize)]
pub(crate) struct Place {
    /// Name of the index.
    pub(crate) index: String,
    /// Files that were seen there.
    pub(crate) public: Vec<String>,
    /// Files that may be there: they were sent, and the answer was lost.
    pub(crate) uncertain: Vec<String>,
}

impl Place {
    /// An index that nothing is known of yet.
    pub(crate) fn new(index: &str) -> Self {
        Self {
            index: index.to_owned(),
            public: Vec::new(),
            uncertain: Vec::new(),
        }
    }

    /// Whether no file is or may be there.
    pub(crate) fn is_empty(&self) -> bool {
        self.public.is_empty() && self.uncertain.is_empty()
    }
}
