//! Removing what no release needs any more.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::Path;
use std::time::{Duration, SystemTime};

use pubflow_spec::Sha256;

use crate::clock::Clock;
use crate::error::StateError;
use crate::lock::{Lock, LockError};
use crate::record::ReleaseRecord;
use crate::store::{StateDir, files_in, open_record};

/// Files younger than this may belong to a run that is sealing them now.
const LEAST_AGE: Duration = Duration::from_secs(24 * 60 * 60);

/// What was removed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Swept {
    /// Objects that no manifest names, and leftovers of writes that were cut short.
    pub n_files: usize,
    /// Their sizes together.
    pub n_bytes: u64,
}

impl StateDir {
    /// Removes the record of a release. Its objects go with the next [`Self::sweep`].
    ///
    /// # Errors
    /// [`LockError::Held`] while a run works on it; [`StateError::Write`].
    pub fn forget(&self, record: &ReleaseRecord, clock: &dyn Clock) -> Result<(), LockError> {
        let _lock = Lock::acquire(&record.lock_path(), clock)?;
        let wrong = |error| StateError::write(record.dir(), error);
        // Without its manifest it is no record any more, wherever the removal is cut short.
        fs::remove_file(record.dir().join("manifest.json")).map_err(wrong)?;
        fs::remove_dir_all(record.dir()).map_err(wrong)?;
        Ok(())
    }

    /// Removes objects that no manifest names, and temporary files that a crash left behind, all
    /// older than a day at `now`.
    ///
    /// # Errors
    /// A damaged manifest, because it cannot be told what it names; [`StateError::Read`],
    /// [`StateError::Write`].
    pub fn sweep(&self, now: SystemTime) -> Result<Swept, StateError> {
        let mut named: BTreeSet<Sha256> = BTreeSet::new();
        for (dir, digest) in self.record_dirs()? {
            let record = open_record(dir, &digest)?;
            named.extend(record.manifest().files().iter().map(|file| file.sha256));
        }
        let mut swept = Swept::default();
        for (path, sha256) in self.objects()? {
            if !named.contains(&sha256) {
                swept.remove_if_old(&path, now)?;
            }
        }
        for path in files_in(&self.path().join("objects"))? {
            let name = path.file_name().and_then(|name| name.to_str());
            if name.is_some_and(|name| name.starts_with(".new-")) {
                swept.remove_if_old(&path, now)?;
            }
        }
        Ok(swept)
    }
}

impl Swept {
    fn remove_if_old(&mut self, path: &Path, now: SystemTime) -> Result<(), StateError> {
        let metadata = match fs::metadata(path) {
            Ok(metadata) => metadata,
            // Another sweep was faster.
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(StateError::read(path, error)),
        };
        let modified = metadata
            .modified()
            .map_err(|error| StateError::read(path, error))?;
        if now.duration_since(modified).unwrap_or_default() < LEAST_AGE {
            return Ok(());
        }
        fs::remove_file(path).map_err(|error| StateError::write(path, error))?;
        self.n_files += 1;
        self.n_bytes += metadata.len();
        Ok(())
    }
}
