//! A distribution taken over from a hook: copied out of its reach, hashed, its metadata read.

use std::fs;
use std::path::{Path, PathBuf};

use pubflow_dist::{Distribution, FileDigests, Limits, digest_file};
use pubflow_metadata::core_metadata::CoreMetadata;
use pubflow_spec::DistributionFilename;

use super::error::{BuildError, BuildStage, HookFailure};
use super::hook::failed;

/// A distribution that a hook made, in a directory of ours.
#[derive(Debug)]
pub(super) struct Made {
    pub(super) path: PathBuf,
    pub(super) filename: String,
    pub(super) parsed: DistributionFilename,
    pub(super) digests: FileDigests,
    metadata: Option<CoreMetadata>,
}

impl Made {
    /// Takes over the file at `path` into `directory`. What a hook left behind may still write to
    /// the original; nothing is read from there again.
    pub(super) fn take(
        stage: BuildStage,
        (path, parsed): (PathBuf, DistributionFilename),
        directory: &Path,
    ) -> Result<Self, BuildError> {
        let filename = parsed.as_str().to_owned();
        let taken = directory.join(&filename);
        let io = |error| BuildError::io(stage, &taken, error);
        fs::copy(&path, &taken).map_err(io)?;
        let digests = digest_file(&taken).map_err(io)?;
        let metadata = read_metadata(&taken);
        Ok(Self {
            path: taken,
            filename,
            parsed,
            digests,
            metadata,
        })
    }

    /// The core metadata, without which a hook has not made a distribution.
    pub(super) fn require_metadata(&self, stage: BuildStage) -> Result<&CoreMetadata, BuildError> {
        let missing = || failed(stage, HookFailure::NoMetadata(self.filename.clone()));
        self.metadata.as_ref().ok_or_else(missing)
    }
}

fn read_metadata(path: &Path) -> Option<CoreMetadata> {
    let distribution = Distribution::open(path, &Limits::default()).ok()?;
    distribution.metadata().cloned()
}
