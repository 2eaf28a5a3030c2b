//! Findings, in text and in JSON.

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
            Some(field) => format!("{}, {field}", if location.is_empty() { path } else { &location }),
            None => location,
        };
        let refused: Vec<&str> = finding.refused_by.iter().map(|refuser| refuser.as_str()).collect();
        let refused = (!refused.is_empty()).then(|| refused.join(", "));
        let parts = [
            ("where", Some(place)),
            ("why", finding.why.clone()),
            ("next", finding.next.clone()),
            ("refused by", refused),
        ];
        for (name, part) in parts {
            if let Some(part) = part {
                text.push_str(&format!("  {:<6} {}\n", format!("{name}:"), part.replace('\n', "\n         ")));
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
            refused_by: finding.refused_by.iter().map(|refuser| refuser.as_str()).collect(),
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
