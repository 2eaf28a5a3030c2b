//! The record of one release: its sealed manifest, its journal, its lock.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::manifest::Manifest;
use crate::plan::ReleaseKey;

/// The record of one release, in a directory of its own. Made by [`crate::StateDir::seal`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReleaseRecord {
    dir: PathBuf,
    manifest: Manifest,
    sealed_at: SystemTime,
}

impl ReleaseRecord {
    pub(crate) fn new(dir: PathBuf, manifest: Manifest, sealed_at: SystemTime) -> Self {
        Self {
            dir,
            manifest,
            sealed_at,
        }
    }

    /// What it is found by.
    #[must_use]
    pub fn key(&self) -> ReleaseKey {
        self.manifest.key()
    }

    /// The sealed manifest.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// When it was sealed for the last time, as the file system says.
    #[must_use]
    pub fn sealed_at(&self) -> SystemTime {
        self.sealed_at
    }

    /// Its directory.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Directory of the journal's segments.
    #[must_use]
    pub fn journal_dir(&self) -> PathBuf {
        self.dir.join("journal")
    }

    /// The file to lock while a run works on this version, whichever of its builds: two runs that
    /// publish different builds of one version must not meet on the index.
    #[must_use]
    pub fn lock_path(&self) -> PathBuf {
        self.dir.with_file_name("lock")
    }
}
