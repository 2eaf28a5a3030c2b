//! P614: PKG-INFO against the fields that pyproject.toml gives.

use std::collections::BTreeSet;

use pubflow_finding::{Finding, Findings, Refuser, Rule, Severity};
use pubflow_metadata::core_metadata::CoreMetadata;
use pubflow_metadata::pyproject::{Pyproject, TomlPath};

use crate::agreement::{meaning, promises_static};
use crate::sdist::Sdist;

pub(super) static RULE: Rule = Rule {
    code: "P614",
    name: "sdist-static-fields",
    severity: Severity::Error,
    source: "PEP 621, PEP 643",
    refused_by: &[Refuser::Spec],
    about: "PKG-INFO of the sdist says something else than pyproject.toml beside it: another \
            `requires-python` or `dependencies`, or it lists a field as `Dynamic` that \
            pyproject.toml gives.",
    why: "What pyproject.toml gives is a promise; resolvers read either file, so users get other \
            dependencies from one release, or a build for nothing.",
    cure: "Build the sdist again with a current backend, and do not edit one of the two files.",
    bad: "pyproject.toml: requires-python = \">=3.10\"\nPKG-INFO: Requires-Python: >=3.8",
    good: "pyproject.toml: requires-python = \">=3.10\"\nPKG-INFO: Requires-Python: >=3.10",
};

/// Fields that are compared: the key of `[project]` and the field of the core metadata.
const FIELDS: &[(&str, &str)] = &[
    ("requires-python", "Requires-Python"),
    ("dependencies", "Requires-Dist"),
];

pub(super) fn check(sdist: &Sdist, findings: &mut Findings) {
    let (Some(bytes), Some(metadata)) = (sdist.pyproject_bytes(), sdist.metadata()) else {
        return;
    };
    let pyproject = Pyproject::from_bytes(bytes);
    // Before metadata version 2.2 nothing in an sdist is a promise.
    if !pyproject.has_project() || !promises_static(metadata) {
        return;
    }
    let dynamic = pyproject.dynamic();
    for (key, field) in FIELDS {
        let Some(given) = given(&pyproject, key) else {
            continue;
        };
        if dynamic.contains(key) {
            continue;
        }
        let is_dynamic = metadata
            .all("Dynamic")
            .any(|name| name.trim().eq_ignore_ascii_case(field));
        let finding = if is_dynamic {
            let message = format!("PKG-INFO lists {field} as dynamic, pyproject.toml gives it");
            Finding::new(&RULE, message)
                .severity(Severity::Warning)
                .refused_by(&[])
        } else if let Some(missing) = missing(&given, metadata, field) {
            Finding::new(
                &RULE,
                format!("PKG-INFO lacks `{missing}`, the value of `project.{key}`"),
            )
        } else {
            continue;
        };
        findings.add(
            finding
                .member(sdist.member("PKG-INFO"))
                .field(*field)
                .next("build the sdist again with a current build backend"),
        );
    }
}

/// What pyproject.toml gives, as written; none where it says nothing.
fn given<'a>(pyproject: &'a Pyproject, key: &str) -> Option<Vec<&'a str>> {
    pyproject.item(&format!("project.{key}"))?;
    if let Some(text) = pyproject.project_string(key) {
        return Some(vec![text]);
    }
    let path = TomlPath::of(&["project", key]);
    Some(pyproject.strings_at(&path).iter().map(|s| s.text).collect())
}

/// The first value whose meaning PKG-INFO does not tell.
fn missing<'a>(given: &[&'a str], metadata: &CoreMetadata, field: &str) -> Option<&'a str> {
    let told: BTreeSet<String> = metadata
        .all(field)
        .map(|value| meaning(field, value))
        .collect();
    given
        .iter()
        .find(|text| !told.contains(&meaning(field, text)))
        .copied()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{expect, in_sdist, sdist};
    use super::*;

    const PROJECT: &str = "[project]\nname = \"demo\"\nversion = \"1.0\"\n";

    #[test]
    fn equal_meanings_are_quiet() {
        let text = format!("{PROJECT}requires-python = \">=3.9,<4\"\ndependencies = [\"A>=1\"]\n");
        let builder = sdist()
            .pyproject(&text)
            .metadata_line("Requires-Python: <4, >=3.9")
            .requires("a (>=1)")
            .requires("x; extra == 'more'");
        expect(&in_sdist(&builder, check), &[]);
        let text = format!("{PROJECT}dynamic = [\"dependencies\"]\n");
        let builder = sdist()
            .pyproject(&text)
            .metadata_line("Dynamic: Requires-Dist")
            .requires("a");
        expect(&in_sdist(&builder, check), &[]);
    }

    #[test]
    fn other_values_are_found() {
        let text = format!("{PROJECT}dependencies = [\"a\", \"b\"]\n");
        let builder = sdist().pyproject(&text).requires("a");
        expect(
            &in_sdist(&builder, check),
            &[
                "error spec: PKG-INFO lacks `b`, the value of `project.dependencies` (demo-1.0/PKG-INFO)",
            ],
        );
    }

    #[test]
    fn a_given_field_cannot_be_dynamic() {
        let text = format!("{PROJECT}dependencies = [\"a\"]\n");
        let builder = sdist()
            .pyproject(&text)
            .metadata_line("Dynamic: Requires-Dist");
        expect(
            &in_sdist(&builder, check),
            &[
                "warning -: PKG-INFO lists Requires-Dist as dynamic, pyproject.toml gives it (demo-1.0/PKG-INFO)",
            ],
        );
    }
}
