//! Which stored bytes the log still names: counted while it is replayed, asked once, then forgotten.

use std::collections::HashMap;
use std::io;

use pubflow_spec::{Sha256, Version};

use super::{Catalog, IndexedFile};
use crate::store::stored::{Event, Upload};

/// How often the files of a catalog name bytes, by the first eight bytes of their SHA-256: two digests that begin
/// alike would only keep bytes that could go.
#[derive(Debug, Default)]
pub(crate) struct NamedBytes(HashMap<[u8; 8], u32>);

impl NamedBytes {
    /// Takes an event into account that `catalog` has not applied yet.
    ///
    /// # Errors
    /// When the log cannot be read back.
    pub(crate) fn see(&mut self, event: &Event, catalog: &Catalog) -> io::Result<()> {
        match event {
            Event::Upload(upload) => self.add(upload),
            Event::DeleteFile { filename } => {
                if let Some(file) = catalog.file(filename)? {
                    self.remove(&file);
                }
            }
            Event::DeleteRelease { project, version } => {
                let version = Version::parse(version).ok();
                let project = catalog.project(project)?;
                if let Some((version, project)) = version.zip(project)
                    && let Some(release) = project.releases.get(&version)
                {
                    release.files.values().for_each(|file| self.remove(file));
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Whether a file is named by these bytes' digest.
    pub(crate) fn contains(&self, sha256: &Sha256) -> bool {
        self.0.get(&start(sha256)).is_some_and(|n| *n > 0)
    }

    fn add(&mut self, upload: &Upload) {
        let digests = [Some(&upload.sha256), upload.metadata_sha256.as_ref()];
        for digest in digests.into_iter().flatten() {
            // What is no digest makes the replay stop.
            if let Ok(digest) = Sha256::parse(digest) {
                *self.0.entry(start(&digest)).or_default() += 1;
            }
        }
    }

    fn remove(&mut self, file: &IndexedFile) {
        for digest in [Some(file.sha256), file.metadata_sha256]
            .into_iter()
            .flatten()
        {
            if let Some(n) = self.0.get_mut(&start(&digest)) {
                *n = n.saturating_sub(1);
            }
        }
    }
}

fn start(sha256: &Sha256) -> [u8; 8] {
    let mut start = [0; 8];
    start.copy_from_slice(&sha256.as_bytes()[..8]);
    start
}
