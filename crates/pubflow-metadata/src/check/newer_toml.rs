//! P003: syntax of TOML 1.1.

use pubflow_finding::{Finding, Findings, Refuser, Rule, Severity};

use super::PyprojectSubject;

pub(super) static RULE: Rule = Rule {
    code: "P003",
    name: "newer-toml",
    severity: Severity::Error,
    source: "PEP 518: TOML 1.0",
    refused_by: &[Refuser::Pip, Refuser::Spec],
    about: "Line ends and trailing commas in inline tables, and the escapes `\\e` and `\\x`, came \
            with TOML 1.1.",
    why: "pyproject.toml is TOML 1.0: Python's own reader, and with it pip and most build \
            backends, refuses the file, while uv builds it.",
    cure: "Write the table on one line without a trailing comma, or as a `[table]` of its own.",
    bad: "[project]\nauthors = [{ name = \"Ada\",\n             email = \"ada@example.org\", }]",
    good: "[project]\nauthors = [{ name = \"Ada\", email = \"ada@example.org\" }]",
};

pub(super) fn check(subject: &PyprojectSubject, findings: &mut Findings) {
    if let Some(at) = subject.pyproject.newer_syntax() {
        let message = "pyproject.toml uses syntax of TOML 1.1";
        findings.add(Finding::new(&RULE, message).at(at.line, at.column));
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::probe::pyproject;

    #[test]
    fn fires() {
        assert_eq!(
            pyproject(check, "[a]\nb = {c = 1,\n  d = 2}\n"),
            ["- 2: pyproject.toml uses syntax of TOML 1.1"]
        );
    }

    #[test]
    fn stays_quiet() {
        assert!(pyproject(check, "[a]\nb = {c = [\n1,\n]}\n").is_empty());
        assert!(pyproject(check, "a = {\n").is_empty());
    }
}
