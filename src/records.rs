//! Which recorded release a command means.
//!
//! The state directory holds the releases of every project of this user. A command that names none
//! means one of the project it is called in; where that cannot be told, it acts only if there is no
//! choice.

use std::collections::BTreeSet;
use std::path::Path;

use pubflow_metadata::pyproject::Pyproject;
use pubflow_pipeline::{Facts, JournalState, ReleaseRecord, StateDir, StepId};
use pubflow_spec::{DistributionFilename, ProjectName, Sha256, Version};

use crate::error::CommandError;
use crate::selection::distributions_in;

/// Reads `NAME==VERSION`.
pub(crate) fn name_and_version(text: &str) -> Result<(ProjectName, Version), CommandError> {
    let wrong = |why: String| CommandError::Argument {
        option: "NAME==VERSION",
        value: text.to_owned(),
        expected: "release",
        why,
    };
    let (name, version) = text
        .split_once("==")
        .ok_or_else(|| wrong("write it as NAME==VERSION".to_owned()))?;
    let project = ProjectName::parse(name.trim()).map_err(|error| wrong(error.to_string()))?;
    let version = Version::parse(version.trim()).map_err(|error| wrong(error.to_string()))?;
    Ok((project, version))
}

/// A digest in any letter case, with or without `sha256:` before it.
pub(crate) fn digest(option: &'static str, text: &str) -> Result<Sha256, CommandError> {
    let hex = text.trim().trim_start_matches("sha256:");
    Sha256::parse(&hex.to_ascii_lowercase()).map_err(|error| CommandError::Argument {
        option,
        value: text.to_owned(),
        expected: "SHA-256",
        why: error.to_string(),
    })
}

/// The last sealed record of a version.
pub(crate) fn newest_record(
    state: &StateDir,
    project: &ProjectName,
    version: &Version,
) -> Result<Option<ReleaseRecord>, CommandError> {
    Ok(state
        .records_of_version(project, version)?
        .into_iter()
        .next())
}

/// The record of `NAME==VERSION`: the last sealed one that `is_meant`, else the last sealed one.
///
/// # Errors
/// None is recorded.
pub(crate) fn require_release(
    state: &StateDir,
    release: &str,
    is_meant: impl Fn(&ReleaseRecord) -> Result<bool, CommandError>,
) -> Result<ReleaseRecord, CommandError> {
    let (project, version) = name_and_version(release)?;
    let mut records = state.records_of_version(&project, &version)?;
    for (n, record) in records.iter().enumerate() {
        if is_meant(record)? {
            return Ok(records.swap_remove(n));
        }
    }
    records
        .into_iter()
        .next()
        .ok_or_else(|| CommandError::NoRelease {
            release: release.to_owned(),
        })
}

/// The last sealed record that `is_meant`, of the project here; none where nothing is meant.
///
/// # Errors
/// It cannot be told which project is meant, and there are several.
pub(crate) fn find_release_here(
    state: &StateDir,
    is_meant: impl Fn(&ReleaseRecord) -> Result<bool, CommandError>,
) -> Result<Option<ReleaseRecord>, CommandError> {
    let here = projects_here(Path::new("."))?;
    let mut records = Vec::new();
    for project in &here {
        records.extend(state.records_of(project)?);
    }
    if here.is_empty() {
        records = state.records()?;
    }
    let mut meant: Vec<ReleaseRecord> = Vec::new();
    for record in records {
        if is_meant(&record)? {
            meant.push(record);
        }
    }
    let projects: BTreeSet<&ProjectName> = meant
        .iter()
        .map(|record| record.manifest().name())
        .collect();
    if projects.len() > 1 {
        let releases = meant.iter().map(|record| {
            let manifest = record.manifest();
            format!("{}=={}", manifest.name(), manifest.version())
        });
        return Err(CommandError::WhichRelease {
            releases: releases.collect(),
        });
    }
    Ok(meant.into_iter().next())
}

/// Whether a record's journal says that its files were seen on the index called `index`.
pub(crate) fn was_published(record: &ReleaseRecord, index: &str) -> Result<bool, CommandError> {
    let step = StepId::new(format!("upload:{index}"));
    let facts = Facts::read(record)?;
    Ok(facts
        .subjects()
        .any(|(subject, state)| subject.step == step && matches!(state, JournalState::Done { .. })))
}

/// The indexes that hold this version with other bytes under a name of `record`, as the journals of
/// other builds say.
pub(crate) fn published_otherwise(
    state: &StateDir,
    record: &ReleaseRecord,
) -> Result<BTreeSet<String>, CommandError> {
    let ours = record.manifest();
    let mut indexes = BTreeSet::new();
    for other in state.records_of_version(ours.name(), ours.version())? {
        let theirs = other.manifest();
        let differs = |filename: &str| match (ours.find_file(filename), theirs.find_file(filename))
        {
            (Some(ours), Some(theirs)) => ours.sha256 != theirs.sha256,
            _ => false,
        };
        for (subject, state) in Facts::read(&other)?.subjects() {
            let index = subject.step.as_str().strip_prefix("upload:");
            let done = matches!(state, JournalState::Done { .. });
            if let Some(index) = index.filter(|_| done && differs(subject.unit.as_str())) {
                indexes.insert(index.to_owned());
            }
        }
    }
    Ok(indexes)
}

/// The project in `directory`: the name in its pyproject.toml, else those of the files in `dist/`.
fn projects_here(directory: &Path) -> Result<BTreeSet<ProjectName>, CommandError> {
    let pyproject = std::fs::read(directory.join("pyproject.toml")).ok();
    let pyproject = pyproject.map(|bytes| Pyproject::from_bytes(&bytes));
    let named = pyproject.as_ref().and_then(Pyproject::project_name);
    if let Some(project) = named.and_then(|name| ProjectName::parse(name).ok()) {
        return Ok(BTreeSet::from([project]));
    }
    let names = distributions_in(&directory.join("dist"))?
        .into_iter()
        .filter_map(|path| {
            let filename = path.file_name()?.to_str()?.to_owned();
            Some(DistributionFilename::parse(&filename).ok()?.name().clone())
        });
    Ok(names.collect())
}

/// The project that the pyproject.toml in `directory` names.
pub(crate) fn project_here(directory: &Path) -> Option<ProjectName> {
    let bytes = std::fs::read(directory.join("pyproject.toml")).ok()?;
    ProjectName::parse(Pyproject::from_bytes(&bytes).project_name()?).ok()
}

/// The version that the pyproject.toml in `directory` states, where it states one.
pub(crate) fn version_here(directory: &Path) -> Option<Version> {
    let bytes = std::fs::read(directory.join("pyproject.toml")).ok()?;
    Version::parse(Pyproject::from_bytes(&bytes).project_version()?).ok()
}
