//! P614: metadata that disagrees with what pyproject.toml says statically.

use std::collections::BTreeSet;
use std::sync::Arc;

use pubflow_finding::{Finding, Findings, Refuser, Rule, Severity};
use pubflow_spec::{MarkerVariable, ProjectName, Requirement, SpecifierSet, Version};

use super::metadata::shown;
use super::pyproject::project;
use crate::core_metadata::CoreMetadata;
use crate::pyproject::Pyproject;

/// The metadata of an sdist next to the pyproject.toml that it was made from.
#[derive(Debug, Clone)]
pub struct StaticSubject {
    /// The sdist's pyproject.toml.
    pub pyproject: Pyproject,
    /// Its metadata.
    pub metadata: Arc<CoreMetadata>,
    /// Member of the archive that holds the metadata.
    pub member: Option<String>,
}

/// Fields of the metadata that must not be marked dynamic where `[project]` has the key.
const FIELDS_AND_KEYS: [(&str, &str); 7] = [
    ("Classifier", "classifiers"),
    ("Keywords", "keywords"),
    ("License-Expression", "license"),
    ("Requires-Dist", "dependencies"),
    ("Requires-Python", "requires-python"),
    ("Summary", "description"),
    ("Version", "version"),
];

pub(super) static RULE: Rule = Rule {
    code: "P614",
    name: "static-fields",
    severity: Severity::Warning,
    source: "PEP 621 and 643",
    refused_by: &[Refuser::Spec],
    about: "What `[project]` says and does not list in `dynamic` must stand unchanged in the metadata \
            of every distribution, and must not be marked dynamic there. Resolvers rely on it and \
            read pyproject.toml alone. A difference comes from an edit after the build, or from a \
            backend or setup.py that overrules the file: build again, or declare the field dynamic.",
};

pub(super) fn check(subject: &StaticSubject, findings: &mut Findings) {
    if !subject.pyproject.has_project() {
        return;
    }
    let mut report = |header: &'static str, message: String| {
        let mut finding = Finding::new(&RULE, message).field(header);
        finding.place.member.clone_from(&subject.member);
        let line = subject
            .metadata
            .named(header)
            .next()
            .map(|field| field.line);
        finding.place.line = line.filter(|line| *line > 0);
        findings.add(finding);
    };
    for (header, key, differ) in COMPARED {
        let (Some(text), Some(value)) = (
            subject.pyproject.project_string(key),
            subject.metadata.first(header),
        ) else {
            continue;
        };
        if differ(text, value) {
            let (text, value) = (shown(text), shown(value));
            report(
                header,
                format!("`{header}` is `{value}`, pyproject.toml says `{text}`"),
            );
        }
    }
    for name in missing_dependencies(subject) {
        let message = format!("`Requires-Dist` does not have `{name}`, pyproject.toml does");
        report("Requires-Dist", message);
    }
    for (header, key) in FIELDS_AND_KEYS {
        if is_dynamic(&subject.metadata, header) && is_static(&subject.pyproject, key) {
            let message = format!("`{header}` is marked dynamic, pyproject.toml has a value");
            report(header, message);
        }
    }
}

/// Whether two texts mean different things.
type Differ = fn(&str, &str) -> bool;

const COMPARED: [(&str, &str, Differ); 4] = [
    ("Name", "name", names_differ),
    ("Version", "version", versions_differ),
    ("Requires-Python", "requires-python", specifiers_differ),
    ("Summary", "description", words_differ),
];

fn names_differ(a: &str, b: &str) -> bool {
    matches!((ProjectName::parse(a), ProjectName::parse(b)), (Ok(a), Ok(b)) if a != b)
}

fn versions_differ(a: &str, b: &str) -> bool {
    matches!((Version::parse(a), Version::parse(b)), (Ok(a), Ok(b)) if a != b)
}

fn specifiers_differ(a: &str, b: &str) -> bool {
    matches!((SpecifierSet::parse(a), SpecifierSet::parse(b)), (Ok(a), Ok(b)) if a != b)
}

fn words_differ(a: &str, b: &str) -> bool {
    !a.split_whitespace().eq(b.split_whitespace())
}

fn is_static(pyproject: &Pyproject, key: &str) -> bool {
    let dynamic = pyproject.dynamic();
    // Dependencies of dynamic extras are written into the same field.
    let shares_field = key == "dependencies" && dynamic.contains(&"optional-dependencies");
    pyproject.item(&format!("project.{key}")).is_some() && !dynamic.contains(&key) && !shares_field
}

fn is_dynamic(metadata: &CoreMetadata, header: &str) -> bool {
    let mut dynamic = metadata.all("Dynamic");
    dynamic.any(|name| name.trim().eq_ignore_ascii_case(header))
}

/// Normalised names of static dependencies that the metadata lacks, sorted.
fn missing_dependencies(subject: &StaticSubject) -> BTreeSet<String> {
    let path = project(&["dependencies"]);
    let texts = subject.pyproject.strings_at(&path).into_iter();
    let wanted = names(texts.map(|value| value.text));
    let found = names(subject.metadata.all("Requires-Dist"));
    wanted.difference(&found).cloned().collect()
}

/// Normalised names of the requirements that are no part of an extra.
fn names<'a>(texts: impl Iterator<Item = &'a str>) -> BTreeSet<String> {
    let requirements = texts.filter_map(|text| Requirement::parse(text).ok());
    requirements
        .filter(|requirement| {
            let marker = requirement.marker.as_ref();
            marker.is_none_or(|marker| !marker.variables().contains(&MarkerVariable::Extra))
        })
        .map(|requirement| requirement.name.normalized().to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(pyproject: &str, metadata: &str) -> Vec<String> {
        let subject = StaticSubject {
            pyproject: Pyproject::parse(&format!("[project]\n{pyproject}\n")),
            metadata: Arc::new(CoreMetadata::parse(metadata.as_bytes())),
            member: None,
        };
        let mut findings = Findings::default();
        check(&subject, &mut findings);
        let findings = findings.into_sorted().into_iter();
        findings.map(|finding| finding.message).collect()
    }

    #[test]
    fn fires() {
        for (pyproject, metadata, message) in [
            (
                "version = '1.0'",
                "Version: 1.1\n",
                "`Version` is `1.1`, pyproject.toml says `1.0`",
            ),
            (
                "requires-python = '>=3.9'",
                "Requires-Python: >=3.8\n",
                "`Requires-Python` is `>=3.8`, pyproject.toml says `>=3.9`",
            ),
            (
                "dependencies = ['a', 'b']",
                "Requires-Dist: A>=1\nRequires-Dist: b; extra == 'x'\n",
                "`Requires-Dist` does not have `b`, pyproject.toml does",
            ),
            (
                "dependencies = []",
                "Dynamic: requires-dist\n",
                "`Requires-Dist` is marked dynamic, pyproject.toml has a value",
            ),
        ] {
            assert_eq!(found(pyproject, metadata), [message]);
        }
    }

    #[test]
    fn stays_quiet() {
        for (pyproject, metadata) in [
            (
                "name = 'De_mo'\nversion = '1.0'",
                "Name: de-mo\nVersion: 1\n",
            ),
            (
                "requires-python = '>=3.9, <4'",
                "Requires-Python: <4,>=3.9\n",
            ),
            ("description = 'a  b'", "Summary: a b\n"),
            (
                "dependencies = ['A.b>=1']",
                "Requires-Dist: a-b>=1\nRequires-Dist: c\n",
            ),
            ("dynamic = ['version']", "Version: 1.0\nDynamic: version\n"),
            (
                "dependencies = []\ndynamic = ['optional-dependencies']",
                "Dynamic: requires-dist\n",
            ),
        ] {
            assert_eq!(found(pyproject, metadata), [""; 0]);
        }
    }
}
