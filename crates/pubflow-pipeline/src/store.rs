//! The state directory: objects by digest, and release records by name, version and manifest.
//!
//! Layout: docs/journal.md. It never lies in a repository: a committed state could claim that
//! something was published already.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use pubflow_spec::{ProjectName, Sha256, Version};
use sha2::{Digest, Sha256 as Sha256Hasher};

use crate::durable;
use crate::error::{Damage, StateError};
use crate::manifest::{Manifest, ManifestError};
use crate::plan::ReleaseKey;
use crate::record::ReleaseRecord;

/// Manifests of thousands of files stay far below this; a larger file is no manifest.
pub(crate) const MANIFEST_LIMIT: u64 = 16 << 20;
const CHUNK: usize = 256 << 10;

/// The directory that holds objects and release records.
#[derive(Debug, Clone)]
pub struct StateDir {
    root: PathBuf,
}

impl StateDir {
    /// Opens the state directory, creating it (mode 0700) where it is missing.
    ///
    /// # Errors
    /// [`StateError::Write`] when it cannot be created.
    pub fn open(path: &Path) -> Result<Self, StateError> {
        let root = std::path::absolute(path).map_err(|error| StateError::read(path, error))?;
        durable::create_private_dir(&root)?;
        Ok(Self { root })
    }

    /// Its path.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.root
    }

    /// Takes a copy of a file: hashed while it is copied, durable, read-only.
    ///
    /// The memory used does not depend on the size of the file.
    ///
    /// # Errors
    /// [`StateError::Read`] for the file given, [`StateError::Write`] for the store.
    pub fn put_object(&self, file: &Path) -> Result<Sha256, StateError> {
        let mut source = File::open(file).map_err(|error| StateError::read(file, error))?;
        self.put_object_from(&mut source, file)
    }

    /// Takes a copy of what `source` gives; `file` names it in errors.
    pub(crate) fn put_object_from(
        &self,
        source: &mut dyn Read,
        file: &Path,
    ) -> Result<Sha256, StateError> {
        let incoming = self.root.join("objects");
        durable::create_private_dir(&incoming)?;
        let mut copy = durable::temporary_in(&incoming)?;
        let sha256 =
            hash_through(source, |chunk| copy.write_all(chunk)).map_err(|error| match error {
                Side::Reading(error) => StateError::read(file, error),
                Side::Writing(error) => StateError::write(&incoming, error),
            })?;
        let path = self.object_path(&sha256);
        if let Some(dir) = path.parent() {
            durable::create_private_dir(dir)?;
        }
        // An object of that name is replaced: it should be the same, and if it rotted, now it is.
        durable::persist(copy, &path)?;
        Ok(sha256)
    }

    /// Where an object lies, if it is there. Its bytes are not read; see [`Self::verify_object`].
    #[must_use]
    pub fn object(&self, sha256: &Sha256) -> Option<PathBuf> {
        Some(self.object_path(sha256)).filter(|path| path.is_file())
    }

    /// Where an object lies, if it is there, once its bytes were hashed again.
    ///
    /// # Errors
    /// [`StateError::DamagedObject`] when the bytes are others, [`StateError::Read`].
    pub fn verify_object(&self, sha256: &Sha256) -> Result<Option<PathBuf>, StateError> {
        let Some(path) = self.object(sha256) else {
            return Ok(None);
        };
        let found = File::open(&path)
            .map_err(Side::Reading)
            .and_then(|mut file| hash_through(&mut file, |_| Ok(())))
            .map_err(|side| StateError::read(&path, side.into_error()))?;
        if found != *sha256 {
            return Err(StateError::DamagedObject { path, found });
        }
        Ok(Some(path))
    }

    /// Opens the record of a sealed manifest, making it where there is none. Sealing the same
    /// manifest again makes it the newest.
    ///
    /// # Errors
    /// [`StateError::Write`], or [`StateError::DamagedManifest`] when another text lies there.
    pub fn seal(&self, manifest: &Manifest) -> Result<ReleaseRecord, StateError> {
        let dir = self.record_dir(&manifest.key());
        durable::create_private_dir(&dir)?;
        let path = dir.join("manifest.json");
        if path.is_file() {
            read_manifest(&path, &manifest.digest())?;
            touch(&path)?;
        } else {
            durable::write_file(&path, manifest.canonical().as_bytes())?;
        }
        self.record(&manifest.key())
    }

    /// The record of a release.
    ///
    /// # Errors
    /// [`StateError::NoRecord`], [`StateError::DamagedManifest`], [`StateError::Read`].
    pub fn record(&self, key: &ReleaseKey) -> Result<ReleaseRecord, StateError> {
        let dir = self.record_dir(key);
        if !dir.join("manifest.json").is_file() {
            return Err(StateError::NoRecord { path: dir });
        }
        open_record(dir, &key.manifest)
    }

    /// Every record, the last sealed first.
    ///
    /// # Errors
    /// As [`Self::record`]; one damaged manifest makes the whole list fail, so prefer
    /// [`Self::records_of`] where the project is known.
    pub fn records(&self) -> Result<Vec<ReleaseRecord>, StateError> {
        let records: Result<_, _> = self
            .record_dirs()?
            .into_iter()
            .map(|(dir, digest)| open_record(dir, &digest))
            .collect();
        Ok(newest_first(records?))
    }

    /// Directories of all records, with the digest that each is named by; nothing is read yet.
    pub(crate) fn record_dirs(&self) -> Result<Vec<(PathBuf, Sha256)>, StateError> {
        let mut dirs = Vec::new();
        for project in directories_in(&self.root.join("releases"))? {
            for version in directories_in(&project)? {
                dirs.extend(record_dirs_of(&version)?);
            }
        }
        Ok(dirs)
    }

    /// Every stored object: its path, and the digest that it is named by.
    pub(crate) fn objects(&self) -> Result<Vec<(PathBuf, Sha256)>, StateError> {
        let mut objects = Vec::new();
        for dir in directories_in(&self.root.join("objects").join("sha256"))? {
            let first = name_of(&dir).unwrap_or_default().to_owned();
            for path in files_in(&dir)? {
                let digest = name_of(&path).map(|rest| format!("{first}{rest}"));
                let digest = digest.and_then(|digest| Sha256::parse(&digest).ok());
                objects.extend(digest.map(|digest| (path, digest)));
            }
        }
        Ok(objects)
    }

    /// Every record of one project, the last sealed first.
    ///
    /// # Errors
    /// As [`Self::record`].
    pub fn records_of(&self, project: &ProjectName) -> Result<Vec<ReleaseRecord>, StateError> {
        let mut records = Vec::new();
        for version in directories_in(&self.project_dir(project))? {
            collect_records(&version, &mut records)?;
        }
        Ok(newest_first(records))
    }

    /// Every record of one version, one for each of its builds, the last sealed first; `1.0` and
    /// `1.0.0` are one version.
    ///
    /// # Errors
    /// As [`Self::record`].
    pub fn records_of_version(
        &self,
        project: &ProjectName,
        version: &Version,
    ) -> Result<Vec<ReleaseRecord>, StateError> {
        let mut records = Vec::new();
        for dir in directories_in(&self.project_dir(project))? {
            let name = dir.file_name().and_then(|name| name.to_str());
            let found = name.and_then(|name| Version::parse(name).ok());
            if found.as_ref() == Some(version) {
                collect_records(&dir, &mut records)?;
            }
        }
        Ok(newest_first(records))
    }

    pub(crate) fn object_path(&self, sha256: &Sha256) -> PathBuf {
        let digest = sha256.to_string();
        let (first, rest) = digest.split_at(2);
        self.root
            .join("objects")
            .join("sha256")
            .join(first)
            .join(rest)
    }

    fn record_dir(&self, key: &ReleaseKey) -> PathBuf {
        self.project_dir(&key.project)
            .join(key.version.to_string())
            .join(key.manifest.to_string())
    }

    fn project_dir(&self, project: &ProjectName) -> PathBuf {
        self.root.join("releases").join(project.normalized())
    }
}

enum Side {
    Reading(io::Error),
    Writing(io::Error),
}

impl Side {
    fn into_error(self) -> io::Error {
        match self {
            Self::Reading(error) | Self::Writing(error) => error,
        }
    }
}

fn hash_through(
    source: &mut dyn Read,
    mut write: impl FnMut(&[u8]) -> io::Result<()>,
) -> Result<Sha256, Side> {
    let mut hasher = Sha256Hasher::new();
    let mut chunk = vec![0; CHUNK];
    loop {
        match source.read(&mut chunk) {
            Ok(0) => break,
            Ok(n_bytes) => {
                let read = chunk.get(..n_bytes).unwrap_or_default();
                hasher.update(read);
                write(read).map_err(Side::Writing)?;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(Side::Reading(error)),
        }
    }
    let bytes: [u8; 32] = hasher.finalize().into();
    Ok(Sha256::from_bytes(bytes))
}

fn collect_records(version: &Path, records: &mut Vec<ReleaseRecord>) -> Result<(), StateError> {
    for (dir, digest) in record_dirs_of(version)? {
        records.push(open_record(dir, &digest)?);
    }
    Ok(())
}

fn record_dirs_of(version: &Path) -> Result<Vec<(PathBuf, Sha256)>, StateError> {
    let dirs = directories_in(version)?.into_iter().filter_map(|dir| {
        let digest = name_of(&dir).and_then(|name| Sha256::parse(name).ok())?;
        // Without a manifest the sealing was cut short: there is no release yet.
        dir.join("manifest.json").is_file().then_some((dir, digest))
    });
    Ok(dirs.collect())
}

fn name_of(path: &Path) -> Option<&str> {
    path.file_name().and_then(|name| name.to_str())
}

fn directories_in(path: &Path) -> Result<Vec<PathBuf>, StateError> {
    let children = children_of(path)?.into_iter();
    Ok(children.filter(|child| child.is_dir()).collect())
}

pub(crate) fn files_in(path: &Path) -> Result<Vec<PathBuf>, StateError> {
    let children = children_of(path)?.into_iter();
    Ok(children.filter(|child| child.is_file()).collect())
}

/// What lies in a directory, by name; nothing where there is no directory.
fn children_of(path: &Path) -> Result<Vec<PathBuf>, StateError> {
    let entries = match fs::read_dir(path) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(StateError::read(path, error)),
    };
    let mut children = Vec::new();
    for entry in entries {
        children.push(entry.map_err(|error| StateError::read(path, error))?.path());
    }
    children.sort();
    Ok(children)
}

fn newest_first(mut records: Vec<ReleaseRecord>) -> Vec<ReleaseRecord> {
    records.sort_by_cached_key(|record| {
        (
            std::cmp::Reverse(record.sealed_at()),
            record.dir().to_owned(),
        )
    });
    records
}

pub(crate) fn open_record(dir: PathBuf, digest: &Sha256) -> Result<ReleaseRecord, StateError> {
    let path = dir.join("manifest.json");
    let manifest = read_manifest(&path, digest)?;
    let sealed_at = fs::metadata(&path)
        .and_then(|metadata| metadata.modified())
        .map_err(|error| StateError::read(&path, error))?;
    Ok(ReleaseRecord::new(dir, manifest, sealed_at))
}

fn read_manifest(path: &Path, digest: &Sha256) -> Result<Manifest, StateError> {
    let damaged = |why| StateError::DamagedManifest {
        path: path.to_owned(),
        why,
    };
    let bytes = read_limited(path, MANIFEST_LIMIT, damaged)?;
    let found = Sha256::of(&bytes);
    if found != *digest {
        return Err(damaged(Damage::Renamed { found }));
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        damaged(Damage::Manifest {
            detail: error.to_string(),
        })
    })?;
    Manifest::parse(&text).map_err(|error| match error {
        ManifestError::Newer { found, known } => StateError::Newer {
            path: path.to_owned(),
            found,
            known,
        },
        other => damaged(Damage::Manifest {
            detail: other.to_string(),
        }),
    })
}

/// Reads a file of at most `limit` bytes; a larger one is damage, said before it takes memory.
pub(crate) fn read_limited(
    path: &Path,
    limit: u64,
    damaged: impl Fn(Damage) -> StateError,
) -> Result<Vec<u8>, StateError> {
    let wrong = |error| StateError::read(path, error);
    let file = File::open(path).map_err(wrong)?;
    let bytes = file.metadata().map_err(wrong)?.len();
    if bytes > limit {
        return Err(damaged(Damage::TooLarge { bytes, limit }));
    }
    let mut content = Vec::new();
    // It may grow while it is read.
    file.take(limit).read_to_end(&mut content).map_err(wrong)?;
    Ok(content)
}

fn touch(path: &Path) -> Result<(), StateError> {
    File::open(path)
        .and_then(|file| file.set_modified(SystemTime::now()))
        .map_err(|error| StateError::write(path, error))
}

#[cfg(test)]
mod tests;
