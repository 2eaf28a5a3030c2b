//! P103: `[build-system]` without `build-backend`.

use pubflow_finding::{Findings, Rule, Severity};

use super::PyprojectSubject;
use crate::pyproject::TomlPath;

pub(super) static RULE: Rule = Rule {
    code: "P103",
    name: "backend-missing",
    severity: Severity::Warning,
    source: "PEP 517",
    refused_by: &[],
    about: "`[build-system]` has no `build-backend`.",
    why: "A `[build-system]` table without `build-backend` is built through the legacy interface \
            of setuptools, which puts the project's directory on the import path and may behave \
            otherwise than the interface of today. With another backend in `requires` the project \
            is not built by it at all.",
    cure: "Write `build-backend`.",
    bad: "[build-system]\nrequires = [\"setuptools\"]",
    good: "[build-system]\nrequires = [\"setuptools\"]\nbuild-backend = \"setuptools.build_meta\"",
};

pub(super) fn check(subject: &PyprojectSubject, findings: &mut Findings) {
    let table = subject.pyproject.table("build-system");
    if table.is_some_and(|table| !table.contains_key("build-backend")) {
        let path = TomlPath::of(&["build-system"]);
        let finding = subject.finding(&RULE, &path, "`build-system` has no `build-backend`");
        findings.add(finding.next("add build-backend = \"setuptools.build_meta\""));
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::probe::pyproject;

    #[test]
    fn fires() {
        assert_eq!(
            pyproject(check, "[build-system]\nrequires = ['setuptools']\n"),
            ["build-system 1: `build-system` has no `build-backend`"]
        );
    }

    #[test]
    fn stays_quiet() {
        assert!(pyproject(check, "[build-system]\nbuild-backend = 'x'\n").is_empty());
        assert!(pyproject(check, "[project]\n").is_empty());
    }
}
