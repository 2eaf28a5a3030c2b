//! The files of a release as an index serves them, fetched one by one into a place that goes away.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use pubflow_index::{DownloadError, Index, IndexFile};
use pubflow_spec::{DistributionFilename, ProjectName, Sha256, Version};
use pubflow_stages::observe_failure;

use crate::config::{Requested, Settings, choose_target};
use crate::context::Context;
use crate::error::CommandError;

/// What an index lists of one release.
pub(crate) struct ReleaseOnIndex {
    index: Arc<Index>,
    name: String,
    /// In the order of the listing.
    pub(crate) files: Vec<IndexFile>,
}

impl ReleaseOnIndex {
    /// Asks the index that is `requested` for the files of a release.
    ///
    /// # Errors
    /// The index cannot be asked, or lists no file of it.
    pub(crate) fn observe(
        project: &ProjectName,
        version: &Version,
        requested: &Requested,
        settings: &Settings,
        ctx: &Context,
    ) -> Result<Self, CommandError> {
        let target = choose_target(requested, settings, &ctx.env, Path::new("."))?;
        let index = Arc::new(ctx.index(target.address)?);
        let name = index.address().name.clone();
        let page = ctx.block_on_reading(async {
            let page = index.project(project).await;
            page.map_err(|error| CommandError::Stopped {
                failure: Box::new(observe_failure(&name, &error)),
                landed: false,
            })
        })?;
        let of_version = |file: &&IndexFile| {
            DistributionFilename::parse(&file.filename)
                .is_ok_and(|parsed| parsed.version() == version)
        };
        let files: Vec<IndexFile> = page
            .iter()
            .flat_map(|page| &page.files)
            .filter(of_version)
            .cloned()
            .collect();
        if files.is_empty() {
            return Err(CommandError::NotOnIndex {
                release: format!("{}=={version}", project.as_str()),
                index: name.to_string(),
            });
        }
        Ok(Self {
            name: name.to_string(),
            index,
            files,
        })
    }

    /// The names of all files.
    pub(crate) fn names(&self) -> Vec<&str> {
        self.files
            .iter()
            .map(|file| file.filename.as_str())
            .collect()
    }

    /// What the index is called.
    pub(crate) fn index_name(&self) -> &str {
        &self.name
    }

    /// The digest of the file at `place` of the list, from its bytes; `expected` is the one it should
    /// have.
    ///
    /// # Errors
    /// It cannot be fetched.
    pub(crate) fn digest(
        &self,
        place: usize,
        expected: Sha256,
        into: &Path,
        ctx: &Context,
    ) -> Result<Sha256, CommandError> {
        let file = &self.files[place];
        let path = into.join(&file.filename);
        ctx.block_on_reading(async {
            match self.index.download_expecting(file, expected, &path).await {
                Ok(_) => Ok(expected),
                Err(DownloadError::Digest { found, .. }) => Ok(found),
                Err(source) => Err(CommandError::Download {
                    index: self.name.clone(),
                    source: Box::new(source),
                }),
            }
        })
    }

    /// Fetches the file at `place` of the list, with the digest that is listed of it.
    ///
    /// # Errors
    /// It cannot be fetched, or is not what is listed.
    pub(crate) fn fetch(
        &self,
        place: usize,
        into: &Path,
        ctx: &Context,
    ) -> Result<PathBuf, CommandError> {
        let file = &self.files[place];
        // A file name that was parsed holds no separator, so it stays below `into`.
        let path = into.join(&file.filename);
        ctx.block_on_reading(async {
            let fetched = self.index.download(file, &path).await;
            fetched.map_err(|source| CommandError::Download {
                index: self.name.clone(),
                source: Box::new(source),
            })
        })?;
        Ok(path)
    }
}

/// A directory that goes away with its value.
///
/// # Errors
/// The temporary directory cannot be written.
pub(crate) fn temporary_directory() -> Result<tempfile::TempDir, CommandError> {
    tempfile::tempdir().map_err(|source| CommandError::Io {
        path: std::env::temp_dir(),
        done: "written",
        source,
    })
}
