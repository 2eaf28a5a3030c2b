//! Findings and outcomes of one subject, as they come up.

use std::time::Duration;

use pubflow_finding::{Finding, Findings, Severity};

use super::{CheckOutcome, Outcome, Task};

/// Findings and outcomes as they come up.
pub(super) struct Report {
    pub(super) findings: Findings,
    pub(super) checks: Vec<CheckOutcome>,
    /// The worst severity since the last outcome.
    pub(super) worst: Option<Severity>,
}

impl Report {
    pub(super) fn new(task: &Task<'_>) -> Self {
        Self {
            findings: Findings::for_path(task.path.to_string_lossy()),
            checks: Vec::new(),
            worst: None,
        }
    }

    pub(super) fn add(&mut self, finding: Finding) {
        self.worst = self.worst.max(Some(finding.severity));
        self.findings.add(finding);
    }

    /// Closes a check: what was found since the last one is its outcome.
    pub(super) fn close(&mut self, name: &'static str, detail: String, duration: Duration) {
        let outcome = self.worst.take().map_or(Outcome::Passed, Outcome::Found);
        self.checks.push(CheckOutcome {
            name,
            outcome,
            detail,
            duration,
        });
    }

    pub(super) fn skip(&mut self, name: &'static str, why: &str) {
        self.checks.push(CheckOutcome {
            name,
            outcome: Outcome::Skipped,
            detail: why.to_owned(),
            duration: Duration::ZERO,
        });
    }
}

/// A number and what is counted, in the plural where it has to be.
pub(super) fn count(n: usize, what: &str) -> String {
    match n {
        1 => format!("1 {what}"),
        _ => format!("{n} {what}s"),
    }
}
