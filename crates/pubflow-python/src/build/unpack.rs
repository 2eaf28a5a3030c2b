//! Stands in for the safe unpacking of sdists until `pubflow-dist` offers it.

use std::path::{Path, PathBuf};

use pubflow_dist::Limits;
use thiserror::Error;

/// Why an sdist cannot be unpacked.
#[derive(Debug, Error)]
#[error("it cannot be unpacked")]
pub struct UnpackError;

/// Unpacks with the system's tar.
pub(super) fn unpack_sdist(
    archive: &Path,
    into: &Path,
    _: &Limits,
) -> Result<PathBuf, UnpackError> {
    let command = pubflow_process::Command::new("/bin/tar")
        .arg("xzf")
        .arg(archive)
        .cwd(into);
    pubflow_process::run(&command, None).map_err(|_| UnpackError)?;
    let mut entries = std::fs::read_dir(into).map_err(|_| UnpackError)?;
    Ok(entries
        .next()
        .ok_or(UnpackError)?
        .map_err(|_| UnpackError)?
        .path())
}
