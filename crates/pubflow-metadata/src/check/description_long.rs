//! P209: a description that is too long for the index.

use pubflow_finding::{Findings, Refuser, Rule, Severity};

use super::PyprojectSubject;
use super::pyproject::project;

/// Characters that the index takes.
const LIMIT: usize = 512;

pub(super) static RULE: Rule = Rule {
    code: "P209",
    name: "description-long",
    severity: Severity::Error,
    source: "R037",
    refused_by: &[Refuser::Pypi],
    about: "`description` has more than 512 characters.",
    why: "PyPI refuses a summary of more than 512 characters, and the summary is the \
            `description` of `[project]`.",
    cure: "Shorten it; the long text belongs into the readme.",
    bad: "description = \"Demo is a library that … (600 characters)\"",
    good: "description = \"Reads maps and draws them\"",
};

pub(super) fn check(subject: &PyprojectSubject, findings: &mut Findings) {
    let description = subject.pyproject.project_string("description");
    let n_chars = description.map_or(0, |text| text.chars().count());
    if n_chars > LIMIT {
        let message = format!("`description` has {n_chars} characters, PyPI takes {LIMIT}");
        findings.add(subject.finding(&RULE, &project(&["description"]), message));
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::probe::pyproject;

    #[test]
    fn fires() {
        let text = format!("[project]\ndescription = '{}'\n", "é".repeat(513));
        assert_eq!(
            pyproject(check, text),
            ["project.description 2: `description` has 513 characters, PyPI takes 512"]
        );
    }

    #[test]
    fn stays_quiet() {
        let text = format!("[project]\ndescription = '{}'\n", "é".repeat(512));
        assert!(pyproject(check, text).is_empty());
    }
}
