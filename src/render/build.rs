//! What `pubflow build --format json` prints.

use pubflow_check::SubjectReport;
use pubflow_python::build::{BuildError, Built, BuiltFile};
use serde::Serialize;

use super::finding_json::SubjectJson;

/// The files, the findings of the check, or why there are none.
#[derive(Debug, Serialize)]
pub(crate) struct BuildDocument {
    schema: u32,
    files: Vec<FileJson>,
    subjects: Vec<SubjectJson>,
    error: Option<BuildErrorJson>,
}

#[derive(Debug, Serialize)]
struct FileJson {
    path: String,
    kind: &'static str,
    size: u64,
    sha256: String,
}

#[derive(Debug, Serialize)]
struct BuildErrorJson {
    at: &'static str,
    message: String,
    why: Option<String>,
    next: Option<String>,
    log: Option<String>,
}

impl BuildDocument {
    /// A build that went well.
    pub(crate) fn built(built: &Built, subjects: &[SubjectReport]) -> Self {
        let file = |file: &BuiltFile, kind| FileJson {
            path: file.path.display().to_string(),
            kind,
            size: file.digests.size,
            sha256: file.digests.sha256.to_string(),
        };
        Self {
            schema: super::SCHEMA,
            files: vec![file(&built.sdist, "sdist"), file(&built.wheel, "wheel")],
            subjects: subjects.iter().map(SubjectJson::from).collect(),
            error: None,
        }
    }

    /// A build that was refused.
    pub(crate) fn refused(error: &BuildError) -> Self {
        let error = BuildErrorJson {
            at: error.at.as_str(),
            message: error.message(),
            why: error.why(),
            next: Some(error.next()),
            log: error.log.clone(),
        };
        Self {
            schema: super::SCHEMA,
            files: Vec::new(),
            subjects: Vec::new(),
            error: Some(error),
        }
    }
}
