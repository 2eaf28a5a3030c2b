//! `--format gitlab`: a Code Quality report for merge requests.

use std::collections::BTreeMap;

use pubflow_finding::{Finding, Severity};
use pubflow_spec::Sha256;
use serde::Serialize;

use super::clean::clean_line;
use super::formats::{CheckResult, json_text};

#[derive(Debug, Serialize)]
struct Issue {
    description: String,
    check_name: &'static str,
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Debug, Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Debug, Serialize)]
struct Lines {
    begin: usize,
}

pub(super) fn render(result: &CheckResult) -> String {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let shown = result
        .subjects
        .iter()
        .flat_map(|subject| result.shown(subject));
    let issues: Vec<Issue> = shown.map(|finding| issue(finding, &mut seen)).collect();
    json_text(&issues)
}

fn issue(finding: &Finding, seen: &mut BTreeMap<String, usize>) -> Issue {
    let place = &finding.place;
    let line = place.line.filter(|_| place.member.is_none());
    let path = place.path.strip_prefix("./").unwrap_or(&place.path);
    Issue {
        description: format!("{}: {}", finding.rule.code, clean_line(&finding.message)),
        check_name: finding.rule.name,
        fingerprint: fingerprint(finding, seen),
        severity: match finding.severity {
            Severity::Error => "major",
            Severity::Warning => "minor",
            Severity::Note => "info",
        },
        location: Location {
            path: path.to_owned(),
            lines: Lines {
                begin: line.unwrap_or(1),
            },
        },
    }
}

/// What makes the same finding the same one in the next pipeline: everything but its line. Equal
/// ones are numbered.
fn fingerprint(finding: &Finding, seen: &mut BTreeMap<String, usize>) -> String {
    let place = &finding.place;
    let parts = [
        finding.rule.code,
        place.path.as_str(),
        place.member.as_deref().unwrap_or_default(),
        place.field.as_deref().unwrap_or_default(),
        finding.message.as_str(),
    ];
    let key = parts.join("\0");
    let n = seen.entry(key.clone()).or_insert(0);
    *n += 1;
    Sha256::of(format!("{key}\0{n}").as_bytes()).to_string()
}
