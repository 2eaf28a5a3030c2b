//! Which files `publish` takes.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use pubflow_pipeline::{ManifestFile, StateDir};
use pubflow_spec::DistributionFilename;
use pubflow_stages::release_of;

use crate::error::CommandError;

/// The files to publish: those that were named, else the newest sealed set whose digests still match
/// `dist/`, else everything there if it is one release.
pub(crate) fn chosen_files(
    named: &[PathBuf],
    state: &StateDir,
) -> Result<Vec<PathBuf>, CommandError> {
    if let Some(directory) = named.iter().find(|path| path.is_dir()) {
        return Err(CommandError::Argument {
            option: "FILES",
            value: directory.display().to_string(),
            expected: "file",
            why: "it is a directory; name the files in it, or nothing to take those of dist/"
                .to_owned(),
        });
    }
    if !named.is_empty() {
        return Ok(named
            .iter()
            .filter(|path| !is_companion(path))
            .cloned()
            .collect());
    }
    let dist = Path::new("dist");
    let found = distributions_in(dist)?;
    if found.is_empty() {
        return Err(CommandError::NothingToPublish {
            directory: dist.to_owned(),
        });
    }
    match newest_sealed(state, dist, &found)? {
        Some(sealed) => Ok(sealed),
        None => {
            release_of(&found)?;
            Ok(found)
        }
    }
}

/// The files of the newest sealed record that all lie in `dist` unchanged.
fn newest_sealed(
    state: &StateDir,
    dist: &Path,
    found: &[PathBuf],
) -> Result<Option<Vec<PathBuf>>, CommandError> {
    let names = found.iter().filter_map(|path| {
        let filename = path.file_name()?.to_str()?;
        Some(DistributionFilename::parse(filename).ok()?.name().clone())
    });
    let mut records = Vec::new();
    for project in names.collect::<BTreeSet<_>>() {
        records.extend(state.records_of(&project)?);
    }
    records.sort_by_key(|record| std::cmp::Reverse(record.sealed_at()));
    for record in records {
        let unchanged = |file: &ManifestFile| {
            let path = dist.join(&file.filename);
            let same_size = path
                .metadata()
                .is_ok_and(|metadata| metadata.len() == file.size);
            (same_size
                && pubflow_dist::sha256_file(&path).is_ok_and(|sha256| sha256 == file.sha256))
            .then_some(path)
        };
        let paths: Option<Vec<PathBuf>> = record.manifest().files().iter().map(unchanged).collect();
        if paths.is_some() {
            return Ok(paths);
        }
    }
    Ok(None)
}

/// Wheels and sdists in a directory, by their names; none where there is no directory.
pub(crate) fn distributions_in(directory: &Path) -> Result<Vec<PathBuf>, CommandError> {
    let listing = match std::fs::read_dir(directory) {
        Ok(listing) => listing,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(source) => {
            return Err(CommandError::Io {
                path: directory.to_owned(),
                done: "listed",
                source,
            });
        }
    };
    let mut paths: Vec<PathBuf> = listing
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| is_distribution(path))
        .collect();
    paths.sort();
    Ok(paths)
}

fn is_distribution(path: &Path) -> bool {
    let name = path
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    path.is_file()
        && (name.ends_with(".whl") || name.ends_with(".tar.gz") || name.ends_with(".zip"))
}

/// Files that lie beside distributions and are none.
fn is_companion(path: &Path) -> bool {
    let name = path
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    name == ".gitignore" || name.ends_with(".asc") || name.ends_with(".publish.attestation")
}
