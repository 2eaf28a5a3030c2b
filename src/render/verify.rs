//! What `pubflow verify --format json` prints.

use pubflow_finding::Severity;
use pubflow_python::verify::VerifySubject;
use serde::Serialize;

use super::finding_json::{FindingJson, SubjectJson};

/// One subject for each file and interpreter.
#[derive(Debug, Serialize)]
pub(crate) struct VerifyDocument {
    schema: u32,
    subjects: Vec<SubjectJson>,
}

impl VerifyDocument {
    /// The document for verified subjects.
    pub(crate) fn new(subjects: &[VerifySubject]) -> Self {
        let subject = |subject: &VerifySubject| SubjectJson {
            path: subject.path.display().to_string(),
            kind: None,
            sha256: None,
            python: subject.python.clone(),
            verdict: if subject.worst() == Some(Severity::Error) {
                "fail"
            } else {
                "pass"
            },
            findings: subject.findings.iter().map(FindingJson::from).collect(),
        };
        Self {
            schema: super::SCHEMA,
            subjects: subjects.iter().map(subject).collect(),
        }
    }
}
