//! Subjects and findings in JSON, as `check`, `build` and `verify` print them; docs/check.schema.json
//! is their published schema.

use pubflow_check::SubjectReport;
use pubflow_finding::Finding;
use serde::Serialize;

use super::findings::next_step;

/// One subject of `check` in JSON.
#[derive(Debug, Serialize)]
pub(crate) struct SubjectJson {
    pub(crate) path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) kind: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) sha256: Option<String>,
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
    pub(super) fn judged(subject: &SubjectReport, strict: bool) -> Self {
        Self {
            path: subject.path.display().to_string(),
            kind: Some(subject.kind.as_str()),
            sha256: subject.sha256.map(|sha256| sha256.to_string()),
            verdict: if subject.passes(strict) {
                "pass"
            } else {
                "fail"
            },
            findings: subject.findings.iter().map(FindingJson::from).collect(),
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
    next: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    by_hand: Option<String>,
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
            next: next_step(finding).to_owned(),
            by_hand: finding.by_hand.clone(),
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
