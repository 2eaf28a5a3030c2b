//! P105: unknown keys in `[build-system]`.

use pubflow_finding::{Findings, Fix, Refuser, Rule, Severity};

use super::PyprojectSubject;
use crate::pyproject::{ProblemKind, TomlPath};

pub(super) static RULE: Rule = Rule {
    code: "P105",
    name: "unknown-build-key",
    severity: Severity::Error,
    source: "PEP 518",
    refused_by: &[Refuser::Spec],
    about: "`[build-system]` has the keys `requires`, `build-backend` and `backend-path`, and \
            must not have others: pypa/build refuses to build.",
    why: "A misspelt key means that the backend meant is not the one used.",
    cure: "Correct or remove the key; settings of the backend belong below `[tool]`.",
    bad: "[build-system]\nrequires = [\"hatchling\"]\nbackend = \"hatchling.build\"",
    good: "[build-system]\nrequires = [\"hatchling\"]\nbuild-backend = \"hatchling.build\"",
};

pub(super) fn check(subject: &PyprojectSubject, findings: &mut Findings) {
    for problem in subject.pyproject.unknown_build_keys() {
        let mut finding = subject.problem(&RULE, &problem);
        let taken = |key: &str| subject.pyproject.item(&format!("build-system.{key}"));
        if let ProblemKind::UnknownKey {
            key,
            similar: Some(known),
        } = &problem.kind
            && taken(known).is_none()
        {
            let path = TomlPath::of(&["build-system", key]);
            let fix = subject.replace_key(&path, known);
            finding.fix = fix.map(Fix::needs_decision);
        }
        findings.add(finding);
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::probe::{fixed, pyproject};

    #[test]
    fn fires() {
        assert_eq!(
            pyproject(
                check,
                "[build-system]\nrequires = []\nbuild_backend = 'x'\nfoo = 1\n"
            ),
            [
                "build-system.build_backend 3: `build-system.build_backend` is no key of this \
                 table: `build_backend` is unknown, did you mean `build-backend`",
                "build-system.foo 4: `build-system.foo` is no key of this table: `foo` is unknown",
            ]
        );
    }

    #[test]
    fn the_fix_respells_the_key() {
        assert_eq!(
            fixed(
                check,
                "[build-system]\nrequires = []\nbuild_backend = 'x'\n"
            ),
            "[build-system]\nrequires = []\nbuild-backend = 'x'\n"
        );
    }

    #[test]
    fn stays_quiet() {
        assert!(pyproject(check, "[build-system]\nrequires = []\nbackend-path = []\n").is_empty());
        assert!(pyproject(check, "[project]\nfoo = 1\n").is_empty());
    }
}
