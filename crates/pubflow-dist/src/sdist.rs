//! An sdist: its archive, the one directory at its top, `PKG-INFO` and `pyproject.toml`.
//!
//! Spec: source distribution format; PEP 517, PEP 625, PEP 643.

use std::collections::{BTreeMap, BTreeSet};

use pubflow_metadata::core_metadata::CoreMetadata;
use pubflow_spec::{FilenameError, SdistFilename};

use crate::archive::Archive;
use crate::entry::Entry;

/// The files below the top directory that are kept while the archive is read.
const WANTED: &[&str] = &["PKG-INFO", "pyproject.toml"];

/// An sdist as it was read.
#[derive(Debug, Clone)]
pub struct Sdist {
    archive: Archive,
    filename: Result<SdistFilename, FilenameError>,
    tops: BTreeSet<String>,
    root: Option<String>,
    files: BTreeMap<String, Vec<u8>>,
    metadata: Option<CoreMetadata>,
}

impl Sdist {
    /// Whether the content of the member `name` is needed.
    pub(crate) fn wants(name: &str) -> bool {
        name.split_once('/')
            .is_some_and(|(_, rest)| WANTED.contains(&rest))
    }

    pub(crate) fn new(archive: Archive, mut kept: BTreeMap<String, Vec<u8>>) -> Self {
        let filename = SdistFilename::parse(archive.filename());
        let tops: BTreeSet<String> = archive
            .entries()
            .iter()
            .map(|entry| entry.path.top().to_owned())
            .collect();
        let root = match tops.first() {
            Some(top) if tops.len() == 1 && !matches!(top.as_str(), "" | "." | "..") => {
                Some(top.clone())
            }
            _ => None,
        };
        let mut files = BTreeMap::new();
        if let Some(root) = &root {
            for name in WANTED {
                if let Some(bytes) = kept.remove(&format!("{root}/{name}")) {
                    files.insert((*name).to_owned(), bytes);
                }
            }
        }
        Self {
            filename,
            metadata: files.get("PKG-INFO").map(|b| CoreMetadata::parse(b)),
            tops,
            root,
            files,
            archive,
        }
    }

    /// The archive.
    #[must_use]
    pub fn archive(&self) -> &Archive {
        &self.archive
    }

    /// The members.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        self.archive.entries()
    }

    /// The parts of the file name.
    ///
    /// # Errors
    /// [`FilenameError`] where it is not the name of an sdist.
    pub fn filename(&self) -> Result<&SdistFilename, &FilenameError> {
        self.filename.as_ref()
    }

    /// The one directory at the top.
    #[must_use]
    pub fn root(&self) -> Option<&str> {
        self.root.as_deref()
    }

    /// Everything at the top, sorted.
    #[must_use]
    pub fn tops(&self) -> &BTreeSet<String> {
        &self.tops
    }

    /// Content of `PKG-INFO` in the top directory, parsed.
    #[must_use]
    pub fn metadata(&self) -> Option<&CoreMetadata> {
        self.metadata.as_ref()
    }

    /// Content of `PKG-INFO` in the top directory.
    #[must_use]
    pub fn metadata_bytes(&self) -> Option<&[u8]> {
        self.files.get("PKG-INFO").map(Vec::as_slice)
    }

    /// The member that the core metadata were read from.
    #[must_use]
    pub fn metadata_member(&self) -> Option<String> {
        self.files.get("PKG-INFO")?;
        Some(self.member("PKG-INFO"))
    }

    /// Content of `pyproject.toml` in the top directory.
    #[must_use]
    pub fn pyproject_bytes(&self) -> Option<&[u8]> {
        self.files.get("pyproject.toml").map(Vec::as_slice)
    }

    /// Text of `pyproject.toml` in the top directory, if it is UTF-8.
    #[must_use]
    pub fn pyproject(&self) -> Option<&str> {
        std::str::from_utf8(self.pyproject_bytes()?).ok()
    }

    /// Path of a file of the top directory.
    #[must_use]
    pub fn member(&self, file: &str) -> String {
        match &self.root {
            Some(root) => format!("{root}/{file}"),
            None => file.to_owned(),
        }
    }
}
