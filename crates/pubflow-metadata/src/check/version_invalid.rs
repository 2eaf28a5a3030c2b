//! P501: versions that are none.

use pubflow_finding::{Findings, Refuser, Rule, Severity};
use pubflow_spec::Version;

use super::PyprojectSubject;
use super::pyproject::project;

pub(super) static RULE: Rule = Rule {
    code: "P501",
    name: "version-invalid",
    severity: Severity::Error,
    source: "version specifiers (PEP 440); R035",
    refused_by: &[Refuser::Pypi, Refuser::Pip, Refuser::Uv, Refuser::Spec],
    about: "A version follows PEP 440: numbers separated by dots, then optionally a pre-release \
            (`a1`, `b2`, `rc1`), a post-release (`.post1`) and a development release (`.dev1`).",
    why: "Dates with hyphens, words and placeholders are none; neither index nor installers take \
            them.",
    cure: "Write numbers and dots; a date is `2026.8.1`.",
    bad: "version = \"2026-08-01\"",
    good: "version = \"2026.8.1\"",
};

pub(super) fn check(subject: &PyprojectSubject, findings: &mut Findings) {
    let Some(text) = subject.pyproject.project_version() else {
        return;
    };
    if let Err(error) = Version::parse(text) {
        let message = format!("`{text}` is no version");
        let finding = subject.finding(&RULE, &project(&["version"]), message);
        findings.add(finding.why(error.to_string()));
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::probe::pyproject;

    #[test]
    fn fires() {
        for version in ["2026-01-02-x", "VERSION", "1,0", ""] {
            let found = pyproject(check, format!("[project]\nversion = '{version}'\n"));
            assert_eq!(
                found,
                [format!("project.version 2: `{version}` is no version")]
            );
        }
    }

    #[test]
    fn stays_quiet() {
        assert!(pyproject(check, "[project]\nversion = 'v1.0-RC1'\n").is_empty());
        assert!(pyproject(check, "[project]\nversion = 1\n").is_empty());
    }
}
