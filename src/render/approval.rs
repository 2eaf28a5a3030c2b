//! An approval in JSON.

use pubflow_pipeline::ReleaseKey;
use pubflow_stages::Approval;
use serde::Serialize;

/// What `pubflow approve --format json` prints.
#[derive(Debug, Serialize)]
pub(crate) struct ApprovalDocument {
    schema: u32,
    project: String,
    version: String,
    manifest: String,
    index: String,
    by: String,
    /// RFC 3339; null where it does not end.
    until: Option<String>,
}

impl ApprovalDocument {
    /// The document for an approval that was recorded.
    pub(crate) fn new(key: &ReleaseKey, approval: &Approval) -> Self {
        Self {
            schema: super::SCHEMA,
            project: key.project.to_string(),
            version: key.version.to_string(),
            manifest: key.manifest.to_string(),
            index: approval.index.clone(),
            by: approval.by.clone(),
            until: approval.until.map(|until| until.to_string()),
        }
    }
}
