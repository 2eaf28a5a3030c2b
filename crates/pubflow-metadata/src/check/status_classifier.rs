//! P224: no classifier for the state of development.

use pubflow_finding::{Findings, Rule, Severity};

use super::PyprojectSubject;
use super::pyproject::project;

const STATUS: &str = "Development Status :: ";

pub(super) static RULE: Rule = Rule {
    code: "P224",
    name: "status-classifier",
    severity: Severity::Note,
    source: "advice",
    refused_by: &[],
    about: "There is no `Development Status` among the classifiers, or more than one.",
    why: "`Development Status :: 4 - Beta` and its like tell a reader at a glance whether the \
            project is an experiment, in use, or no longer kept up.",
    cure: "One of them is enough; two contradict each other.",
    bad: "classifiers = [\"Development Status :: 3 - Alpha\", \"Development Status :: 4 - Beta\"]",
    good: "classifiers = [\"Development Status :: 4 - Beta\"]",
};

pub(super) fn check(subject: &PyprojectSubject, findings: &mut Findings) {
    if !subject.pyproject.has_project() || subject.pyproject.dynamic().contains(&"classifiers") {
        return;
    }
    let path = project(&["classifiers"]);
    let classifiers = subject.pyproject.strings_at(&path).into_iter();
    let mut statuses = classifiers.filter(|value| value.text.starts_with(STATUS));
    let Some(first) = statuses.next() else {
        let message = "no classifier names a development status";
        return findings.add(subject.finding(&RULE, &path, message));
    };
    if let Some(second) = statuses.find(|value| value.text != first.text) {
        let message = format!(
            "two development statuses: `{}`, `{}`",
            first.text, second.text
        );
        findings.add(subject.finding(&RULE, &second.path, message));
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::probe::pyproject;

    #[test]
    fn fires() {
        assert_eq!(
            pyproject(check, "[project]\nclassifiers = ['Typing :: Typed']\n"),
            ["project.classifiers 2: no classifier names a development status"]
        );
        let two = "[project]\nclassifiers = [\n'Development Status :: 4 - Beta',\n\
                   'Development Status :: 7 - Inactive']\n";
        assert_eq!(
            pyproject(check, two),
            [
                "project.classifiers[1] 4: two development statuses: `Development Status :: 4 - \
              Beta`, `Development Status :: 7 - Inactive`"
            ]
        );
    }

    #[test]
    fn stays_quiet() {
        let good = "[project]\nclassifiers = ['Development Status :: 4 - Beta']\n";
        assert!(pyproject(check, good).is_empty());
        assert!(pyproject(check, "[project]\ndynamic = ['classifiers']\n").is_empty());
    }
}
