//! P307: dependencies that are pinned or capped.

use pubflow_finding::{Findings, Rule, Severity};
use pubflow_spec::Operator;

use super::PyprojectSubject;
use super::dependency_invalid::runtime_requirements;
use super::metadata::shown;

pub(super) static RULE: Rule = Rule {
    code: "P307",
    name: "dependency-pin",
    severity: Severity::Note,
    source: "advice",
    refused_by: &[],
    about: "A dependency of `[project]` is pinned with `==`, has an upper bound, or has no lower \
            one.",
    why: "A project that pins its dependencies with `==` cannot be installed beside another that \
            pins a different version, and gets no security fixes of them. An upper bound does the \
            same, later.",
    cure: "Applications may pin in a lock file; in metadata give lower bounds, and an upper one \
            only where the next version is known to break.",
    bad: "dependencies = [\"requests==2.32.3\"]",
    good: "dependencies = [\"requests>=2.32\"]",
};

pub(super) fn check(subject: &PyprojectSubject, findings: &mut Findings) {
    for (value, requirement) in runtime_requirements(&subject.pyproject) {
        let Some(specifiers) = requirement.specifiers() else {
            continue;
        };
        let has = |wanted: &[Operator]| {
            let mut clauses = specifiers.clauses().iter();
            clauses.any(|clause| wanted.contains(&clause.operator()) && !clause.is_wildcard())
        };
        let fault = if has(&[Operator::Equal]) {
            "is pinned"
        } else if has(&[Operator::Less, Operator::LessEqual]) {
            "has an upper bound"
        } else {
            continue;
        };
        let message = format!("dependency {fault}: `{}`", shown(&value.text));
        findings.add(subject.finding(&RULE, &value.path, message));
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::probe::pyproject;

    #[test]
    fn fires() {
        assert_eq!(
            pyproject(check, "[project]\ndependencies = ['a==1.0', 'b<2']\n"),
            [
                "project.dependencies[0] 2: dependency is pinned: `a==1.0`",
                "project.dependencies[1] 2: dependency has an upper bound: `b<2`",
            ]
        );
    }

    #[test]
    fn stays_quiet() {
        let good = "[project]\ndependencies = ['a', 'b>=1', 'c==1.*', 'd!=2', 'e~=1.4']\n\
                    optional-dependencies.x = ['f==1']\n";
        assert!(pyproject(check, good).is_empty());
    }
}
