//! P221: classifiers that stand twice.

use std::collections::BTreeSet;

use pubflow_finding::{Findings, Rule, Severity};

use super::PyprojectSubject;
use super::metadata::shown;
use super::pyproject::project;

pub(super) static RULE: Rule = Rule {
    code: "P221",
    name: "classifier-twice",
    severity: Severity::Note,
    source: "advice",
    refused_by: &[],
    about: "A classifier stands twice.",
    why: "A classifier that stands twice says nothing new; some backends write it twice, some \
            once. It is often the trace of a merge that lost the other line.",
    cure: "Remove one of them.",
    bad: "classifiers = [\"Typing :: Typed\", \"Typing :: Typed\"]",
    good: "classifiers = [\"Typing :: Typed\"]",
};

pub(super) fn check(subject: &PyprojectSubject, findings: &mut Findings) {
    let mut seen = BTreeSet::new();
    for value in subject.pyproject.strings_at(&project(&["classifiers"])) {
        if !seen.insert(value.text) {
            let message = format!("classifier stands twice: `{}`", shown(value.text));
            let mut finding = subject
                .finding(&RULE, &value.path, message)
                .next("remove it");
            finding.fix = subject.remove_element(&value.path);
            findings.add(finding);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::probe::{fixed, pyproject};

    #[test]
    fn fires() {
        let text = "[project]\nclassifiers = ['Typing :: Typed', 'x', 'Typing :: Typed']\n";
        assert_eq!(
            pyproject(check, text),
            ["project.classifiers[2] 2: classifier stands twice: `Typing :: Typed`"]
        );
    }

    #[test]
    fn the_fix_removes_the_second() {
        assert_eq!(
            fixed(
                check,
                "[project]\nclassifiers = [\n  'x', # first\n  'x',\n]\n"
            ),
            "[project]\nclassifiers = [\n  'x', # first\n]\n"
        );
    }

    #[test]
    fn stays_quiet() {
        assert!(pyproject(check, "[project]\nclassifiers = ['b', 'a', 1]\n").is_empty());
    }
}
