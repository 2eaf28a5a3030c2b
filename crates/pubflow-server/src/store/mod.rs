//! The data directory: what is kept, where, and in which order it reaches the disk.
//!
//! ```text
//! <data>/lock                      held while a server runs here
//! <data>/secrets.json              nonce and tokens, mode 0600
//! <data>/<realm>/log.jsonl         what happened, one line an event, append-only
//! <data>/<realm>/blobs/ab/ab12…    files and METADATA by SHA-256, never changed
//! <data>/<realm>/incoming/         uploads under way; emptied at start
//! ```
//!
//! A log of our own, and no database, because the whole state is a fold over short events: one `fsync` an upload is
//! all that durability costs, the file can be read with any tool, there is nothing to migrate, and a line once
//! written is read back by its place alone. An upload reaches the disk in this order: bytes written and synced in `incoming/`, renamed into
//! `blobs/`, directory synced, log line appended and synced; only then is it shown and answered. A crash between two
//! steps leaves bytes that nothing names, which the next start removes, or a torn last line, which it cuts off.

mod blob;
mod log;
mod secrets;
pub(crate) mod stored;

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

pub(crate) use blob::{Blobs, Incoming};
pub(crate) use log::{Log, LogReader, Place};
pub(crate) use secrets::{RealmSecrets, Secrets, write_private};

use crate::{Realm, ServerError};

/// The name of a realm's log.
const LOG: &str = "log.jsonl";

/// An opened data directory, locked against other processes until it is dropped.
pub(crate) struct DataDirectory {
    root: PathBuf,
    _lock: File,
    /// Removed with all its content when the directory is dropped.
    _temporary: Option<tempfile::TempDir>,
}

impl DataDirectory {
    /// Opens `root`, or a temporary directory.
    pub(crate) fn open(root: Option<&Path>) -> Result<Self, ServerError> {
        let Some(root) = root else {
            let temporary =
                tempfile::tempdir().map_err(ServerError::data("temporary directory"))?;
            let root = temporary.path().to_owned();
            return Self::lock(&root, Some(temporary));
        };
        Self::lock(root, None)
    }

    fn lock(root: &Path, temporary: Option<tempfile::TempDir>) -> Result<Self, ServerError> {
        create_private(root).map_err(ServerError::data(root))?;
        let path = root.join("lock");
        let lock = File::options()
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(ServerError::data(&path))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self {
                root: root.to_owned(),
                _lock: lock,
                _temporary: temporary,
            }),
            Err(TryLockError::WouldBlock) => Err(ServerError::InUse {
                path: root.to_owned(),
            }),
            Err(TryLockError::Error(source)) => Err(ServerError::Data { path, source }),
        }
    }

    /// The nonce and tokens of this directory, made at its first use.
    pub(crate) fn secrets(&self) -> Result<Secrets, ServerError> {
        secrets::read_or_create(&self.root.join("secrets.json"))
    }

    /// What reads back the log of one realm.
    pub(crate) fn log_reader(&self, realm: Realm) -> Result<LogReader, ServerError> {
        let root = self.root.join(realm.as_str());
        create_private(&root).map_err(ServerError::data(&root))?;
        Log::reader(&root.join(LOG))
    }

    /// The log and the files of one realm; `replay` sees every event in order.
    pub(crate) fn realm(
        &self,
        realm: Realm,
        replay: impl FnMut(Place, stored::Record) -> Result<(), stored::Unreadable>,
    ) -> Result<(Log, Blobs), ServerError> {
        let root = self.root.join(realm.as_str());
        create_private(&root).map_err(ServerError::data(&root))?;
        let blobs = Blobs::open(&root)?;
        let log = Log::open(&root.join(LOG), replay)?;
        sync_directory(&root).map_err(ServerError::data(&root))?;
        Ok((log, blobs))
    }
}

/// Creates a directory that only its owner can read; an existing one is left as it is.
fn create_private(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Makes new and renamed entries of a directory durable.
fn sync_directory(path: &Path) -> io::Result<()> {
    // Windows cannot open a directory as a file and needs no such call.
    if cfg!(unix) {
        File::open(path)?.sync_all()
    } else {
        Ok(())
    }
}
