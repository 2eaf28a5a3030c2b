//! P301: dependencies that are no requirements.

use pubflow_finding::{Findings, Refuser, Rule, Severity};
use pubflow_spec::Requirement;

use super::PyprojectSubject;
use super::caret::clauses_of_caret;
use super::dependency_syntax::fault;
use crate::pyproject::{Dependency, Pyproject};

pub(super) static RULE: Rule = Rule {
    code: "P301",
    name: "dependency-invalid",
    severity: Severity::Error,
    source: "dependency specifiers (PEP 508)",
    refused_by: &[Refuser::Pypi, Refuser::Pip, Refuser::Spec],
    about: "`dependencies` and `optional-dependencies` of `[project]` hold dependency specifiers: \
            a name, optional extras in brackets, version clauses separated by commas, and a \
            marker after a semicolon.",
    why: "Carets, bare versions and tildes of other languages are none, and backends refuse to \
            build.",
    cure: "Write the operators of PEP 440 (`>=2,<3` for `^2.0`), with a comma between clauses and \
            a semicolon before the marker.",
    bad: "dependencies = [\"requests ^2.0\"]",
    good: "dependencies = [\"requests>=2.0,<3\"]",
};

pub(super) fn check(subject: &PyprojectSubject, findings: &mut Findings) {
    for dependency in subject.pyproject.dependencies() {
        if let Err(error) = &dependency.read
            && fault(dependency).is_none()
        {
            let message = format!("dependency is invalid: `{}`", dependency.text);
            let mut finding = subject.finding(&RULE, &dependency.path, message);
            if let Some(meant) = meant(&dependency.text) {
                finding = finding.next(format!("write `{meant}`"));
                finding.fix = subject.replace_value(&dependency.path, &meant);
            }
            findings.add(finding.why(error.to_string()));
        }
    }
}

/// What a caret or a single equals sign behind a name stands for.
fn meant(text: &str) -> Option<String> {
    let (requirement, marker) = match text.split_once(';') {
        Some((requirement, marker)) => (requirement, format!("; {}", marker.trim())),
        None => (text, String::new()),
    };
    let (name, versions) = match requirement.split_once('^') {
        Some((name, version)) => (name, clauses_of_caret(version.trim())?),
        None => {
            let (name, version) = requirement.split_once('=')?;
            (name, format!("=={}", version.trim()))
        }
    };
    let written = format!("{}{versions}{marker}", name.trim());
    Requirement::parse(&written).is_ok().then_some(written)
}

/// The valid ones among them.
pub(super) fn requirements(
    pyproject: &Pyproject,
) -> impl Iterator<Item = (&Dependency, &Requirement)> {
    let all = pyproject.dependencies().iter();
    all.filter_map(|dependency| Some((dependency, dependency.read.as_ref().ok()?)))
}

/// The valid ones of `project.dependencies`, which every user of the project gets.
pub(super) fn runtime_requirements(
    pyproject: &Pyproject,
) -> impl Iterator<Item = (&Dependency, &Requirement)> {
    requirements(pyproject).filter(|(dependency, _)| dependency.is_runtime)
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::probe::{fixed, pyproject};

    #[test]
    fn fires() {
        let text = "[project]\ndependencies = ['a>=1', 'b ^2.0']\n\
                    optional-dependencies.\"x.y\" = ['c d']\n";
        assert_eq!(
            pyproject(check, text),
            [
                "project.dependencies[1] 2: dependency is invalid: `b ^2.0`",
                "project.optional-dependencies.\"x.y\"[0] 3: dependency is invalid: `c d`",
            ]
        );
    }

    #[test]
    fn the_fix_writes_what_is_meant() {
        let text =
            "[project]\ndependencies = ['a ^2.1', 'b[x] = 1.0 ; os_name == \"nt\"', 'c d']\n";
        assert_eq!(
            fixed(check, text),
            "[project]\ndependencies = [\"a>=2.1,<3\", 'b[x]==1.0; os_name == \"nt\"', 'c d']\n"
        );
    }

    #[test]
    fn stays_quiet() {
        let good = "[project]\ndependencies = ['a', 'b[c]>=1,<2; python_version > \"3\"', 3]\n";
        assert!(pyproject(check, good).is_empty());
    }
}
