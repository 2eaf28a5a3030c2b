//! Findings and outcomes of one subject, as they come up.

use std::time::Duration;

use pubflow_finding::{Finding, Findings, Severity};

use super::{CheckOutcome, Outcome, Task, by_hand};

/// Findings and outcomes as they come up.
pub(super) struct Report {
    pub(super) findings: Findings,
    pub(super) checks: Vec<CheckOutcome>,
    /// What was found since the last outcome.
    fresh: Vec<Finding>,
    /// The commands that make the environment again.
    installation: String,
    /// The file, as it was given.
    path: String,
}

impl Report {
    pub(super) fn new(task: &Task<'_>, installer: &str) -> Self {
        let what = (task.path, task.extra.as_deref());
        Self {
            findings: Findings::for_path(task.path.to_string_lossy()),
            checks: Vec::new(),
            fresh: Vec::new(),
            path: task.path.to_string_lossy().into_owned(),
            installation: by_hand::installation(installer, &task.interpreter, what),
        }
    }

    /// Adds a finding; its command by hand, if it has one, is what comes after the installation.
    pub(super) fn add(&mut self, mut finding: Finding) {
        finding.by_hand = Some(match finding.by_hand {
            Some(last) => format!("{} && {last}", self.installation),
            None => self.installation.clone(),
        });
        if finding.place.path.is_empty() {
            finding.place.path.clone_from(&self.path);
        }
        self.fresh.push(finding.clone());
        self.findings.add(finding);
    }

    /// Closes a check: what was found since the last one is its outcome.
    pub(super) fn close(&mut self, name: &'static str, detail: String, duration: Duration) {
        let findings = std::mem::take(&mut self.fresh);
        let worst: Option<Severity> = findings.iter().map(|one| one.severity).max();
        let outcome = worst.map_or(Outcome::Passed, Outcome::Found);
        self.checks.push(CheckOutcome {
            name,
            outcome,
            detail,
            duration,
            findings,
        });
    }

    pub(super) fn skip(&mut self, name: &'static str, why: &str) {
        self.checks.push(CheckOutcome {
            name,
            outcome: Outcome::Skipped,
            detail: why.to_owned(),
            duration: Duration::ZERO,
            findings: Vec::new(),
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
