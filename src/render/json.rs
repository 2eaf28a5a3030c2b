//! `--format json`: one document, the contract with scripts.

use std::collections::BTreeMap;

use pubflow_check::SubjectReport;
use pubflow_finding::{Finding, Severity};
use serde::Serialize;

use super::finding_json::{FindingJson, SubjectJson};
use super::formats::{CheckResult, json_text};

/// What `pubflow check --format json` prints.
#[derive(Debug, Serialize)]
struct CheckDocument {
    schema: u32,
    subjects: Vec<SubjectJson>,
    summary: SummaryJson,
    /// What `--fix` cured.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixed: Vec<FindingJson>,
}

#[derive(Debug, Serialize)]
struct SummaryJson {
    subjects: usize,
    failed: usize,
    errors: usize,
    warnings: usize,
    notes: usize,
    ignored: usize,
    /// Findings with a safe fix, and with one that needs a decision.
    fixable: usize,
    unsafe_fixable: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    statistics: Option<BTreeMap<&'static str, usize>>,
}

pub(super) fn render(result: &CheckResult) -> String {
    let findings = || result.subjects.iter().flat_map(|subject| &subject.findings);
    let count = |is: &dyn Fn(&&Finding) -> bool| findings().filter(is).count();
    let of = |severity: Severity| count(&|finding| finding.severity == severity);
    let fixable = |safe| count(&|finding| finding.fix.as_ref().is_some_and(|fix| fix.safe == safe));
    let mut statistics = BTreeMap::new();
    for finding in findings().filter(|_| result.statistics) {
        *statistics.entry(finding.rule.code).or_insert(0) += 1;
    }
    let strict = result.strict;
    let failed = |subject: &&SubjectReport| !subject.passes(strict);
    json_text(&CheckDocument {
        schema: super::SCHEMA,
        subjects: result
            .subjects
            .iter()
            .map(|subject| SubjectJson::judged(subject, strict))
            .collect(),
        summary: SummaryJson {
            subjects: result.subjects.len(),
            failed: result.subjects.iter().filter(failed).count(),
            errors: of(Severity::Error),
            warnings: of(Severity::Warning),
            notes: of(Severity::Note),
            ignored: result
                .subjects
                .iter()
                .map(|subject| subject.n_ignored)
                .sum(),
            fixable: fixable(true),
            unsafe_fixable: fixable(false),
            statistics: result.statistics.then_some(statistics),
        },
        fixed: result.cured.iter().map(FindingJson::from).collect(),
    })
}
