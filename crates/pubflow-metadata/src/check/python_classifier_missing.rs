//! P223: no classifiers for the Pythons that are supported.

use pubflow_finding::{Findings, Rule, Severity};

use super::PyprojectSubject;
use super::pyproject::project;
use super::python_classifier_range::{PYTHON, minor_version};

pub(super) static RULE: Rule = Rule {
    code: "P223",
    name: "python-classifier-missing",
    severity: Severity::Note,
    source: "advice",
    refused_by: &[],
    about: "The classifiers name no Python version, or only the major one.",
    why: "Classifiers such as `Programming Language :: Python :: 3.13` are how people and surveys \
            see which Pythons a project was tested with; `requires-python` tells only the oldest.",
    cure: "List each one that the tests run on.",
    bad: "classifiers = [\"Programming Language :: Python :: 3\"]",
    good: "classifiers = [\"Programming Language :: Python :: 3\", \"Programming Language :: Python :: 3.13\"]",
};

pub(super) fn check(subject: &PyprojectSubject, findings: &mut Findings) {
    if !subject.pyproject.has_project() || subject.pyproject.dynamic().contains(&"classifiers") {
        return;
    }
    let classifiers = subject.pyproject.classifiers();
    let mut pythons = classifiers
        .iter()
        .filter_map(|text| text.strip_prefix(PYTHON))
        .peekable();
    let message = if pythons.peek().is_none() {
        "no classifier names a Python"
    } else if !pythons.any(|python| minor_version(python).is_some()) {
        "no classifier names a minor version of Python"
    } else {
        return;
    };
    findings.add(subject.finding(&RULE, &project(&["classifiers"]), message));
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::probe::pyproject;

    #[test]
    fn fires() {
        assert_eq!(
            pyproject(check, "[project]\nname = 'x'\n"),
            ["project.classifiers 0: no classifier names a Python"]
        );
        let major = "[project]\nclassifiers = ['Programming Language :: Python :: 3']\n";
        assert_eq!(
            pyproject(check, major),
            ["project.classifiers 2: no classifier names a minor version of Python"]
        );
    }

    #[test]
    fn stays_quiet() {
        let good = "[project]\nclassifiers = ['Programming Language :: Python :: 3.13']\n";
        assert!(pyproject(check, good).is_empty());
        assert!(pyproject(check, "[project]\ndynamic = ['classifiers']\n").is_empty());
        assert!(pyproject(check, "[tool.x]\n").is_empty());
    }
}
