//! What a unit leaves beside its distributions, so that another machine can join them.

mod stored;

use std::path::{Path, PathBuf};

use pubflow_spec::Sha256;

use crate::unit::{BuildUnit, UnitFile};

/// End of a fragment's file name.
pub(crate) const ENDING: &str = ".pubflow.json";

/// One unit's distributions as they were when it had made them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fragment {
    /// The unit.
    pub unit: String,
    /// The commit that it was made from.
    pub commit: Option<String>,
    /// The units that the configuration had then.
    pub plan: Sha256,
    /// Name, size and digest of each distribution.
    pub files: Vec<FragmentFile>,
}

/// One distribution of a fragment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FragmentFile {
    /// Its name.
    pub name: String,
    /// Its size in bytes.
    pub size: u64,
    /// Its digest.
    pub sha256: Sha256,
}

/// Why a fragment was not read or written.
#[derive(Debug, thiserror::Error)]
pub enum FragmentError {
    /// The file cannot be read or written.
    #[error("`{}` cannot be read or written", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// The system's words.
        #[source]
        source: std::io::Error,
    },
    /// It is no fragment.
    #[error("`{}` is no fragment of a build", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What the reader said.
        why: String,
    },
}

impl Fragment {
    /// What `unit` has made.
    #[must_use]
    pub fn new(unit: &BuildUnit, commit: Option<String>, plan: Sha256, files: &[UnitFile]) -> Self {
        let file = |file: &UnitFile| FragmentFile {
            name: file.filename.as_str().to_owned(),
            size: file.size,
            sha256: file.sha256,
        };
        Self {
            unit: unit.id.clone(),
            commit,
            plan,
            files: files.iter().map(file).collect(),
        }
    }

    /// Writes it into `directory`, whole or not at all.
    ///
    /// # Errors
    /// [`FragmentError::Io`].
    pub fn write(&self, directory: &Path) -> Result<PathBuf, FragmentError> {
        let path = directory.join(format!("{}{ENDING}", self.unit));
        let written = tempfile::NamedTempFile::new_in(directory).and_then(|file| {
            std::fs::write(file.path(), stored::text(self))?;
            file.persist(&path).map_err(|error| error.error)?;
            Ok(())
        });
        written.map_err(|source| FragmentError::Io {
            path: path.clone(),
            source,
        })?;
        Ok(path)
    }

    /// Reads the one at `path`.
    ///
    /// # Errors
    /// See [`FragmentError`].
    pub fn read(path: &Path) -> Result<Self, FragmentError> {
        let bytes = std::fs::read(path).map_err(|source| FragmentError::Io {
            path: path.to_path_buf(),
            source,
        })?;
        stored::read(&bytes).map_err(|why| FragmentError::Malformed {
            path: path.to_path_buf(),
            why,
        })
    }
}
