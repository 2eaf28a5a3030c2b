//! P407: paths of licence files.

use pubflow_finding::{Findings, Refuser, Rule, Severity};

use super::backend_reference::leaves_the_tree;
use super::pyproject::project;
use super::{MetadataSubject, PyprojectSubject, glob};

pub(super) static RULE: Rule = Rule {
    code: "P407",
    name: "licence-file-path",
    severity: Severity::Error,
    source: "PEP 639; R051",
    refused_by: &[Refuser::Pypi, Refuser::Spec],
    about: "`License-File` names a file below the licence directory of the distribution. The path \
            must be relative, with `/` between its parts, without `..`, wildcards or redundant \
            parts; PyPI refuses others.",
    why: "PyPI refuses a path of another form. A pattern that matches nothing means that the \
            release goes out without its licence; PEP 639 tells backends to stop.",
    cure: "Backends resolve `license-files` of `[project]`: keep those patterns inside the \
            project, and let each of them match a file.",
    bad: "license-files = [\"../LICENSE\", \"licences\\\\*.txt\"]",
    good: "license-files = [\"LICENSE\", \"licences/*.txt\"]",
};

pub(super) fn check_metadata(subject: &MetadataSubject, findings: &mut Findings) {
    subject.report(&RULE, "License-File", &["R051"], findings);
}

pub(super) fn check_pyproject(subject: &PyprojectSubject, findings: &mut Findings) {
    for value in subject.pyproject.strings_at(&project(&["license-files"])) {
        let pattern = value.text;
        let has_parent = pattern.split('/').any(|part| part == "..");
        let fault = if pattern.contains('\\') {
            "has a backslash"
        } else if has_parent || leaves_the_tree(pattern) {
            "leaves the project"
        } else if has_bad_bracket(pattern) {
            "has a bad bracket"
        } else if is_unmatched(subject, pattern) {
            "matches no file"
        } else {
            continue;
        };
        let message = format!("licence file pattern {fault}: `{pattern}`");
        let finding = subject.finding(&RULE, &value.path, message);
        findings.add(finding.refused_by(&[Refuser::Spec]));
    }
}

/// Whether no file of the tree is meant; patterns with wildcards in directories are not tried.
fn is_unmatched(subject: &PyprojectSubject, pattern: &str) -> bool {
    let names_file = subject.missing_files.iter().any(|file| file == pattern);
    let in_root = subject.tree.as_ref().filter(|_| !pattern.contains('/'));
    names_file
        || in_root.is_some_and(|tree| !tree.files.iter().any(|name| glob::matches(pattern, name)))
}

/// Brackets that are not closed, are nested, or hold other than letters, digits, `_`, `-`, `.`.
fn has_bad_bracket(pattern: &str) -> bool {
    let mut rest = pattern;
    while let Some((_, inside)) = rest.split_once('[') {
        let Some((class, after)) = inside.split_once(']') else {
            return true;
        };
        let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
        if class.is_empty() || !class.chars().all(is_plain) {
            return true;
        }
        rest = after;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::ProjectTree;
    use crate::check::probe::{metadata, pyproject, with_subject};
    use crate::pyproject::Pyproject;

    #[test]
    fn fires() {
        assert_eq!(
            metadata(check_metadata, "License-File: ../LICENSE\n"),
            ["License-File 4: `License-File` is refused: `../LICENSE`"]
        );
        assert_eq!(
            metadata(check_metadata, "License-File: a\\b\n"),
            ["License-File 4: `License-File` is refused: `a\\b`"]
        );
    }

    #[test]
    fn fires_on_patterns() {
        for (pattern, fault) in [
            ("../LICENSE", "leaves the project"),
            ("a/../b", "leaves the project"),
            ("/LICENSE", "leaves the project"),
            ("C:/LICENSE", "leaves the project"),
            ("a\\b", "has a backslash"),
            ("LICEN[", "has a bad bracket"),
        ] {
            let found =
                format!("project.license-files[0] 2: licence file pattern {fault}: `{pattern}`");
            let text = format!("[project]\nlicense-files = ['{pattern}']\n");
            assert_eq!(pyproject(check_pyproject, text), [found]);
        }
    }

    #[test]
    fn patterns_must_match_in_a_tree_that_is_known() {
        let text = "[project]\nlicense-files = ['LICEN?E', 'NOTICE', 'x/*', 'y/LICENSE']\n";
        let mut subject = PyprojectSubject::bare(Pyproject::parse(text));
        assert_eq!(with_subject(check_pyproject, &subject), [""; 0]);
        subject.missing_files = vec!["y/LICENSE".to_owned()];
        subject.tree = Some(ProjectTree {
            files: ["LICENSE".to_owned()].into(),
            ..ProjectTree::default()
        });
        let at = |n: usize| format!("project.license-files[{n}] 2: licence file pattern");
        assert_eq!(
            with_subject(check_pyproject, &subject),
            [
                format!("{} matches no file: `NOTICE`", at(1)),
                format!("{} matches no file: `y/LICENSE`", at(3)),
            ]
        );
    }

    #[test]
    fn stays_quiet() {
        let good = "[project]\nlicense-files = ['LICEN[CS]E*', 'vendor/**/COPYING']\n";
        assert!(pyproject(check_pyproject, good).is_empty());
        assert!(
            metadata(
                check_metadata,
                "License-File: LICENSE\nLicense-File: licenses/MIT.txt\n"
            )
            .is_empty()
        );
    }
}
