//! P404: malformed references to licences of one's own, and exceptions in the wrong place.

use pubflow_finding::{Findings, Refuser, Rule, Severity};
use pubflow_spec::{LicenseExpected, LicenseExpression};

use super::PyprojectSubject;
use super::metadata::shown;
use super::pyproject::project;

pub(super) static RULE: Rule = Rule {
    code: "P404",
    name: "licence-reference",
    severity: Severity::Error,
    source: "PEP 639; R049",
    refused_by: &[Refuser::Pypi, Refuser::Spec],
    about: "A licence that is not on the SPDX list is written `LicenseRef-` and a name of \
            letters, digits, `.` and `-`, never with a `+`. An exception follows its licence \
            directly: `GPL-2.0-only WITH Classpath-exception-2.0`, not behind a parenthesis.",
    why: "PyPI refuses anything else.",
    cure: "Use letters, digits, `.` and `-` behind `LicenseRef-`, and put `WITH` right behind its \
            licence.",
    bad: "license = \"LicenseRef-Our Terms+\"",
    good: "license = \"LicenseRef-Our-Terms\"",
};

pub(super) fn check(subject: &PyprojectSubject, findings: &mut Findings) {
    let Some(text) = subject.pyproject.project_string("license") else {
        return;
    };
    if let Err(error) = LicenseExpression::parse(text)
        && is_its_own(*error.expected())
    {
        let message = format!("`license` is no licence expression: `{}`", shown(text));
        let finding = subject.finding(&RULE, &project(&["license"]), message);
        findings.add(finding.why(error.to_string()));
    }
}

/// Whether a fault is told here and not with all other malformed expressions.
pub(super) fn is_its_own(expected: LicenseExpected) -> bool {
    matches!(
        expected,
        LicenseExpected::Reference | LicenseExpected::LicenseBeforeWith
    )
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::probe::pyproject;

    #[test]
    fn fires() {
        for text in [
            "LicenseRef-",
            "LicenseRef-My_Own",
            "LicenseRef-Own+",
            "(MIT OR 0BSD) WITH Classpath-exception-2.0",
        ] {
            assert_eq!(
                pyproject(check, format!("[project]\nlicense = '{text}'\n")),
                [format!(
                    "project.license 2: `license` is no licence expression: `{text}`"
                )]
            );
        }
    }

    #[test]
    fn stays_quiet() {
        for text in [
            "LicenseRef-My-Own.2",
            "GPL-2.0-only WITH Classpath-exception-2.0",
            "MIT License",
        ] {
            assert!(pyproject(check, format!("[project]\nlicense = '{text}'\n")).is_empty());
        }
    }
}
