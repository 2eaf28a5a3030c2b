//! P305: a project that depends on itself, or on an extra that it does not have.

use std::collections::BTreeSet;

use pubflow_finding::{Findings, Rule, Severity};
use pubflow_spec::ProjectName;

use super::PyprojectSubject;
use super::dependency_invalid::requirements;

pub(super) static RULE: Rule = Rule {
    code: "P305",
    name: "dependency-on-itself",
    severity: Severity::Warning,
    source: "advice",
    refused_by: &[],
    about: "The project depends on itself, without extras or with one that it does not have.",
    why: "A dependency on the project itself is of use only to gather extras: `all = \
            [\"demo[a,b]\"]`. Without extras it does nothing, and with an extra that the project \
            does not have it installs less than was meant; some backends refuse it.",
    cure: "Remove the dependency, or correct the extra.",
    bad: "name = \"demo\"\ndependencies = [\"demo\"]",
    good: "name = \"demo\"\ndependencies = []",
};

pub(super) fn check(subject: &PyprojectSubject, findings: &mut Findings) {
    let Some(Ok(name)) = subject.pyproject.project_name().map(ProjectName::parse) else {
        return;
    };
    let extras = declared_extras(subject);
    for (value, requirement) in requirements(&subject.pyproject) {
        if requirement.name != name {
            continue;
        }
        if requirement.extras.is_empty() {
            let message = format!("the project depends on itself: `{}`", value.text);
            findings.add(subject.finding(&RULE, &value.path, message));
        }
        for extra in &requirement.extras {
            let normal = ProjectName::parse(extra).map(|extra| extra.normalized().to_owned());
            let is_declared = normal.is_ok_and(|extra| extras.contains(&extra));
            if !is_declared
                && !subject
                    .pyproject
                    .dynamic()
                    .contains(&"optional-dependencies")
            {
                let message = format!("the project has no extra `{extra}`: `{}`", value.text);
                findings.add(subject.finding(&RULE, &value.path, message));
            }
        }
    }
}

/// Normalised names of the project's extras.
fn declared_extras(subject: &PyprojectSubject) -> BTreeSet<String> {
    let table = subject.pyproject.table("project.optional-dependencies");
    let names = table.into_iter().flat_map(|table| table.iter());
    names
        .filter_map(|(name, _)| Some(ProjectName::parse(name).ok()?.normalized().to_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::probe::pyproject;

    #[test]
    fn fires() {
        let text = "[project]\nname = 'De_mo'\ndependencies = ['de-mo']\n\
                    optional-dependencies.a = ['demo', 'de.mo[b,A]']\n";
        assert_eq!(
            pyproject(check, text),
            [
                "project.dependencies[0] 3: the project depends on itself: `de-mo`",
                "project.optional-dependencies.a[1] 4: the project has no extra `b`: `de.mo[b,A]`",
            ]
        );
    }

    #[test]
    fn stays_quiet() {
        let good = "[project]\nname = 'demo'\ndependencies = ['demo-x']\n\
                    optional-dependencies = {a = ['x'], B_c = ['y'], all = ['demo[a,b-c]']}\n";
        assert!(pyproject(check, good).is_empty());
        let dynamic = "[project]\nname = 'demo'\ndynamic = ['optional-dependencies']\n\
                       dependencies = ['demo[x]']\n";
        assert!(pyproject(check, dynamic).is_empty());
    }
}
