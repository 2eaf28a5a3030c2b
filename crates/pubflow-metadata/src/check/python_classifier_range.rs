//! P215: classifiers for Pythons that `requires-python` leaves out.

use pubflow_finding::{Findings, Fix, Rule, Severity};
use pubflow_spec::{Prereleases, SpecifierSet, Version};

use super::PyprojectSubject;
use super::pyproject::project;

/// Beginning of the classifiers that name a Python.
pub(super) const PYTHON: &str = "Programming Language :: Python :: ";

pub(super) static RULE: Rule = Rule {
    code: "P215",
    name: "python-classifier-range",
    severity: Severity::Warning,
    source: "advice",
    refused_by: &[],
    about: "A classifier names a Python that `requires-python` excludes.",
    why: "A classifier such as `Programming Language :: Python :: 3.8` tells readers that the \
            project runs there, while `requires-python` keeps every installer from putting it \
            there. One of the two is out of date.",
    cure: "Remove the classifier, or lower the bound.",
    bad: "requires-python = \">=3.10\"\nclassifiers = [\"Programming Language :: Python :: 3.8\"]",
    good: "requires-python = \">=3.10\"\n\
            classifiers = [\"Programming Language :: Python :: 3.10\"]",
};

pub(super) fn check(subject: &PyprojectSubject, findings: &mut Findings) {
    let Some(Ok(specifiers)) = subject.pyproject.requires_python().map(SpecifierSet::parse) else {
        return;
    };
    for value in subject.pyproject.strings_at(&project(&["classifiers"])) {
        let python = value.text.strip_prefix(PYTHON).and_then(minor_version);
        if let Some(python) = python
            && !takes_any_patch(&specifiers, python)
        {
            let message =
                format!("classifier names Python {python}, which `{specifiers}` leaves out");
            let mut finding = subject.finding(&RULE, &value.path, message);
            finding.fix = subject.remove_element(&value.path).map(Fix::needs_decision);
            findings.add(finding.next("remove the classifier, or lower `requires-python`"));
        }
    }
}

/// `3.12`, and nothing that is no version of two numbers.
pub(super) fn minor_version(text: &str) -> Option<&str> {
    let (major, minor) = text.split_once('.')?;
    let is_number = |part: &str| {
        (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    (is_number(major) && is_number(minor)).then_some(text)
}

fn takes_any_patch(specifiers: &SpecifierSet, python: &str) -> bool {
    (0..40).any(|patch| {
        Version::parse(&format!("{python}.{patch}"))
            .is_ok_and(|version| specifiers.contains(&version, Prereleases::Allow))
    })
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::probe::{fixed, pyproject};

    #[test]
    fn fires() {
        let text = "[project]\nrequires-python = '>=3.9'\nclassifiers = [\n\
                    'Programming Language :: Python :: 3.9',\n\
                    'Programming Language :: Python :: 3.8',\n]\n";
        assert_eq!(
            pyproject(check, text),
            ["project.classifiers[1] 5: classifier names Python 3.8, which `>=3.9` leaves out"]
        );
    }

    #[test]
    fn the_fix_removes_the_classifier() {
        assert_eq!(
            fixed(
                check,
                "[project]\nrequires-python = '>=3.9'\nclassifiers = ['Programming Language :: Python :: 3.8']\n"
            ),
            "[project]\nrequires-python = '>=3.9'\nclassifiers = []\n"
        );
    }

    #[test]
    fn stays_quiet() {
        let text = "[project]\nrequires-python = '>=3.9.2,<3.12'\nclassifiers = [\n\
                    'Programming Language :: Python :: 3',\n\
                    'Programming Language :: Python :: 3 :: Only',\n\
                    'Programming Language :: Python :: 3.9',\n\
                    'Programming Language :: Python :: 3.11',\n]\n";
        assert!(pyproject(check, text).is_empty());
    }
}
