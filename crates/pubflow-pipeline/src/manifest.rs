//! The sealed manifest: which files make up a release, byte for byte.
//!
//! Its canonical text has a digest, and that digest is what uploads, verifications and approvals
//! are bound to. It holds no time and no host, so the same bytes built by the same tools from the
//! same commit have the same manifest.

mod stored;

use std::collections::BTreeMap;

use pubflow_spec::{ProjectName, Sha256, Version};

use crate::plan::ReleaseKey;

/// One distribution of a release.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ManifestFile {
    /// File name, without any directory.
    pub filename: String,
    /// Size in bytes.
    pub size: u64,
    /// Digest of its bytes.
    pub sha256: Sha256,
}

/// A sealed list of distributions with their digests.
#[derive(Debug, Clone)]
pub struct Manifest {
    name: ProjectName,
    version: Version,
    commit: Option<String>,
    files: Vec<ManifestFile>,
    tools: BTreeMap<String, String>,
    text: String,
    digest: Sha256,
}

/// A manifest cannot be made or read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ManifestError {
    /// It lists no file.
    #[error("a manifest needs at least one file")]
    NoFiles,
    /// Two entries have the same name.
    #[error("`{filename}` is listed twice")]
    Twice {
        /// The name.
        filename: String,
    },
    /// A name is empty, has a directory in it or could not be shown on one line.
    #[error("`{}` is no plain file name", filename.escape_debug())]
    NotAFileName {
        /// The name.
        filename: String,
    },
    /// A size is larger than every JSON reader keeps exactly.
    #[error("`{filename}` has {size} bytes, more than a manifest can hold")]
    TooLarge {
        /// The file.
        filename: String,
        /// Its size in bytes.
        size: u64,
    },
    /// The text is not a manifest.
    #[error("{detail}")]
    NotAManifest {
        /// What the reader said.
        detail: String,
    },
    /// The text is a manifest, but not written canonically.
    #[error("the text is not in canonical form")]
    NotCanonical,
    /// It was written by a newer pubflow.
    #[error("the manifest has format {found}, this pubflow knows format {known}")]
    Newer {
        /// Its format.
        found: u64,
        /// The newest format known here.
        known: u64,
    },
}

impl Manifest {
    /// Seals `files`; their order does not matter.
    ///
    /// # Errors
    /// [`ManifestError::NoFiles`], [`ManifestError::Twice`], [`ManifestError::NotAFileName`],
    /// [`ManifestError::TooLarge`].
    pub fn new(
        name: ProjectName,
        version: Version,
        commit: Option<String>,
        mut files: Vec<ManifestFile>,
        tools: BTreeMap<String, String>,
    ) -> Result<Self, ManifestError> {
        files.sort();
        require_plain_files(&files)?;
        let text = stored::write(&name, &version, commit.as_deref(), &files, &tools);
        let digest = Sha256::of(text.as_bytes());
        Ok(Self {
            name,
            version,
            commit,
            files,
            tools,
            text,
            digest,
        })
    }

    /// Reads a manifest from its canonical text.
    ///
    /// # Errors
    /// Every variant of [`ManifestError`].
    pub fn parse(text: &str) -> Result<Self, ManifestError> {
        let parts = stored::read(text)?;
        let manifest = Self::new(
            parts.name,
            parts.version,
            parts.commit,
            parts.files,
            parts.tools,
        )?;
        if manifest.text != text {
            return Err(ManifestError::NotCanonical);
        }
        Ok(manifest)
    }

    /// The project.
    #[must_use]
    pub fn name(&self) -> &ProjectName {
        &self.name
    }

    /// The version.
    #[must_use]
    pub fn version(&self) -> &Version {
        &self.version
    }

    /// Object id of the commit it was built from, where it was built from one.
    #[must_use]
    pub fn commit(&self) -> Option<&str> {
        self.commit.as_deref()
    }

    /// The distributions, sorted by file name.
    #[must_use]
    pub fn files(&self) -> &[ManifestFile] {
        &self.files
    }

    /// One distribution.
    #[must_use]
    pub fn find_file(&self, filename: &str) -> Option<&ManifestFile> {
        self.files.iter().find(|file| file.filename == filename)
    }

    /// Versions of the tools that made the files, by name.
    #[must_use]
    pub fn tools(&self) -> &BTreeMap<String, String> {
        &self.tools
    }

    /// Its canonical text.
    #[must_use]
    pub fn canonical(&self) -> &str {
        &self.text
    }

    /// Digest of its canonical text.
    #[must_use]
    pub fn digest(&self) -> Sha256 {
        self.digest
    }

    /// The key of the release that it seals.
    #[must_use]
    pub fn key(&self) -> ReleaseKey {
        ReleaseKey {
            project: self.name.clone(),
            version: self.version.clone(),
            manifest: self.digest,
        }
    }
}

impl PartialEq for Manifest {
    fn eq(&self, other: &Self) -> bool {
        self.digest == other.digest
    }
}

impl Eq for Manifest {}

fn require_plain_files(files: &[ManifestFile]) -> Result<(), ManifestError> {
    if files.is_empty() {
        return Err(ManifestError::NoFiles);
    }
    for file in files {
        let filename = || file.filename.clone();
        if !is_plain(&file.filename) {
            return Err(ManifestError::NotAFileName {
                filename: filename(),
            });
        }
        if file.size > crate::stored::LARGEST_NUMBER {
            return Err(ManifestError::TooLarge {
                filename: filename(),
                size: file.size,
            });
        }
    }
    match files
        .windows(2)
        .find(|pair| pair[0].filename == pair[1].filename)
    {
        Some(pair) => Err(ManifestError::Twice {
            filename: pair[0].filename.clone(),
        }),
        None => Ok(()),
    }
}

fn is_plain(filename: &str) -> bool {
    let forbidden = |c: char| matches!(c, '/' | '\\' | ':') || c.is_control();
    !matches!(filename, "" | "." | "..") && !filename.contains(forbidden)
}

#[cfg(test)]
mod tests;
