//! P308: `===` in dependencies.

use pubflow_finding::{Findings, Rule, Severity};
use pubflow_spec::{Operator, Requirement};

use super::PyprojectSubject;
use super::dependency_invalid::requirements;
use super::metadata::shown;

pub(super) static RULE: Rule = Rule {
    code: "P308",
    name: "arbitrary-equality",
    severity: Severity::Warning,
    source: "version specifiers (PEP 440): arbitrary equality",
    refused_by: &[],
    about: "A dependency uses `===`.",
    why: "`===` compares versions as texts, so that `===1.0` does not take 1.0.0. It was made for \
            versions that are none, which indexes no longer take; its use is strongly discouraged \
            by the specification.",
    cure: "Write `==`, which compares versions as versions.",
    bad: "dependencies = [\"demo===1.0\"]",
    good: "dependencies = [\"demo==1.0\"]",
};

pub(super) fn check(subject: &PyprojectSubject, findings: &mut Findings) {
    for (value, requirement) in requirements(&subject.pyproject) {
        let specifiers = requirement.specifiers();
        let is_arbitrary = specifiers.is_some_and(|set| {
            let mut clauses = set.clauses().iter();
            clauses.any(|clause| clause.operator() == Operator::Arbitrary)
        });
        if is_arbitrary {
            let message = format!(
                "dependency compares versions as texts: `{}`",
                shown(&value.text)
            );
            let mut finding = subject.finding(&RULE, &value.path, message);
            let replaced = value.text.replace("===", "==");
            if Requirement::parse(&replaced).is_ok() {
                finding.fix = subject.replace_value(&value.path, &replaced);
            }
            findings.add(finding.next("write `==`"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::probe::{fixed, pyproject};

    #[test]
    fn fires() {
        assert_eq!(
            pyproject(check, "[project]\ndependencies = ['a', 'b===1.0']\n"),
            ["project.dependencies[1] 2: dependency compares versions as texts: `b===1.0`"]
        );
    }

    #[test]
    fn the_fix_writes_two_signs() {
        assert_eq!(
            fixed(check, "[project]\ndependencies = ['a===1.0']\n"),
            "[project]\ndependencies = [\"a==1.0\"]\n"
        );
    }

    #[test]
    fn stays_quiet() {
        assert!(pyproject(check, "[project]\ndependencies = ['a==1.0', '===']\n").is_empty());
    }
}
