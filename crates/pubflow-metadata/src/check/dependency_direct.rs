//! P302: dependencies on an address.

use pubflow_finding::{Findings, Refuser, Rule, Severity};

use super::PyprojectSubject;
use super::dependency_invalid::requirements;

pub(super) static RULE: Rule = Rule {
    code: "P302",
    name: "dependency-direct",
    severity: Severity::Error,
    source: "PEP 440: direct references; R045",
    refused_by: &[Refuser::Pypi],
    about: "A dependency such as `name @ https://…` or `name @ git+…` takes the distribution from \
            an address.",
    why: "PyPI refuses releases with such dependencies, extras included, because what they \
            install may change or vanish. It is found at the upload only, after everything was \
            built: twine#430, twine#726, cclib#1382.",
    cure: "Depend on a released version, and keep addresses in dependency groups or in the \
            settings of your installer.",
    bad: "dependencies = [\"demo @ git+https://example.org/demo\"]",
    good: "dependencies = [\"demo>=1.2\"]",
};

pub(super) fn check(subject: &PyprojectSubject, findings: &mut Findings) {
    for (dependency, requirement) in requirements(&subject.pyproject) {
        if requirement.url().is_some() {
            let message = format!("dependency is on an address: `{}`", dependency.text);
            findings.add(subject.finding(&RULE, &dependency.path, message));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::probe::pyproject;

    #[test]
    fn fires() {
        let text = "[project]\ndependencies = ['a @ https://example.org/a.whl']\n";
        assert_eq!(
            pyproject(check, text),
            ["project.dependencies[0] 2: dependency is on an address: \
              `a @ https://example.org/a.whl`"]
        );
    }

    #[test]
    fn stays_quiet() {
        assert!(pyproject(check, "[project]\ndependencies = ['a', '@']\n").is_empty());
        let group = "[dependency-groups]\nx = ['a @ https://example.org/a.whl']\n";
        assert!(pyproject(check, group).is_empty());
    }
}
