//! P806: something to build from.

use pubflow_finding::{Finding, Findings, Refuser, Rule, Severity};
use pubflow_metadata::pyproject::Pyproject;

use crate::sdist::Sdist;

pub(super) static RULE: Rule = Rule {
    code: "P806",
    name: "sdist-not-buildable",
    severity: Severity::Error,
    source: "PEP 517",
    refused_by: &[Refuser::Pip, Refuser::Uv, Refuser::Spec],
    about: "The sdist has neither `pyproject.toml` nor `setup.py` in its top directory, or its \
            `pyproject.toml` is not TOML.",
    why: "Installers cannot build it, although the index takes it.",
    cure: "Check what the build backend excludes from the sdist or writes into it.",
    bad: "demo-1.0/PKG-INFO\ndemo-1.0/demo/__init__.py",
    good: "demo-1.0/PKG-INFO\ndemo-1.0/pyproject.toml\ndemo-1.0/demo/__init__.py",
};

pub(super) fn check(sdist: &Sdist, findings: &mut Findings) {
    let archive = sdist.archive();
    if !archive.is_complete() || sdist.root().is_none() {
        return;
    }
    let has = |file: &str| archive.file(&sdist.member(file)).is_some();
    if !has("pyproject.toml") && !has("setup.py") {
        findings.add(
            Finding::new(
                &RULE,
                "the sdist has neither `pyproject.toml` nor `setup.py`",
            )
            .next("include pyproject.toml in the sdist and build again"),
        );
    }
    let is_toml = |bytes: &[u8]| Pyproject::from_bytes(bytes).is_toml();
    if sdist.pyproject_bytes().is_some_and(|bytes| !is_toml(bytes)) {
        findings.add(
            Finding::new(&RULE, "pyproject.toml in the sdist is not TOML")
                .member(sdist.member("pyproject.toml"))
                .next("correct pyproject.toml and build again"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{expect, in_sdist, sdist};
    use super::*;

    #[test]
    fn either_file_is_enough() {
        expect(&in_sdist(&sdist(), check), &[]);
        let legacy = sdist().without("pyproject.toml").file("setup.py", "x");
        expect(&in_sdist(&legacy, check), &[]);
    }

    #[test]
    fn a_file_that_is_not_toml_cannot_be_built() {
        expect(
            &in_sdist(&sdist().pyproject("[project\n"), check),
            &[
                "error pip,uv,spec: pyproject.toml in the sdist is not TOML (demo-1.0/pyproject.toml)",
            ],
        );
    }

    #[test]
    fn neither_cannot_be_built() {
        expect(
            &in_sdist(&sdist().without("pyproject.toml"), check),
            &["error pip,uv,spec: the sdist has neither `pyproject.toml` nor `setup.py`"],
        );
    }
}
