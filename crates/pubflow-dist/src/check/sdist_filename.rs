//! P801: the file name of an sdist, and file names that tell no kind of distribution.

use pubflow_finding::{Finding, Findings, Refuser, Rule, Severity};
use pubflow_metadata::core_metadata::CoreMetadata;
use pubflow_spec::{ProjectName, SdistFilename, Version};

use crate::distribution::UnknownFile;
use crate::sdist::Sdist;

pub(super) static RULE: Rule = Rule {
    code: "P801",
    name: "sdist-filename",
    severity: Severity::Error,
    source: "R081, R116, R118, PEP 625",
    refused_by: &[Refuser::Pypi, Refuser::Spec],
    about: "The file name is not `{name}-{version}.tar.gz` with the name in lower case, its \
            separators as one `_`, and the version in normal form.",
    why: "The index takes exactly this name and no `.zip`; installers guess name and version from \
            it.",
    cure: "Current build backends write it so: update the backend in `[build-system]` and build \
            again instead of renaming the file, because the directory inside has the same name.",
    bad: "Demo_Pkg-1.0.zip",
    good: "demo_pkg-1.0.tar.gz",
};

pub(super) fn check(sdist: &Sdist, findings: &mut Findings) {
    let given = sdist.archive().filename();
    let filename = match sdist.filename() {
        Ok(filename) => filename,
        Err(error) => {
            let message = format!("`{given}` is not the file name of an sdist");
            findings.add(Finding::new(&RULE, message).why(error.to_string()));
            return;
        }
    };
    let expected = expected_name(filename, sdist.metadata());
    if given != expected {
        findings.add(
            Finding::new(&RULE, format!("`{given}` should be `{expected}`"))
                .why(format!("the index refuses it: should be {expected}"))
                .next("build the sdist with a current build backend"),
        );
    }
}

/// The name made from the metadata where they speak of the same release, as the index does, since
/// `1` and `1.0` are one version with two spellings; else from the file name's own parts.
fn expected_name(filename: &SdistFilename, metadata: Option<&CoreMetadata>) -> String {
    let told = metadata.and_then(|metadata| {
        let name = ProjectName::parse(metadata.name()?.trim()).ok()?;
        let version = Version::parse(metadata.version()?.trim()).ok()?;
        (name == filename.name && version == filename.version).then_some((name, version))
    });
    let (name, version) = told.unwrap_or((filename.name.clone(), filename.version.clone()));
    format!("{}-{version}.tar.gz", name.underscored())
}

/// Archives that pip builds from although no index takes them.
const ONLY_PIP: &[&str] = &[
    ".tar",
    ".tar.bz2",
    ".tar.xz",
    ".tar.lz",
    ".tar.lzma",
    ".tbz",
    ".tgz",
    ".tlz",
    ".txz",
];

pub(super) fn check_unknown(file: &UnknownFile, findings: &mut Findings) {
    let given = file.filename();
    let lower = given.to_ascii_lowercase();
    let refused_by: &[Refuser] = if ONLY_PIP.iter().any(|ending| lower.ends_with(ending)) {
        &[Refuser::Pypi, Refuser::Uv]
    } else {
        &[Refuser::Pypi, Refuser::Pip, Refuser::Uv]
    };
    let message = format!("`{given}` is not the file name of a distribution");
    findings.add(
        Finding::new(&RULE, message)
            .refused_by(refused_by)
            .why("the index takes names ending in `.tar.gz` and `.whl` only")
            .next("build with `pubflow build`, and keep other files out of `dist/`"),
    );
}

#[cfg(test)]
mod tests {
    use super::super::testing::{expect, in_sdist, lines, sdist};
    use super::*;
    use pubflow_testkit::SdistBuilder;

    #[test]
    fn the_normal_name_is_quiet() {
        expect(&in_sdist(&sdist(), check), &[]);
        expect(&in_sdist(&SdistBuilder::new("Demo.Pkg", "1.0"), check), &[]);
    }

    #[track_caller]
    fn check_name(name: &str, version: &str, given: &str, expected: &str) {
        let builder = SdistBuilder::new(name, version).filename(given);
        let message = format!("error pypi,spec: `{given}` should be `{expected}`");
        expect(&in_sdist(&builder, check), &[&message]);
    }

    #[test]
    fn other_spellings_are_refused_by_the_index() {
        check_name(
            "demo-pkg",
            "1.0",
            "Demo-Pkg-1.0.tar.gz",
            "demo_pkg-1.0.tar.gz",
        );
        check_name("demo", "1", "demo-1.0.tar.gz", "demo-1.tar.gz");
        check_name("demo", "1.0", "demo-v1.0.tar.gz", "demo-1.0.tar.gz");
        let found = in_sdist(&sdist().filename("something.tar.gz"), check);
        assert_eq!(
            lines(&found),
            ["error pypi,spec: `something.tar.gz` is not the file name of an sdist"]
        );
    }

    #[test]
    fn names_of_no_kind_are_refused_by_the_index() {
        let refusers = |name: &str| {
            let mut findings = Findings::for_path(name);
            let file = UnknownFile {
                path: name.into(),
                filename: name.to_owned(),
            };
            check_unknown(&file, &mut findings);
            findings.into_sorted()[0].refused_by.clone()
        };
        assert_eq!(refusers("a-1.tar.bz2"), [Refuser::Pypi, Refuser::Uv]);
        assert_eq!(
            refusers("a-1.egg"),
            [Refuser::Pypi, Refuser::Pip, Refuser::Uv]
        );
    }
}
