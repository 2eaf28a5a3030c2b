//! P408: no licence anywhere.

use pubflow_finding::{Finding, Findings, Rule, Severity};
use pubflow_metadata::core_metadata::CoreMetadata;

use crate::archive::Archive;
use crate::sdist::Sdist;
use crate::wheel::Wheel;

pub(super) static RULE: Rule = Rule {
    code: "P408",
    name: "licence-none",
    severity: Severity::Warning,
    source: "advice",
    refused_by: &[],
    about: "Neither the metadata nor any file of the distribution says under which licence it may \
            be used.",
    why: "Without a licence nobody may use it, and many organisations refuse to install it.",
    cure: "Add `license = \"...\"` with an SPDX expression and `license-files` to `[project]`.",
    bad: "[project]\nname = \"demo\"",
    good: "[project]\nname = \"demo\"\nlicense = \"MIT\"\nlicense-files = [\"LICENSE\"]",
};

pub(super) fn check_wheel(wheel: &Wheel, findings: &mut Findings) {
    if let Some(metadata) = wheel.metadata() {
        check_files(wheel.archive(), metadata, findings);
    }
}

pub(super) fn check_sdist(sdist: &Sdist, findings: &mut Findings) {
    if let Some(metadata) = sdist.metadata() {
        check_files(sdist.archive(), metadata, findings);
    }
}

fn check_files(archive: &Archive, metadata: &CoreMetadata, findings: &mut Findings) {
    let says = |field| metadata.all(field).any(|value| !value.trim().is_empty());
    let has_classifier = metadata
        .all("Classifier")
        .any(|classifier| classifier.trim().starts_with("License ::"));
    let has_file = archive.entries().iter().any(|entry| {
        let name = entry.path.file_name().to_ascii_uppercase();
        ["LICEN", "COPYING", "NOTICE", "UNLICENSE"]
            .iter()
            .any(|start| name.starts_with(start))
    });
    let is_told = ["License", "License-Expression", "License-File"]
        .into_iter()
        .any(says);
    if !is_told && !has_classifier && !has_file && archive.is_complete() {
        findings.add(
            Finding::new(&RULE, "nothing says under which licence it may be used")
                .next("add `license` and `license-files` to `[project]`"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{expect, in_sdist, in_wheel, sdist, wheel};
    use super::*;

    #[test]
    fn a_field_or_a_file_is_enough() {
        let builder = wheel().metadata_line("License-Expression: MIT");
        expect(&in_wheel(&builder, check_wheel), &[]);
        expect(&in_sdist(&sdist().file("LICENSE", "x"), check_sdist), &[]);
    }

    #[test]
    fn nothing_is_a_warning() {
        let expected = &["warning -: nothing says under which licence it may be used"];
        expect(&in_wheel(&wheel(), check_wheel), expected);
        expect(&in_sdist(&sdist(), check_sdist), expected);
    }
}
