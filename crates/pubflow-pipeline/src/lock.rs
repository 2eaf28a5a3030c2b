//! One writer at a time: a lock that the system takes back when its holder dies.
//!
//! The file stays behind; only the lock on it counts, never the text in it. The text tells a person
//! who holds it.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::clock::Clock;
use crate::error::StateError;
use crate::failure::Report;

/// Enough for what is written into a lock file.
const TEXT_LIMIT: u64 = 200;

/// A lock that is held until it is dropped or the process ends.
#[derive(Debug)]
pub struct Lock {
    // Closing the file gives the lock back.
    _file: File,
}

/// The lock was not taken.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another process holds it.
    #[error("another run holds the lock `{}`", path.display())]
    Held {
        /// The lock file.
        path: PathBuf,
        /// Process id of the holder, when it can be read.
        pid: Option<u32>,
        /// When the holder took it, when it can be read.
        since: Option<Timestamp>,
    },
    /// The lock file cannot be used.
    #[error(transparent)]
    State(#[from] StateError),
}

impl Lock {
    /// Takes the lock on `path`, creating the file and its directory where they are missing.
    ///
    /// # Errors
    /// [`LockError::Held`] at once, without waiting, when another process has it.
    pub fn acquire(path: &Path, clock: &dyn Clock) -> Result<Self, LockError> {
        if let Some(dir) = path.parent() {
            crate::durable::create_private_dir(dir)?;
        }
        let wrong = |error| StateError::write(path, error);
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
            .map_err(wrong)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(held(path, &mut file)),
            Err(TryLockError::Error(error)) => return Err(wrong(error).into()),
        }
        let text = format!("{} {}\n", std::process::id(), clock.now());
        file.set_len(0)
            .and_then(|()| file.write_all(text.as_bytes()))
            .map_err(wrong)?;
        Ok(Self { _file: file })
    }
}

impl LockError {
    /// The error in words: what, where, why, next.
    #[must_use]
    pub fn report(&self) -> Report {
        match self {
            Self::Held { path, pid, since } => {
                let holder = pid.map_or(String::from("another process"), |pid| {
                    format!("process {pid}")
                });
                let since = since.map_or(String::new(), |since| format!(" since {since:.0}"));
                Report::new(self.to_string())
                    .code("E801")
                    .place(path.display().to_string())
                    .why(format!("{holder} has been working on this release{since}"))
                    .next("wait until it ends, or stop it, then run `pubflow resume`")
            }
            Self::State(error) => error.report(),
        }
    }
}

fn held(path: &Path, file: &mut File) -> LockError {
    let mut text = String::new();
    // Where the system forbids reading a locked file, the holder stays unknown.
    if file.rewind().is_ok() {
        let _unknown = file.take(TEXT_LIMIT).read_to_string(&mut text);
    }
    let mut words = text.split_whitespace();
    let pid = words.next().and_then(|word| word.parse().ok());
    let since = words.next().and_then(|word| word.parse().ok());
    LockError::Held {
        path: path.to_owned(),
        pid,
        since,
    }
}

#[cfg(test)]
mod tests;
