//! Findings, in text and in JSON.

use pubflow_check::SubjectReport;
use pubflow_finding::{Finding, Severity};
use serde::Serialize;

use super::style::Style;

/// Findings for people, grouped under the file they are in.
pub(crate) fn findings_text(path: &str, findings: &[&Finding], style: Style) -> String {
    let mut text = String::new();
    for finding in findings {
        let heading = format!("{}[{}]", finding.severity, finding.rule.code);
        let heading = match finding.severity {
            Severity::Error => style.red(&heading),
            Severity::Warning => style.yellow(&heading),
            Severity::Note => style.dim(&heading),
        };
        text.push_str(&format!("{heading}: {}\n", finding.message));
        let location = finding.location();
        let place = match &finding.place.field {
            Some(field) => format!(
                "{}, {field}",
                if location.is_empty() { path } else { &location }
            ),
            None => location,
        };
        let refused: Vec<&str> = finding
            .refused_by
            .iter()
            .map(|refuser| refuser.as_str())
            .collect();
        let refused = (!refused.is_empty()).then(|| refused.join(", "));
        let parts = [
            ("where", Some(place)),
            ("why", finding.why.clone()),
            ("next", finding.next.clone()),
            ("refused by", refused),
        ];
        for (name, part) in parts {
            if let Some(part) = part {
                text.push_str(&format!(
                    "  {:<6} {}\n",
                    format!("{name}:"),
                    part.replace('\n', "\n         ")
                ));
            }
        }
    }
    text
}

/// One subject of `check` or `verify` in JSON.
#[derive(Debug, Serialize)]
pub(crate) struct SubjectJson {
    pub(crate) path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) kind: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) sha256: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) python: Option<String>,
    pub(crate) verdict: &'static str,
    pub(crate) findings: Vec<FindingJson>,
}

impl From<&SubjectReport> for SubjectJson {
    fn from(subject: &SubjectReport) -> Self {
        Self::judged(subject, false)
    }
}

impl SubjectJson {
    /// The subject with its verdict; with `strict`, warnings fail too.
    fn judged(subject: &SubjectReport, strict: bool) -> Self {
        Self {
            path: subject.path.display().to_string(),
            kind: Some(subject.kind.as_str()),
            sha256: subject.sha256.map(|sha256| sha256.to_string()),
            python: None,
            verdict: if subject.passes(strict) {
                "pass"
            } else {
                "fail"
            },
            findings: subject.findings.iter().map(FindingJson::from).collect(),
        }
    }
}

/// What `pubflow check --format json` prints.
#[derive(Debug, Serialize)]
pub(crate) struct CheckDocument {
    schema: u32,
    subjects: Vec<SubjectJson>,
    summary: SummaryJson,
}

#[derive(Debug, Serialize)]
struct SummaryJson {
    subjects: usize,
    failed: usize,
    errors: usize,
    warnings: usize,
    notes: usize,
}

impl CheckDocument {
    /// The document for checked subjects.
    pub(crate) fn new(subjects: &[SubjectReport], strict: bool) -> Self {
        let count = |severity| {
            subjects
                .iter()
                .flat_map(|subject| &subject.findings)
                .filter(|finding| finding.severity == severity)
                .count()
        };
        Self {
            schema: super::SCHEMA,
            summary: SummaryJson {
                subjects: subjects.len(),
                failed: subjects
                    .iter()
                    .filter(|subject| !subject.passes(strict))
                    .count(),
                errors: count(Severity::Error),
                warnings: count(Severity::Warning),
                notes: count(Severity::Note),
            },
            subjects: subjects
                .iter()
                .map(|subject| SubjectJson::judged(subject, strict))
                .collect(),
        }
    }
}

/// One finding in JSON.
#[derive(Debug, Serialize)]
pub(crate) struct FindingJson {
    code: &'static str,
    name: &'static str,
    severity: &'static str,
    message: String,
    why: Option<String>,
    next: Option<String>,
    refused_by: Vec<&'static str>,
    place: PlaceJson,
    fix: Option<FixJson>,
    url: String,
}

#[derive(Debug, Serialize)]
struct PlaceJson {
    path: String,
    member: Option<String>,
    line: Option<usize>,
    column: Option<usize>,
    field: Option<String>,
}

#[derive(Debug, Serialize)]
struct FixJson {
    safe: bool,
    edits: Vec<EditJson>,
}

#[derive(Debug, Serialize)]
struct EditJson {
    path: String,
    range: [usize; 2],
    text: String,
}

impl From<&Finding> for FindingJson {
    fn from(finding: &Finding) -> Self {
        let place = &finding.place;
        Self {
            code: finding.rule.code,
            name: finding.rule.name,
            severity: finding.severity.as_str(),
            message: finding.message.clone(),
            why: finding.why.clone(),
            next: finding.next.clone(),
            refused_by: finding
                .refused_by
                .iter()
                .map(|refuser| refuser.as_str())
                .collect(),
            place: PlaceJson {
                path: place.path.clone(),
                member: place.member.clone(),
                line: place.line,
                column: place.column,
                field: place.field.clone(),
            },
            fix: finding.fix.as_ref().map(|fix| FixJson {
                safe: fix.safe,
                edits: fix
                    .edits
                    .iter()
                    .map(|edit| EditJson {
                        path: edit.path.clone(),
                        range: [edit.range.start, edit.range.end],
                        text: edit.text.clone(),
                    })
                    .collect(),
            }),
            url: format!("docs/checks.md#{}", finding.rule.code.to_ascii_lowercase()),
        }
    }
}
