//! Whether two distributions of one release say the same about it.
//!
//! Values are compared by their meaning: spelling, order and blanks differ between tools without
//! meaning anything. What the sdist declares as dynamic may differ, except name and version.
//!
//! Spec: PEP 643 ("Metadata for source distributions").

mod contents;
#[cfg(test)]
mod tests_files;
mod wheels;

use std::collections::BTreeSet;

use pubflow_finding::{Finding, Findings, Refuser, Rule, Severity};
use pubflow_metadata::core_metadata::{CoreMetadata, FIELDS};
use pubflow_spec::{ProjectName, Requirement, RequirementSource, SpecifierSet, Version};

use crate::sdist::Sdist;
use crate::wheel::Wheel;

pub use contents::SDIST_WHEEL_FILES;
pub use wheels::{WHEEL_WHEEL, check_wheels};

/// P1601: PKG-INFO of the sdist and METADATA of the wheel.
pub static SDIST_WHEEL: Rule = Rule {
    code: "P1601",
    name: "sdist-wheel-metadata",
    severity: Severity::Error,
    source: "PEP 643",
    refused_by: &[Refuser::Spec],
    about: "A field has one value in the sdist's PKG-INFO and another in the wheel's METADATA, \
            although the sdist does not list it under `Dynamic`.",
    why: "Resolvers take either file for the whole release, so users get other dependencies or \
            another Python version from the same release, depending on what they download first. \
            Resolvers also assume that all wheels of a release say the same (uv#7606).",
    cure: "Build both in one run from one tree, the wheel from the sdist; what really depends on \
            the machine belongs under `dynamic`.",
    bad: "sdist: Requires-Python: >=3.8\nwheel: Requires-Python: >=3.10",
    good: "sdist: Requires-Python: >=3.10\nwheel: Requires-Python: >=3.10",
};

/// The rules of this module.
pub(crate) static RULES: &[&Rule] = &[&SDIST_WHEEL, &WHEEL_WHEEL, &SDIST_WHEEL_FILES];

/// One field with two meanings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disagreement {
    /// The core metadata field.
    pub field: &'static str,
    /// Values on the first side that the other lacks, as written; all of them for a single field.
    pub first: Vec<String>,
    /// Values on the second side that the other lacks.
    pub second: Vec<String>,
}

/// Compares the fields of two metadata files by their meaning, those in `dynamic` of the first
/// left out. `Metadata-Version`, `Dynamic` and what is not in the specification are not compared.
#[must_use]
pub fn compare_metadata(first: &CoreMetadata, second: &CoreMetadata) -> Vec<Disagreement> {
    let is_static = |field: &str| {
        matches!(field, "Name" | "Version")
            || (promises_static(first)
                && !first
                    .all("Dynamic")
                    .any(|dynamic| dynamic.trim().eq_ignore_ascii_case(field)))
    };
    FIELDS
        .iter()
        .map(|spec| spec.header)
        .filter(|field| !matches!(*field, "Metadata-Version" | "Dynamic") && is_static(field))
        .filter_map(|field| compare_field(first, second, field))
        .collect()
}

/// Compares every field of the specification by its meaning.
pub(crate) fn compare_all_fields(first: &CoreMetadata, second: &CoreMetadata) -> Vec<Disagreement> {
    FIELDS
        .iter()
        .filter_map(|spec| compare_field(first, second, spec.header))
        .collect()
}

/// Before metadata version 2.2 nothing in an sdist is a promise.
#[must_use]
pub fn promises_static(metadata: &CoreMetadata) -> bool {
    let version = metadata.metadata_version().unwrap_or_default().trim();
    !matches!(version, "" | "1.0" | "1.1" | "1.2" | "2.0" | "2.1")
}

fn compare_field(
    first: &CoreMetadata,
    second: &CoreMetadata,
    field: &'static str,
) -> Option<Disagreement> {
    let (ours, theirs) = (values(first, field), values(second, field));
    let lacking = |of: &[(String, String)], other: &[(String, String)]| {
        let known: BTreeSet<&String> = other.iter().map(|(meaning, _)| meaning).collect();
        of.iter()
            .filter(|(meaning, _)| !known.contains(meaning))
            .map(|(_, written)| written.clone())
            .collect::<Vec<_>>()
    };
    let (only_first, only_second) = (lacking(&ours, &theirs), lacking(&theirs, &ours));
    (!only_first.is_empty() || !only_second.is_empty()).then_some(Disagreement {
        field,
        first: only_first,
        second: only_second,
    })
}

/// Meaning and spelling of each value of a field; empty ones mean nothing.
fn values(metadata: &CoreMetadata, field: &str) -> Vec<(String, String)> {
    let written: Vec<String> = if field == "Description" {
        metadata
            .description()
            .map(str::to_owned)
            .into_iter()
            .collect()
    } else {
        metadata.all(field).map(str::to_owned).collect()
    };
    written
        .into_iter()
        .map(|value| (meaning(field, &value), value))
        .filter(|(meaning, _)| !meaning.is_empty() && meaning != "UNKNOWN")
        .collect()
}

/// A text that is the same for every spelling of one value.
pub(crate) fn meaning(field: &str, value: &str) -> String {
    let value = value.trim();
    let parsed = match field {
        "Name" | "Provides-Extra" => ProjectName::parse(value)
            .map(|name| name.normalized().to_owned())
            .ok(),
        "Version" => Version::parse(value)
            .map(|version| trimmed_version(&version))
            .ok(),
        "Requires-Python" => SpecifierSet::parse(value)
            .map(|set| sorted_clauses(&set.to_string()))
            .ok(),
        "Requires-Dist" => Requirement::parse(value)
            .ok()
            .map(|requirement| requirement_meaning(&requirement)),
        "Keywords" => {
            let words: BTreeSet<&str> = value
                .split([',', ' ', '\n', '\t'])
                .filter(|word| !word.is_empty())
                .collect();
            Some(words.into_iter().collect::<Vec<_>>().join(" "))
        }
        "Project-URL" => value.split_once(',').map(|(label, url)| {
            let label: String = label.chars().filter(|c| c.is_alphanumeric()).collect();
            format!(
                "{}, {}",
                label.to_lowercase(),
                url.trim().trim_end_matches('/')
            )
        }),
        "Description" => Some(
            value
                .lines()
                .map(str::trim_end)
                .collect::<Vec<_>>()
                .join("\n"),
        ),
        _ => None,
    };
    parsed.unwrap_or_else(|| value.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// `1.0` and `1` are one version.
fn trimmed_version(version: &Version) -> String {
    let text = version.to_string();
    let end = text
        .find(|c: char| !(c.is_ascii_digit() || c == '.' || c == '!'))
        .unwrap_or(text.len());
    let (mut release, rest) = text.split_at(end);
    while let Some(shorter) = release.strip_suffix(".0") {
        release = shorter;
    }
    format!("{release}{rest}")
}

fn sorted_clauses(set: &str) -> String {
    let clauses: BTreeSet<&str> = set.split(',').map(str::trim).collect();
    clauses.into_iter().collect::<Vec<_>>().join(",")
}

/// The requirement's parts in one order and one spelling.
fn requirement_meaning(requirement: &Requirement) -> String {
    let extras: BTreeSet<String> = requirement
        .extras
        .iter()
        .map(|extra| extra.to_string().to_lowercase().replace(['_', '.'], "-"))
        .collect();
    let source = match &requirement.source {
        RequirementSource::Any => String::new(),
        RequirementSource::Specifiers(set) => sorted_clauses(&set.to_string()),
        RequirementSource::Url(url) => format!("@{url}"),
    };
    let marker = requirement.marker.as_ref().map(ToString::to_string);
    format!(
        "{}[{}]{source};{}",
        requirement.name.normalized(),
        extras.into_iter().collect::<Vec<_>>().join(","),
        marker.unwrap_or_default()
    )
}

/// Compares an sdist with a wheel that lies beside it and adds what differs in their metadata
/// (P1601) and, for one release, in their sources (P1603).
///
/// Distributions whose metadata cannot be read are left to other checks.
pub fn check_pair(sdist: &Sdist, wheel: &Wheel, findings: &mut Findings) {
    let is_one_release = match (sdist.filename(), wheel.filename()) {
        (Ok(sdist), Ok(wheel)) => sdist.name == wheel.name && sdist.version == wheel.version,
        _ => false,
    };
    if is_one_release {
        contents::check(sdist, wheel, findings);
    }
    let (Some(ours), Some(theirs)) = (sdist.metadata(), wheel.metadata()) else {
        return;
    };
    let (sdist_name, wheel_name) = (sdist.archive().filename(), wheel.archive().filename());
    for difference in compare_metadata(ours, theirs) {
        let field = difference.field;
        let message = if field == "Description" {
            format!("the description differs between `{sdist_name}` and `{wheel_name}`")
        } else {
            format!(
                "{field} is {} in `{sdist_name}` and {} in `{wheel_name}`",
                quoted(&difference.first),
                quoted(&difference.second)
            )
        };
        findings.add(
            Finding::new(&SDIST_WHEEL, message)
                .field(field)
                .why("resolvers take the metadata of either file for the whole release")
                .next("build both files in one run, the wheel from the sdist"),
        );
    }
}

fn quoted(values: &[String]) -> String {
    match values {
        [] => "absent".to_owned(),
        [only] => format!("`{only}`"),
        [first, rest @ ..] => format!("`{first}` and {} more", rest.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metadata(lines: &str) -> CoreMetadata {
        CoreMetadata::parse(
            format!("Metadata-Version: 2.4\nName: demo\nVersion: 1.0\n{lines}").as_bytes(),
        )
    }

    #[track_caller]
    fn check(first: &str, second: &str, expected: &[&str]) {
        let found = compare_metadata(&metadata(first), &metadata(second));
        let fields: Vec<_> = found.iter().map(|found| found.field).collect();
        assert_eq!(fields, expected);
    }

    #[test]
    fn spellings_of_one_value_agree() {
        check(
            "Requires-Dist: Foo_Bar (>=1.0,<2)\n",
            "Requires-Dist: foo-bar<2,>=1.0\n",
            &[],
        );
        check(
            "Requires-Dist: a; extra == 'x'\n",
            "Requires-Dist: a ; extra == \"x\"\n",
            &[],
        );
        check(
            "Requires-Python: >=3.8, <4\n",
            "Requires-Python: <4,>=3.8\n",
            &[],
        );
        check("Keywords: a,b\n", "Keywords: b a\n", &[]);
        check(
            "Classifier: A\nClassifier: B\n",
            "Classifier: B\nClassifier: A\n",
            &[],
        );
        check("\ntext \n", "\ntext", &[]);
        check("Author: UNKNOWN\n", "", &[]);
    }

    #[test]
    fn different_values_are_told_with_their_field() {
        check(
            "Requires-Dist: a>=1\n",
            "Requires-Dist: a>=2\n",
            &["Requires-Dist"],
        );
        check("Requires-Python: >=3.8\n", "", &["Requires-Python"]);
        check("\none", "\ntwo", &["Description"]);
    }

    #[test]
    fn what_the_sdist_calls_dynamic_may_differ() {
        check("Dynamic: Requires-Dist\n", "Requires-Dist: a\n", &[]);
        let old = CoreMetadata::parse(b"Metadata-Version: 2.1\nName: demo\nVersion: 1.0\n");
        assert_eq!(compare_metadata(&old, &metadata("Summary: x\n")), []);
        let other = CoreMetadata::parse(b"Metadata-Version: 2.1\nName: demo\nVersion: 2.0\n");
        assert_eq!(compare_metadata(&other, &metadata("")).len(), 1);
    }

    #[test]
    fn versions_agree_by_their_meaning() {
        for (a, b) in [("1.0", "1"), ("1.0.0rc1", "1rc1"), ("1!2.0", "1!2")] {
            assert_eq!(meaning("Version", a), meaning("Version", b), "{a} {b}");
        }
        assert_ne!(meaning("Version", "1.0"), meaning("Version", "1.0.post1"));
        assert_ne!(meaning("Version", "10"), meaning("Version", "1"));
    }

    #[test]
    fn a_pair_that_differs_is_a_finding_with_both_values() {
        use pubflow_testkit::{SdistBuilder, WheelBuilder};

        let dir = tempfile::tempdir().unwrap();
        let open = |path: std::path::PathBuf| {
            crate::Distribution::open(&path, &crate::Limits::default()).unwrap()
        };
        let sdist = open(
            SdistBuilder::new("demo", "1.0")
                .requires("a>=1")
                .build_in(dir.path()),
        );
        let found = |wheel: WheelBuilder| {
            let wheel = open(wheel.build_in(dir.path()));
            let (crate::Distribution::Sdist(sdist), crate::Distribution::Wheel(wheel)) =
                (&sdist, &wheel)
            else {
                panic!("the names tell the kinds");
            };
            let mut findings = Findings::for_path("x");
            check_pair(sdist, wheel, &mut findings);
            findings.into_sorted()
        };
        assert!(found(WheelBuilder::new("demo", "1.0").requires("a >= 1")).is_empty());
        let different = found(WheelBuilder::new("demo", "1.0").requires("a>=2"));
        assert_eq!(different.len(), 1);
        assert_eq!(
            different[0].message,
            "Requires-Dist is `a>=1` in `demo-1.0.tar.gz` and `a>=2` in \
             `demo-1.0-py3-none-any.whl`"
        );
        assert_eq!(different[0].place.field.as_deref(), Some("Requires-Dist"));
    }
}
