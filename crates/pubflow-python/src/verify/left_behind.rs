//! Files that removing the distribution would leave in the environment: whatever came after the
//! environment was made and stands in no RECORD. Uninstallers work through RECORD and remove the
//! bytecode beside what they remove.
//!
//! Spec: "Recording installed projects", RECORD.

use std::collections::BTreeSet;
use std::io;
use std::path::{Component, Path, PathBuf};

use pubflow_finding::Finding;

use super::rules::LEFT_BEHIND;
use crate::environment::PythonEnvironment;

/// Files that are named in one finding.
const SHOWN_FILES: usize = 5;
/// Entries that are looked at; an environment with more is too large to be compared.
const MOST_ENTRIES: usize = 400_000;

/// What uv keeps in an environment that it works on.
const OF_THE_INSTALLER: &str = ".lock";

/// Every file of an environment, bytecode aside.
pub(super) fn files_of(environment: &PythonEnvironment) -> io::Result<BTreeSet<PathBuf>> {
    let mut files = BTreeSet::new();
    let mut waiting = vec![environment.root().to_path_buf()];
    while let Some(directory) = waiting.pop() {
        for entry in std::fs::read_dir(directory)? {
            let entry = entry?;
            let kind = entry.file_type()?;
            if kind.is_dir() {
                if entry.file_name() != "__pycache__" {
                    waiting.push(entry.path());
                }
            } else if files.len() < MOST_ENTRIES {
                files.insert(entry.path());
            }
        }
    }
    Ok(files)
}

/// A finding about files that came after `before` and that no RECORD lists, if there are any.
pub(super) fn left_behind(
    environment: &PythonEnvironment,
    before: &BTreeSet<PathBuf>,
) -> io::Result<Option<Finding>> {
    let now = files_of(environment)?;
    let owned = owned_files(&environment.site_packages())?;
    let left: Vec<String> = now
        .iter()
        .filter(|file| !before.contains(*file) && !owned.contains(*file))
        .filter(|file| **file != environment.root().join(OF_THE_INSTALLER))
        .filter_map(|file| file.strip_prefix(environment.root()).ok())
        .map(|file| file.to_string_lossy().replace('\\', "/"))
        .collect();
    if left.is_empty() || now.len() >= MOST_ENTRIES {
        return Ok(None);
    }
    let shown: Vec<String> = left
        .iter()
        .take(SHOWN_FILES)
        .map(|file| format!("`{file}`"))
        .collect();
    let more = match left.len().saturating_sub(SHOWN_FILES) {
        0 => String::new(),
        n => format!(" and {n} more"),
    };
    let finding = Finding::new(
        &LEFT_BEHIND,
        format!(
            "removing the distribution leaves {}{more} in the environment",
            shown.join(", ")
        ),
    )
    .why("it was made by an import, a script or a command, and no RECORD lists it")
    .next("write it below the directory that `platformdirs` or XDG names");
    Ok(Some(finding))
}

/// Every file that the RECORD of an installed distribution lists.
fn owned_files(site_packages: &Path) -> io::Result<BTreeSet<PathBuf>> {
    let mut owned = BTreeSet::new();
    for entry in std::fs::read_dir(site_packages)? {
        let directory = entry?.path();
        if directory
            .extension()
            .is_none_or(|ending| ending != "dist-info")
        {
            continue;
        }
        let Ok(text) = std::fs::read(directory.join("RECORD")) else {
            continue;
        };
        for row in pubflow_dist::Record::parse(&text)
            .iter()
            .flat_map(pubflow_dist::Record::rows)
        {
            owned.insert(without_dots(&site_packages.join(&row.path)));
        }
    }
    Ok(owned)
}

/// The path without `..`, by text alone: RECORD names programs as `../../../bin/demo`.
fn without_dots(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                plain.pop();
            }
            part => plain.push(part),
        }
    }
    plain
}
