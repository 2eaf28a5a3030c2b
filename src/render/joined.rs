//! What `pubflow build --unit` and `pubflow collect` print: distributions and what is said of them.

use pubflow_check::SubjectReport;
use pubflow_finding::Severity;
use pubflow_spec::DistributionKind;
use pubflow_stages::UnitFile;
use serde::Serialize;

use super::finding_json::SubjectJson;
use super::findings::findings_text;
use super::style::Style;
use super::table::table;

/// The files, the findings of the check, and what is to be known of the set.
#[derive(Debug, Serialize)]
pub(crate) struct JoinedDocument {
    schema: u32,
    files: Vec<FileJson>,
    subjects: Vec<SubjectJson>,
    notes: Vec<String>,
}

#[derive(Debug, Serialize)]
struct FileJson {
    path: String,
    kind: &'static str,
    size: u64,
    sha256: String,
}

impl JoinedDocument {
    /// The document for a set of files.
    pub(crate) fn new(files: &[UnitFile], subjects: &[SubjectReport], notes: &[String]) -> Self {
        let file = |file: &UnitFile| FileJson {
            path: file.path.display().to_string(),
            kind: match file.filename.kind() {
                DistributionKind::Wheel => "wheel",
                DistributionKind::Sdist => "sdist",
            },
            size: file.size,
            sha256: file.sha256.to_string(),
        };
        Self {
            schema: super::SCHEMA,
            files: files.iter().map(file).collect(),
            subjects: subjects.iter().map(SubjectJson::from).collect(),
            notes: notes.to_vec(),
        }
    }
}

/// The same for people.
pub(crate) fn joined_text(
    files: &[UnitFile],
    subjects: &[SubjectReport],
    notes: &[String],
    style: Style,
) -> String {
    let rows: Vec<Vec<String>> = files
        .iter()
        .map(|file| {
            vec![
                file.path.display().to_string(),
                file.size.to_string(),
                file.sha256.to_string(),
            ]
        })
        .collect();
    let mut text = table(&["file", "size", "sha256"], &rows);
    for note in notes {
        text.push_str(&format!("\nnote: {note}\n"));
    }
    for subject in subjects {
        let found = subject.findings.iter();
        let shown: Vec<_> = found.filter(|one| one.severity > Severity::Note).collect();
        if !shown.is_empty() {
            let path = subject.path.display().to_string();
            text.push_str(&format!("\n{}", findings_text(&path, &shown, style)));
        }
    }
    text
}
