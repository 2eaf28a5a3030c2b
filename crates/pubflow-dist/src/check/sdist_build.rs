//! P806: something to build from.

use pubflow_finding::{Finding, Findings, Refuser, Rule, Severity};

use crate::sdist::Sdist;

pub(super) static RULE: Rule = Rule {
    code: "P806",
    name: "sdist-not-buildable",
    severity: Severity::Error,
    source: "PEP 517",
    refused_by: &[Refuser::Pip, Refuser::Uv, Refuser::Spec],
    about: "The sdist has neither `pyproject.toml` nor `setup.py` in its top directory. \
            Installers cannot build it, although the index takes it. \
            Check what the build backend excludes from the sdist.",
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
    fn neither_cannot_be_built() {
        expect(
            &in_sdist(&sdist().without("pyproject.toml"), check),
            &["error pip,uv,spec: the sdist has neither `pyproject.toml` nor `setup.py`"],
        );
    }
}
