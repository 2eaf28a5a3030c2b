//! The distributions of a release, taken over by digest: from the user's directory into the object
//! store, and from there by their own names into the record's `files/` folder, where every stage
//! reads them. What happens to `dist/` afterwards does not matter any more.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use pubflow_pipeline::{
    Manifest, ManifestError, ManifestFile, ReleaseRecord, StateDir, StateError,
};
use pubflow_spec::{DistributionFilename, ProjectName, Sha256, Version};

/// One distribution that was taken over.
#[derive(Debug, Clone)]
pub struct SealedFile {
    /// Its name on every index.
    pub filename: DistributionFilename,
    /// Where its bytes are read: below the release record.
    pub path: PathBuf,
    /// Size in bytes.
    pub size: u64,
    /// Digest of its bytes.
    pub sha256: Sha256,
}

/// Why files make no release.
#[derive(Debug, thiserror::Error)]
pub enum FilesError {
    /// A name that is neither a wheel's nor an sdist's.
    #[error("`{}` is no distribution", path.display())]
    NotADistribution {
        /// The file.
        path: PathBuf,
        /// What the reader of file names said.
        why: String,
    },
    /// The files belong to several releases.
    #[error("the files belong to {} releases", releases.len())]
    SeveralReleases {
        /// Project and version of each, with the files of it.
        releases: BTreeMap<String, Vec<PathBuf>>,
    },
    /// A file could not be read.
    #[error("`{}` cannot be read", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The list makes no manifest.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    /// The state directory could not be used.
    #[error(transparent)]
    State(#[from] StateError),
}

/// Who made the files, as far as it is known.
#[derive(Debug, Clone, Default)]
pub struct Origin {
    /// The commit they were built from.
    pub commit: Option<String>,
    /// Tools and their versions.
    pub tools: BTreeMap<String, String>,
}

/// Takes `paths` over into the object store and seals them.
///
/// Where a record with the very same files is there already, it is the one that is opened: what was
/// built here keeps its commit and its journal when it is published by its files.
///
/// # Errors
/// See [`FilesError`].
pub fn seal(
    state: &StateDir,
    paths: &[PathBuf],
    origin: Origin,
) -> Result<ReleaseRecord, FilesError> {
    let (project, version) = release_of(paths)?;
    let mut files = Vec::new();
    for path in paths {
        let filename = name_of(path);
        let size = fs::metadata(path)
            .map_err(|source| FilesError::Read {
                path: path.clone(),
                source,
            })?
            .len();
        files.push(ManifestFile {
            filename,
            size,
            sha256: state.put_object(path)?,
        });
    }
    let known = state
        .records_of(&project)?
        .into_iter()
        .find(|record| same_files(record.manifest(), &version, &files));
    let record = match (known, &origin.commit) {
        (Some(record), None) => state.seal(record.manifest())?,
        _ => state.seal(&Manifest::new(
            project,
            version,
            origin.commit,
            files,
            origin.tools,
        )?)?,
    };
    open_files(state, &record)?;
    Ok(record)
}

/// The files of a sealed release, each compared with its digest on the way.
///
/// # Errors
/// [`StateError::DamagedObject`] when stored bytes are not what they were, and file system errors.
pub fn open_files(state: &StateDir, record: &ReleaseRecord) -> Result<Vec<SealedFile>, FilesError> {
    let folder = record.dir().join("files");
    fs::create_dir_all(&folder).map_err(|source| FilesError::Read {
        path: folder.clone(),
        source,
    })?;
    let mut sealed = Vec::new();
    for file in record.manifest().files() {
        let path = folder.join(&file.filename);
        let object = state.verify_object(&file.sha256)?;
        if let Some(object) = object {
            link(&object, &path).map_err(|source| FilesError::Read {
                path: path.clone(),
                source,
            })?;
        }
        let filename = DistributionFilename::parse(&file.filename).map_err(|error| {
            FilesError::NotADistribution {
                path: path.clone(),
                why: error.to_string(),
            }
        })?;
        sealed.push(SealedFile {
            filename,
            path,
            size: file.size,
            sha256: file.sha256,
        });
    }
    Ok(sealed)
}

/// Gives the object its own name: a link where the file system can, else a copy.
fn link(object: &Path, path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    fs::hard_link(object, path).or_else(|_| fs::copy(object, path).map(drop))
}

/// The one project and version that the files belong to.
///
/// # Errors
/// [`FilesError::NotADistribution`], [`FilesError::SeveralReleases`].
pub fn release_of(paths: &[PathBuf]) -> Result<(ProjectName, Version), FilesError> {
    let mut releases: BTreeMap<String, (ProjectName, Version, Vec<PathBuf>)> = BTreeMap::new();
    for path in paths {
        let filename = DistributionFilename::parse(&name_of(path)).map_err(|error| {
            FilesError::NotADistribution {
                path: path.clone(),
                why: error.to_string(),
            }
        })?;
        let (name, version) = (filename.name().clone(), filename.version().clone());
        releases
            .entry(format!("{} {version}", name.normalized()))
            .or_insert_with(|| (name, version, Vec::new()))
            .2
            .push(path.clone());
    }
    if releases.len() > 1 {
        let releases = releases
            .into_iter()
            .map(|(release, (.., paths))| (release, paths))
            .collect();
        return Err(FilesError::SeveralReleases { releases });
    }
    match releases.into_values().next() {
        Some((name, version, _)) => Ok((name, version)),
        None => Err(ManifestError::NoFiles.into()),
    }
}

fn name_of(path: &Path) -> String {
    path.file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}

fn same_files(manifest: &Manifest, version: &Version, files: &[ManifestFile]) -> bool {
    let mut files = files.to_vec();
    files.sort();
    manifest.version() == version && manifest.files() == files
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(dir: &Path) -> StateDir {
        StateDir::open(&dir.join("state")).unwrap()
    }

    fn file(dir: &Path, name: &str, text: &str) -> PathBuf {
        let path = dir.join(name);
        fs::write(&path, text).unwrap();
        path
    }

    #[test]
    fn what_is_sealed_does_not_change_with_the_directory_it_came_from() {
        let dir = tempfile::tempdir().unwrap();
        let state = state(dir.path());
        let paths = [file(dir.path(), "demo-1.0.tar.gz", "old")];
        let record = seal(&state, &paths, Origin::default()).unwrap();
        fs::write(&paths[0], "new").unwrap();
        let sealed = open_files(&state, &record).unwrap();
        assert_eq!(fs::read_to_string(&sealed[0].path).unwrap(), "old");
        assert_eq!(sealed[0].sha256, Sha256::of(b"old"));
    }

    #[test]
    fn publishing_by_files_finds_the_record_that_build_sealed() {
        let dir = tempfile::tempdir().unwrap();
        let state = state(dir.path());
        let paths = [file(dir.path(), "demo-1.0.tar.gz", "x")];
        let built = seal(
            &state,
            &paths,
            Origin {
                commit: Some("c".into()),
                ..Origin::default()
            },
        )
        .unwrap();
        let by_files = seal(&state, &paths, Origin::default()).unwrap();
        assert_eq!(by_files.key(), built.key());
    }

    #[test]
    fn damaged_objects_are_noticed() {
        let dir = tempfile::tempdir().unwrap();
        let state = state(dir.path());
        let record = seal(
            &state,
            &[file(dir.path(), "demo-1.0.tar.gz", "x")],
            Origin::default(),
        )
        .unwrap();
        let object = state.object(&Sha256::of(b"x")).unwrap();
        fs::remove_file(&object).unwrap();
        fs::write(&object, "y").unwrap();
        assert!(matches!(
            open_files(&state, &record),
            Err(FilesError::State(StateError::DamagedObject { .. }))
        ));
    }

    #[test]
    fn files_of_two_versions_are_told_apart() {
        let dir = tempfile::tempdir().unwrap();
        let paths = [
            file(dir.path(), "demo-1.0.tar.gz", "x"),
            file(dir.path(), "demo-1.1.tar.gz", "x"),
        ];
        match release_of(&paths) {
            Err(FilesError::SeveralReleases { releases }) => {
                assert_eq!(
                    releases.keys().collect::<Vec<_>>(),
                    ["demo 1.0", "demo 1.1"]
                );
            }
            other => panic!("{other:?}"),
        }
    }
}
