//! P002: a pyproject.toml that is not plain UTF-8.

use pubflow_finding::{Edit, Findings, Fix, Refuser, Rule, Severity};

use super::PyprojectSubject;
use crate::pyproject::ProblemKind;

/// Bytes of the mark.
const MARK_LENGTH: usize = 3;

pub(super) static RULE: Rule = Rule {
    code: "P002",
    name: "not-utf8",
    severity: Severity::Error,
    source: "TOML: encoding",
    refused_by: &[Refuser::Pip, Refuser::Uv, Refuser::Spec],
    about: "TOML is UTF-8 without a byte order mark.",
    why: "Editors on Windows write UTF-16 or put the mark in front; Python's own reader, and with \
            it pip and most build backends, refuses both.",
    cure: "Save the file as UTF-8 without a mark.",
    bad: "# pyproject.toml saved as \"UTF-8 with BOM\" or UTF-16",
    good: "# pyproject.toml saved as \"UTF-8\"",
};

pub(super) fn check(subject: &PyprojectSubject, findings: &mut Findings) {
    for problem in subject.pyproject.problems() {
        let finding = subject.problem(&RULE, problem);
        match problem.kind {
            // uv passes over the mark.
            ProblemKind::ByteOrderMark => {
                let edits = vec![Edit {
                    path: String::new(),
                    range: 0..MARK_LENGTH,
                    text: String::new(),
                }];
                let fix = Fix { safe: true, edits };
                let finding = finding.refused_by(&[Refuser::Pip, Refuser::Spec]);
                findings.add(finding.fix(fix));
            }
            ProblemKind::NotUtf8 { .. } | ProblemKind::WideEncoding => findings.add(finding),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::probe::pyproject;

    #[test]
    fn fires() {
        assert_eq!(
            pyproject(check, b"\xef\xbb\xbfa = 1\n"),
            ["- 1: pyproject.toml begins with a byte order mark"]
        );
        assert_eq!(
            pyproject(check, b"\xff\xfea\0"),
            ["- 1: pyproject.toml is UTF-16 or UTF-32, TOML is UTF-8"]
        );
        assert_eq!(
            pyproject(check, b"\n# \xe9\n"),
            ["- 2: pyproject.toml is not UTF-8 at byte 3"]
        );
    }

    #[test]
    fn stays_quiet() {
        assert!(pyproject(check, "# é\n").is_empty());
    }
}
