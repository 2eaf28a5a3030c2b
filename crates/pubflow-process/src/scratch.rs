//! Temporary directories that go away even when pubflow is killed: the next one that is made sweeps
//! up after processes that are no more.
//!
//! Each directory holds a file that its owner keeps locked; the system drops the lock however the
//! owner ends.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::Inherited;

/// What the names of all these directories begin with.
const PREFIX: &str = "pubflow-";
/// The file that the owner keeps locked.
const LOCK: &str = ".owner";

/// A temporary directory; it goes away with this value.
#[derive(Debug)]
pub struct Scratch {
    directory: TempDir,
    /// Held for as long as the directory is in use.
    _lock: File,
}

impl Scratch {
    /// Makes a directory for `purpose`, a word, where the environment has temporary files.
    ///
    /// # Errors
    /// There is no place for one.
    pub fn make(purpose: &str, inherited: &Inherited) -> io::Result<Self> {
        let parent = inherited.temporary_directory();
        sweep(&parent);
        let directory = tempfile::Builder::new()
            .prefix(&format!("{PREFIX}{purpose}-"))
            .tempdir_in(parent)?;
        // It gets its name when it is locked, so nobody finds it and takes it for given up.
        let nameless = directory.path().join(".new-owner");
        let lock = File::create_new(&nameless)?;
        lock.lock()?;
        fs::rename(&nameless, directory.path().join(LOCK))?;
        Ok(Self {
            directory,
            _lock: lock,
        })
    }

    /// The directory.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.directory.path()
    }

    /// A path in it.
    #[must_use]
    pub fn join(&self, name: impl AsRef<Path>) -> PathBuf {
        self.path().join(name)
    }
}

/// Removes directories whose owners are no more. What cannot be removed belongs to somebody else.
fn sweep(parent: &Path) {
    let entries = fs::read_dir(parent).into_iter().flatten().flatten();
    for entry in entries {
        let is_ours = entry.file_name().to_string_lossy().starts_with(PREFIX);
        if is_ours && is_given_up(&entry.path()) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

fn is_given_up(directory: &Path) -> bool {
    File::options()
        .write(true)
        .open(directory.join(LOCK))
        .is_ok_and(|lock| lock.try_lock().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_killed_owner_left_is_removed_and_nothing_else() {
        let parent = tempfile::tempdir().unwrap();
        let inherited = Inherited::from_pairs([("TMPDIR", parent.path())]);
        for name in ["pubflow-build-dead", "pubflow-build-unlocked", "other"] {
            fs::create_dir(parent.path().join(name)).unwrap();
        }
        fs::write(parent.path().join("pubflow-build-dead/.owner"), "").unwrap();
        fs::write(parent.path().join("other/.owner"), "").unwrap();
        let alive = Scratch::make("build", &inherited).unwrap();
        let second = Scratch::make("verify", &inherited).unwrap();
        assert!(alive.path().is_dir() && second.path().is_dir());
        assert!(!parent.path().join("pubflow-build-dead").exists());
        assert!(parent.path().join("pubflow-build-unlocked").exists());
        assert!(parent.path().join("other").exists());
        drop((alive, second));
        assert_eq!(fs::read_dir(parent.path()).unwrap().count(), 2);
    }
}
