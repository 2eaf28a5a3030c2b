//! P102: `build-system.requires`.

use pubflow_finding::{Findings, Refuser, Rule, Severity};
use pubflow_spec::Requirement;

use super::PyprojectSubject;
use crate::pyproject::TomlPath;

pub(super) static RULE: Rule = Rule {
    code: "P102",
    name: "build-requires",
    severity: Severity::Error,
    source: "PEP 518",
    refused_by: &[Refuser::Pip, Refuser::Uv, Refuser::Spec],
    about: "A `[build-system]` table must say what it needs: `requires` is an array of dependency \
            specifiers, and may be empty.",
    why: "Without it, or with a text that is no requirement, build front ends stop before the \
            backend is even loaded.",
    cure: "Write `requires` as an array of requirements, `[]` where nothing is needed.",
    bad: "[build-system]\nrequires = \"setuptools\"",
    good: "[build-system]\nrequires = [\"setuptools>=77.0.3\"]",
};

pub(super) fn check(subject: &PyprojectSubject, findings: &mut Findings) {
    let path = TomlPath::of(&["build-system", "requires"]);
    if subject.pyproject.is_toml()
        && let Err(problem) = subject.pyproject.build_system()
        && matches!(
            problem.path.as_deref(),
            Some("build-system" | "build-system.requires")
        )
    {
        findings.add(subject.problem(&RULE, &problem));
    }
    for value in subject.pyproject.strings_at(&path) {
        if let Err(error) = Requirement::parse(value.text) {
            let message = format!("build requirement is invalid: `{}`", value.text);
            let finding = subject.finding(&RULE, &value.path, message);
            findings.add(finding.why(error.to_string()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::probe::pyproject;

    #[test]
    fn fires() {
        for (text, found) in [
            (
                "[build-system]\n",
                "build-system 1: `build-system` has no `requires`",
            ),
            (
                "[build-system]\nrequires = 'x'\n",
                "build-system.requires 2: `build-system.requires` must be an array of strings, not \
                 string",
            ),
            (
                "[build-system]\nrequires = [\n'a',\n'b >=']\n",
                "build-system.requires[1] 4: build requirement is invalid: `b >=`",
            ),
        ] {
            assert_eq!(pyproject(check, text), [found]);
        }
    }

    #[test]
    fn stays_quiet() {
        assert!(pyproject(check, "[build-system]\nrequires = ['a>=1', 'b']\n").is_empty());
        assert!(pyproject(check, "[build-system]\nrequires = []\nx = 1\n").is_empty());
        assert!(pyproject(check, "not toml").is_empty());
    }
}
