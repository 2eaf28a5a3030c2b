//! Attestations that lie beside the distributions: taken into the release record, so that nothing in
//! `dist/` has to be written or kept for the next upload.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use pubflow_index::attestation::{ENDING, LONGEST_BYTES};
use pubflow_index::{Attestation, AttestationError};
use pubflow_pipeline::ReleaseRecord;
use pubflow_spec::Sha256;

use crate::files::FilesError;

/// Takes the attestations beside `paths` over into the record, each held against its file.
///
/// # Errors
/// [`FilesError::Attestation`] and [`FilesError::Read`].
pub fn keep_attestations(record: &ReleaseRecord, paths: &[PathBuf]) -> Result<usize, FilesError> {
    let mut n_kept = 0;
    for path in paths {
        let Some(filename) = path.file_name().and_then(|name| name.to_str()) else {
            continue;
        };
        let Some(file) = record.manifest().find_file(filename) else {
            continue;
        };
        let beside = path.with_file_name(format!("{filename}{ENDING}"));
        if read(&beside, filename, file.sha256)?.is_none() {
            continue;
        }
        let folder = folder_of(record.dir());
        let kept = folder.join(format!("{filename}{ENDING}"));
        fs::create_dir_all(&folder)
            .and_then(|()| fs::copy(&beside, &kept))
            .map_err(|source| FilesError::Read { path: kept, source })?;
        n_kept += 1;
    }
    Ok(n_kept)
}

/// The attestations that the record has of one file.
pub(crate) fn kept(
    record: &ReleaseRecord,
    filename: &str,
    sha256: Sha256,
) -> Result<Vec<Attestation>, FilesError> {
    let path = folder_of(record.dir()).join(format!("{filename}{ENDING}"));
    Ok(read(&path, filename, sha256)?.into_iter().collect())
}

fn folder_of(record: &Path) -> PathBuf {
    record.join("attestations")
}

fn read(path: &Path, filename: &str, sha256: Sha256) -> Result<Option<Attestation>, FilesError> {
    let file = match fs::File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(source) => {
            return Err(FilesError::Read {
                path: path.to_owned(),
                source,
            });
        }
    };
    let mut text = String::new();
    let attestation = match file.take(LONGEST_BYTES).read_to_string(&mut text) {
        Ok(_) => Attestation::read(&text, filename, sha256),
        Err(_) => Err(AttestationError::Shape {
            problem: "it is no text",
        }),
    };
    attestation
        .map(Some)
        .map_err(|source| FilesError::Attestation {
            path: path.to_owned(),
            source,
        })
}
