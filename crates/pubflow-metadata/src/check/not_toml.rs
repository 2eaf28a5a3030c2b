//! P001: a pyproject.toml that is not TOML.

use pubflow_finding::{Findings, Refuser, Rule, Severity};

use super::PyprojectSubject;
use crate::pyproject::ProblemKind;

pub(super) static RULE: Rule = Rule {
    code: "P001",
    name: "not-toml",
    severity: Severity::Error,
    source: "TOML; PEP 518",
    refused_by: &[Refuser::Pip, Refuser::Uv, Refuser::Spec],
    about: "pyproject.toml cannot be read as TOML: a string or table is not closed, a key or \
            table stands twice, or something else breaks the grammar. The finding points at the \
            place where the reader gave up; the mistake is there or shortly before.",
    why: "No tool can build the project.",
    cure: "Close what is open, or remove the second of two equal keys; the line shown is where \
            the reader stopped.",
    bad: "[project]\nname = \"demo",
    good: "[project]\nname = \"demo\"",
};

pub(super) fn check(subject: &PyprojectSubject, findings: &mut Findings) {
    for problem in subject.pyproject.problems() {
        if let ProblemKind::NotToml { .. } = problem.kind {
            let mut finding = subject.problem(&RULE, problem);
            if let Some(at) = problem.at {
                let line = subject.pyproject.text().lines().nth(at.line - 1);
                finding.why = line.map(|line| format!("the line is `{}`", line.trim()));
            }
            findings.add(finding);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::probe::pyproject;

    #[test]
    fn fires() {
        for (text, line) in [
            ("[project]\nname = \"x\n", "- 2:"),
            ("[a]\nb = 1\n[a]\n", "- 3:"),
            ("a = 1\na = 2\n", "- 2:"),
        ] {
            let found = pyproject(check, text);
            assert_eq!(found.len(), 1, "{text}");
            assert!(found[0].starts_with(line), "{found:?}");
        }
    }

    #[test]
    fn stays_quiet() {
        assert!(pyproject(check, "[project]\r\nname = \"x\"\r\n").is_empty());
        assert!(pyproject(check, "").is_empty());
    }
}
