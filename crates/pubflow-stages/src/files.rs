//! The distributions of a release, taken over by digest: from the user's directory into the object
//! store, and from there by their own names into the record's `files/` folder, where every stage
//! reads them. What happens to `dist/` afterwards does not matter any more.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use pubflow_dist::sha256_file;
use pubflow_index::{Attestation, AttestationError};
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
    /// What was attested about it, for indexes that take that.
    pub attestations: Vec<Attestation>,
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
    /// A file is not the one that was expected.
    #[error("`{}` was changed after it was built", path.display())]
    Changed {
        /// The file.
        path: PathBuf,
    },
    /// The stored bytes of a sealed file are not there any more.
    #[error("the stored copy of `{filename}` is gone")]
    Gone {
        /// Its name.
        filename: String,
        /// Of its bytes.
        sha256: Sha256,
    },
    /// What lies beside a file is no attestation about it.
    #[error("`{}` does not attest the file beside it", path.display())]
    Attestation {
        /// The file that holds it.
        path: PathBuf,
        /// What is wrong.
        source: AttestationError,
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
    let release = release_of(paths)?;
    let files: Result<_, _> = paths.iter().map(|path| take(state, path)).collect();
    seal_taken(state, release, files?, origin)
}

/// The same for files that were digested before: nothing is sealed when one has changed since.
///
/// # Errors
/// [`FilesError::Changed`], and as [`seal`].
pub fn seal_expecting(
    state: &StateDir,
    files: &[(PathBuf, Sha256)],
    origin: Origin,
) -> Result<ReleaseRecord, FilesError> {
    let paths: Vec<PathBuf> = files.iter().map(|(path, _)| path.clone()).collect();
    let release = release_of(&paths)?;
    let mut taken = Vec::new();
    for (path, expected) in files {
        let file = take(state, path)?;
        if file.sha256 != *expected {
            return Err(FilesError::Changed { path: path.clone() });
        }
        taken.push(file);
    }
    seal_taken(state, release, taken, origin)
}

/// Puts one file into the store. What is said of it is said of the stored bytes.
fn take(state: &StateDir, path: &Path) -> Result<ManifestFile, FilesError> {
    let filename = name_of(path);
    let sha256 = state.put_object(path)?;
    let object = state
        .object(&sha256)
        .ok_or_else(|| gone(&filename, sha256))?;
    let metadata = fs::metadata(&object).map_err(|source| FilesError::Read {
        path: object,
        source,
    })?;
    Ok(ManifestFile {
        filename,
        size: metadata.len(),
        sha256,
    })
}

fn gone(filename: &str, sha256: Sha256) -> FilesError {
    FilesError::Gone {
        filename: filename.to_owned(),
        sha256,
    }
}

fn seal_taken(
    state: &StateDir,
    (project, version): (ProjectName, Version),
    files: Vec<ManifestFile>,
    origin: Origin,
) -> Result<ReleaseRecord, FilesError> {
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
    Ok(record)
}

/// The files that a record lists, without looking at any of them: for what describes a release and does
/// nothing with it, so also without the record's lock.
///
/// # Errors
/// [`FilesError::NotADistribution`].
pub fn listed_files(record: &ReleaseRecord) -> Result<Vec<SealedFile>, FilesError> {
    let folder = record.dir().join("files");
    let listed = record.manifest().files().iter();
    listed
        .map(|file| listed_file(file, folder.join(&file.filename)))
        .collect()
}

fn listed_file(file: &ManifestFile, path: PathBuf) -> Result<SealedFile, FilesError> {
    match DistributionFilename::parse(&file.filename) {
        Ok(filename) => Ok(SealedFile {
            filename,
            path,
            size: file.size,
            sha256: file.sha256,
            attestations: Vec::new(),
        }),
        Err(error) => Err(FilesError::NotADistribution {
            path,
            why: error.to_string(),
        }),
    }
}

/// The files of a sealed release, each compared with its digest on the way.
///
/// Gives them their names where they have none yet, so call it under the record's lock.
///
/// # Errors
/// [`StateError::DamagedObject`] when stored bytes are not what they were, [`FilesError::Gone`] when
/// they are not there, and file system errors.
pub fn open_files(state: &StateDir, record: &ReleaseRecord) -> Result<Vec<SealedFile>, FilesError> {
    let folder = record.dir().join("files");
    fs::create_dir_all(&folder).map_err(|source| FilesError::Read {
        path: folder.clone(),
        source,
    })?;
    let mut sealed = Vec::new();
    for file in record.manifest().files() {
        let path = folder.join(&file.filename);
        let object = state
            .verify_object(&file.sha256)?
            .ok_or_else(|| gone(&file.filename, file.sha256))?;
        if !is_same(&path, file) {
            link(&object, &path).map_err(|source| FilesError::Read {
                path: path.clone(),
                source,
            })?;
        }
        sealed.push(SealedFile {
            attestations: crate::attestations::kept(record, &file.filename, file.sha256)?,
            ..listed_file(file, path)?
        });
    }
    Ok(sealed)
}

/// Whether the very file lies there already. What cannot be read does not.
fn is_same(path: &Path, file: &ManifestFile) -> bool {
    fs::symlink_metadata(path)
        .is_ok_and(|metadata| metadata.is_file() && metadata.len() == file.size)
        && sha256_file(path).is_ok_and(|sha256| sha256 == file.sha256)
}

/// Gives the object its own name: a link where the file system can, else a copy. The name is never
/// gone meanwhile: another process may be reading by it.
fn link(object: &Path, path: &Path) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let named = tempfile::Builder::new().make_in(folder, |name| {
        match fs::hard_link(object, name) {
            // Another name is tried then.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(error),
            Err(_) => fs::copy(object, name).map(drop),
            Ok(()) => Ok(()),
        }
    })?;
    named.into_temp_path().persist(path)?;
    Ok(())
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
        assert!(matches!(
            open_files(&state, &record),
            Err(FilesError::Gone { .. })
        ));
        fs::write(&object, "y").unwrap();
        assert!(matches!(
            open_files(&state, &record),
            Err(FilesError::State(StateError::DamagedObject { .. }))
        ));
    }

    #[test]
    fn a_file_that_has_changed_since_it_was_digested_seals_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let state = state(dir.path());
        let path = file(dir.path(), "demo-1.0.tar.gz", "x");
        let sealed = |text: &str| {
            let files = [(path.clone(), Sha256::of(text.as_bytes()))];
            seal_expecting(&state, &files, Origin::default())
        };
        match sealed("y") {
            Err(FilesError::Changed { path: changed }) => assert_eq!(changed, path),
            other => panic!("{other:?}"),
        }
        assert_eq!(state.records().unwrap().len(), 0);
        let record = sealed("x").unwrap();
        assert_eq!(record.manifest().files()[0].size, 1);
    }

    #[cfg(unix)]
    #[test]
    fn a_name_in_use_is_left_alone_and_a_wrong_file_replaced() {
        use std::os::unix::fs::MetadataExt as _;
        let dir = tempfile::tempdir().unwrap();
        let state = state(dir.path());
        let paths = [file(dir.path(), "demo-1.0.tar.gz", "x")];
        let record = seal(&state, &paths, Origin::default()).unwrap();
        let folder = record.dir().join("files");
        assert!(!folder.exists(), "sealing gives no names");
        let path = open_files(&state, &record).unwrap()[0].path.clone();
        let number = || fs::metadata(&path).unwrap().ino();
        let first = number();
        // Taken over again, the object is another file with the same bytes.
        seal(&state, &paths, Origin::default()).unwrap();
        open_files(&state, &record).unwrap();
        assert_eq!(number(), first);

        fs::remove_file(&path).unwrap();
        fs::write(&path, "z").unwrap();
        open_files(&state, &record).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "x");
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
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
