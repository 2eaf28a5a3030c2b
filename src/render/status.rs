//! Status of a release in JSON and as rows.

use pubflow_pipeline::{ManifestFile, ReleaseKey};
use serde::Serialize;

/// What `pubflow status --format json` prints.
#[derive(Debug, Serialize)]
pub(crate) struct StatusDocument {
    schema: u32,
    project: String,
    version: String,
    manifest: String,
    open: bool,
    files: Vec<StatusRow>,
}

impl StatusDocument {
    /// The document for one release.
    pub(crate) fn new(key: &ReleaseKey, open: bool, files: Vec<StatusRow>) -> Self {
        Self {
            schema: super::SCHEMA,
            project: key.project.to_string(),
            version: key.version.to_string(),
            manifest: key.manifest.to_string(),
            open,
            files,
        }
    }
}

/// One file on one index.
#[derive(Debug, Serialize)]
pub(crate) struct StatusRow {
    file: String,
    size: u64,
    sha256: String,
    index: String,
    journal: String,
    remote: String,
}

impl StatusRow {
    /// What the journal and the index say of `file`.
    pub(crate) fn new(file: &ManifestFile, index: &str, journal: &str, remote: &str) -> Self {
        Self {
            file: file.filename.clone(),
            size: file.size,
            sha256: file.sha256.to_string(),
            index: index.to_owned(),
            journal: journal.to_owned(),
            remote: remote.to_owned(),
        }
    }

    /// The cells of its row; the digest is cut to what people compare by eye.
    pub(crate) fn cells(&self) -> Vec<String> {
        let short = self.sha256.get(..12).unwrap_or(&self.sha256).to_owned();
        vec![
            self.file.clone(),
            short,
            self.index.clone(),
            self.journal.clone(),
            self.remote.clone(),
        ]
    }
}
