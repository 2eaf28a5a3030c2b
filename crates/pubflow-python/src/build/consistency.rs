//! Whether project, sdist, prepared metadata and wheel say the same.
//!
//! Spec: PEP 517 (prepared metadata are the wheel's), PEP 643 (what an sdist does not mark dynamic is
//! final).

use std::collections::BTreeSet;

use pubflow_metadata::core_metadata::{CoreMetadata, FIELDS, MetadataVersion};
use pubflow_spec::{ProjectName, Requirement, Version};
use thiserror::Error;

use super::error::{BuildError, BuildStage};
use super::made::Made;
use super::source::Source;

/// Fields that describe the metadata, not the project.
const ABOUT_ITSELF: &[&str] = &["metadata-version", "dynamic"];
/// Values longer than this are cut in messages.
const SHOWN: usize = 80;

/// Two things that should say the same and do not.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Difference {
    /// Name or version in the metadata is none.
    #[error("`{file}` gives its {field} as `{value}`, which is none")]
    Unreadable {
        /// The distribution.
        file: String,
        /// `name` or `version`.
        field: &'static str,
        /// What stands there; empty where nothing does.
        value: String,
    },
    /// A file name and the metadata inside differ.
    #[error("`{file}` is named for {field} {named}, its metadata say {inside}")]
    FileName {
        /// The distribution.
        file: String,
        /// `name` or `version`.
        field: &'static str,
        /// From the file's name.
        named: String,
        /// From its metadata.
        inside: String,
    },
    /// pyproject.toml and what was built differ.
    #[error("pyproject.toml gives the {field} `{project}`, `{file}` is of `{built}`")]
    Project {
        /// `name` or `version`.
        field: &'static str,
        /// From pyproject.toml.
        project: String,
        /// The distribution.
        file: String,
        /// From its metadata.
        built: String,
    },
    /// Two sets of metadata differ.
    #[error("{first} and {second} differ in {field}: `{first_value}` and `{second_value}`")]
    Metadata {
        /// The first of them.
        first: String,
        /// The second of them.
        second: String,
        /// The field.
        field: String,
        /// What the first says.
        first_value: String,
        /// What the second says.
        second_value: String,
    },
}

impl Difference {
    /// What to type or edit.
    pub(super) fn next(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } => "correct name and version of the project",
            Self::FileName { .. } => "report it to the build backend; the project cannot mend it",
            Self::Project { .. } => {
                "see that the build backend reads [project] of this pyproject.toml, and its version"
            }
            Self::Metadata { .. } => {
                "make the field the same wherever it is computed, or list it in `project.dynamic`"
            }
        }
    }
}

/// Name and version that all agree on.
#[derive(Debug)]
pub(super) struct Agreed {
    pub(super) name: ProjectName,
    pub(super) version: Version,
}

/// Compares everything with everything it must agree with.
pub(super) fn agree(
    source: &Source,
    sdist: &Made,
    wheel: &Made,
    prepared: Option<&CoreMetadata>,
) -> Result<Agreed, BuildError> {
    let sdist = Described {
        made: sdist,
        metadata: sdist.require_metadata(BuildStage::BuildSdist)?,
    };
    let wheel = Described {
        made: wheel,
        metadata: wheel.require_metadata(BuildStage::BuildWheel)?,
    };
    compare_all(source, &sdist, &wheel, prepared)
        .map_err(|difference| BuildError::new(BuildStage::Consistency, difference))
}

/// A distribution with its metadata.
struct Described<'a> {
    made: &'a Made,
    metadata: &'a CoreMetadata,
}

impl Described<'_> {
    fn filename(&self) -> &str {
        &self.made.filename
    }
}

fn compare_all(
    source: &Source,
    sdist: &Described<'_>,
    wheel: &Described<'_>,
    prepared: Option<&CoreMetadata>,
) -> Result<Agreed, Difference> {
    let agreed = identity(wheel)?;
    for made in [sdist, wheel] {
        let found = identity(made)?;
        compare_with_project(source, made, &found)?;
        let first = (
            sdist.filename(),
            found.name.normalized(),
            found.version.to_string(),
        );
        let second = (
            wheel.filename(),
            agreed.name.normalized(),
            agreed.version.to_string(),
        );
        same("Name", (first.0, first.1), (second.0, second.1))?;
        same("Version", (first.0, &first.2), (second.0, &second.2))?;
    }
    if let Some(prepared) = prepared {
        let names = ("the prepared metadata", wheel.filename());
        compare_fields(names, prepared, wheel.metadata, &Exempt::default())?;
    }
    let names = (sdist.filename(), wheel.filename());
    compare_fields(
        names,
        sdist.metadata,
        wheel.metadata,
        &Exempt::of_sdist(sdist.metadata),
    )?;
    Ok(agreed)
}

/// Name and version in the metadata, which the file's name must bear too.
fn identity(described: &Described<'_>) -> Result<Agreed, Difference> {
    let unreadable = |field, value: Option<&str>| Difference::Unreadable {
        file: described.filename().to_owned(),
        field,
        value: shown(value.unwrap_or_default()),
    };
    let (name, version) = (described.metadata.name(), described.metadata.version());
    let parsed_name = name.and_then(|text| ProjectName::parse(text).ok());
    let parsed_name = parsed_name.ok_or_else(|| unreadable("name", name))?;
    let parsed_version = version.and_then(|text| Version::parse(text).ok());
    let parsed_version = parsed_version.ok_or_else(|| unreadable("version", version))?;
    let differs = |field, named: String, inside: String| Difference::FileName {
        file: described.filename().to_owned(),
        field,
        named,
        inside,
    };
    let filename = &described.made.parsed;
    if *filename.name() != parsed_name {
        let named = filename.name().normalized().to_owned();
        return Err(differs("name", named, parsed_name.to_string()));
    }
    if *filename.version() != parsed_version {
        let named = filename.version().to_string();
        return Err(differs("version", named, parsed_version.to_string()));
    }
    Ok(Agreed {
        name: parsed_name,
        version: parsed_version,
    })
}

fn compare_with_project(
    source: &Source,
    described: &Described<'_>,
    found: &Agreed,
) -> Result<(), Difference> {
    let differs = |field, project: &str, built: String| Difference::Project {
        field,
        project: project.to_owned(),
        file: described.filename().to_owned(),
        built,
    };
    // A name or version that is none is the backend's to refuse; here it cannot be equal.
    if let Some(name) = &source.name
        && ProjectName::parse(name).ok().as_ref() != Some(&found.name)
    {
        return Err(differs("name", name, found.name.to_string()));
    }
    if let Some(version) = &source.version
        && Version::parse(version).ok().as_ref() != Some(&found.version)
    {
        return Err(differs("version", version, found.version.to_string()));
    }
    Ok(())
}

/// Fields of the first metadata that need not be what the second say.
#[derive(Default)]
struct Exempt {
    dynamic: BTreeSet<String>,
    absent: bool,
}

impl Exempt {
    /// What PEP 643 exempts: fields marked dynamic, and before metadata version 2.2, when nothing
    /// could be marked, whatever the sdist leaves out and whatever may stand there many times.
    fn of_sdist(metadata: &CoreMetadata) -> Self {
        let version = metadata.metadata_version().and_then(MetadataVersion::parse);
        Self {
            dynamic: metadata.all("Dynamic").map(str::to_lowercase).collect(),
            absent: version.is_none_or(|version| version < MetadataVersion::V2_2),
        }
    }

    fn covers(&self, field: &str, first_values: &[String], second_values: &[String]) -> bool {
        let is_one = first_values.len() == 1 && second_values.len() == 1;
        self.dynamic.contains(field) || (self.absent && !is_one)
    }
}

fn compare_fields(
    names: (&str, &str),
    first: &CoreMetadata,
    second: &CoreMetadata,
    exempt: &Exempt,
) -> Result<(), Difference> {
    for field in FIELDS {
        let key = field.header.to_lowercase();
        if ABOUT_ITSELF.contains(&key.as_str()) || key == "description" {
            continue;
        }
        let (left, right) = (values(first, field.header), values(second, field.header));
        if exempt.covers(&key, &left, &right) {
            continue;
        }
        same(
            field.header,
            (names.0, &left.join("; ")),
            (names.1, &right.join("; ")),
        )?;
    }
    let text = |metadata: &CoreMetadata| -> Vec<String> {
        metadata.description().map(plain).into_iter().collect()
    };
    let (left, right) = (text(first), text(second));
    if exempt.covers("description", &left, &right) {
        return Ok(());
    }
    same(
        "Description",
        (names.0, &left.concat()),
        (names.1, &right.concat()),
    )
}

/// Values of a field in one order and one spelling.
fn values(metadata: &CoreMetadata, field: &str) -> Vec<String> {
    let mut values: Vec<String> = metadata
        .all(field)
        .map(|value| normal(field, value).unwrap_or_else(|| plain(value)))
        .collect();
    values.sort();
    values
}

/// The normal form of a value that has one.
fn normal(field: &str, value: &str) -> Option<String> {
    Some(match field {
        "Name" => ProjectName::parse(value).ok()?.normalized().to_owned(),
        "Version" => Version::parse(value).ok()?.to_string(),
        "Requires-Dist" => Requirement::parse(value).ok()?.to_string(),
        _ => return None,
    })
}

/// A text without what writing and reading metadata changes: line ends, outer white space, the
/// indentation of continued lines.
fn plain(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    lines.join("\n").trim().to_owned()
}

fn same(field: &str, first: (&str, &str), second: (&str, &str)) -> Result<(), Difference> {
    if first.1 == second.1 {
        return Ok(());
    }
    let (first_value, second_value) = excerpt(first.1, second.1);
    Err(Difference::Metadata {
        first: first.0.to_owned(),
        second: second.0.to_owned(),
        field: field.to_owned(),
        first_value,
        second_value,
    })
}

/// Two different texts as far as it helps to see the difference: long ones from where they part.
fn excerpt(first: &str, second: &str) -> (String, String) {
    if first.len() <= SHOWN && second.len() <= SHOWN {
        return (shown(first), shown(second));
    }
    let n_equal = first
        .chars()
        .zip(second.chars())
        .take_while(|(a, b)| a == b)
        .count();
    let from = n_equal.saturating_sub(SHOWN / 4);
    let part = |text: &str| shown(&text.chars().skip(from).collect::<String>());
    (part(first), part(second))
}

fn shown(text: &str) -> String {
    let line: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(SHOWN + 1)
        .collect();
    match line.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}...", &line[..end]),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(sdist: &str, wheel: &str, expected: Option<&str>) {
        let (first, second) = (parse(sdist), parse(wheel));
        let exempt = Exempt::of_sdist(&first);
        let found = compare_fields(("sdist", "wheel"), &first, &second, &exempt);
        assert_eq!(
            found
                .err()
                .map(|difference| difference.to_string())
                .as_deref(),
            expected
        );
    }

    fn parse(text: &str) -> CoreMetadata {
        CoreMetadata::parse(format!("Name: a\nVersion: 1\n{text}").as_bytes())
    }

    #[test]
    fn what_an_sdist_does_not_mark_dynamic_is_final() {
        let both = "Metadata-Version: 2.2\nSummary: x\n";
        check(both, "Metadata-Version: 2.4\nSummary: x\n", None);
        check(
            both,
            "Summary: y\n",
            Some("sdist and wheel differ in Summary: `x` and `y`"),
        );
        check(
            both,
            "",
            Some("sdist and wheel differ in Summary: `x` and ``"),
        );
        check(
            "Metadata-Version: 2.2\nDynamic: summary\n",
            "Summary: y\n",
            None,
        );
        check(
            "Metadata-Version: 2.2\nKeywords: a\n\nText\n",
            "Keywords: a\n\nText\n\n",
            None,
        );
        check(
            "Metadata-Version: 2.2\n\nText\n",
            "\nOther\n",
            Some("sdist and wheel differ in Description: `Text` and `Other`"),
        );
    }

    #[test]
    fn before_dynamic_existed_only_contradictions_count() {
        let old = "Metadata-Version: 2.1\n";
        check(old, "Summary: y\nRequires-Dist: z\n", None);
        check(
            &format!("{old}Summary: x\n"),
            "Summary: y\n",
            Some("sdist and wheel differ in Summary: `x` and `y`"),
        );
    }

    #[test]
    fn order_and_spelling_do_not_count() {
        check(
            "Metadata-Version: 2.2\nRequires-Dist: b>=1\nRequires-Dist: c;python_version<'3'\n",
            "Requires-Dist: c; python_version < \"3\"\nRequires-Dist: b >= 1\n",
            None,
        );
        let first = CoreMetadata::parse(b"Name: A.b\nVersion: 1.0.post01\n");
        let second = CoreMetadata::parse(b"Name: a-b\nVersion: 1.0-1\n");
        let found = compare_fields(("first", "second"), &first, &second, &Exempt::default());
        assert_eq!(found, Ok(()));
    }
}
