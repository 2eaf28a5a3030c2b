//! P301: dependencies that are no requirements.

use pubflow_finding::{Findings, Refuser, Rule, Severity};
use pubflow_spec::Requirement;

use super::PyprojectSubject;
use super::pyproject::project;
use crate::pyproject::{Pyproject, StringValue};

pub(super) static RULE: Rule = Rule {
    code: "P301",
    name: "dependency-invalid",
    severity: Severity::Error,
    source: "dependency specifiers (PEP 508)",
    refused_by: &[Refuser::Pypi, Refuser::Pip, Refuser::Spec],
    about: "`dependencies` and `optional-dependencies` of `[project]` hold dependency specifiers: a \
            name, optional extras in brackets, version clauses separated by commas, and a marker \
            after a semicolon. Carets, bare versions, paths, addresses without `name @` and options \
            of requirements files are none, and backends refuse to build.",
};

pub(super) fn check(subject: &PyprojectSubject, findings: &mut Findings) {
    for value in dependencies(&subject.pyproject) {
        if let Err(error) = Requirement::parse(value.text) {
            let message = format!("dependency is invalid: `{}`", value.text);
            let finding = subject.finding(&RULE, &value.path, message);
            findings.add(finding.why(error.to_string()));
        }
    }
}

/// The texts of all dependencies and extras.
pub(super) fn dependencies(pyproject: &Pyproject) -> Vec<StringValue<'_>> {
    let mut values = pyproject.strings_at(&project(&["dependencies"]));
    if let Some(extras) = pyproject.table("project.optional-dependencies") {
        for (extra, _) in extras.iter() {
            let path = project(&["optional-dependencies", extra]);
            values.extend(pyproject.strings_at(&path));
        }
    }
    values
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::probe::pyproject;

    #[test]
    fn fires() {
        let text = "[project]\ndependencies = ['a>=1', 'b ^2.0']\n\
                    optional-dependencies.\"x.y\" = ['./c']\n";
        assert_eq!(
            pyproject(check, text),
            [
                "project.dependencies[1] 2: dependency is invalid: `b ^2.0`",
                "project.optional-dependencies.\"x.y\"[0] 3: dependency is invalid: `./c`",
            ]
        );
    }

    #[test]
    fn stays_quiet() {
        let good = "[project]\ndependencies = ['a', 'b[c]>=1,<2; python_version > \"3\"', 3]\n";
        assert!(pyproject(check, good).is_empty());
    }
}
