//! Environments in the cache: taken under a shared lock, made under an exclusive one.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use pubflow_process::Cancel;
use pubflow_spec::Sha256;

use super::contents::Contents;
use super::stored::{self, Entry};
use super::{Cache, remove_if_there};
use crate::environment::PythonEnvironment;
use crate::interpreter::Interpreter;

/// Pause between two looks at a lock that somebody else holds: an environment takes seconds to make.
const PAUSE: Duration = Duration::from_millis(20);

/// What an environment is made from, which is its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct EnvironmentKey(String);

impl EnvironmentKey {
    /// From the interpreter's identity and the resolved requirements with their digests.
    pub(crate) fn of(interpreter: &str, requirements: &str) -> Self {
        let text = format!("{interpreter}\0{requirements}");
        Self(Sha256::of(text.as_bytes()).to_string())
    }
}

/// An environment that is wanted.
#[derive(Debug)]
pub(crate) struct Wanted<'a> {
    pub(crate) key: &'a EnvironmentKey,
    pub(crate) interpreter: &'a Interpreter,
    /// What it holds, for people who look at the cache.
    pub(crate) requirements: Vec<String>,
    /// Waiting for another process that makes it ends after this time.
    pub(crate) deadline: Duration,
    pub(crate) cancel: Option<&'a Cancel>,
}

/// An environment in use; nobody takes it away while this value lives.
#[derive(Debug)]
pub(crate) struct Lease {
    environment: PythonEnvironment,
    ready_file: PathBuf,
    entry: Entry,
    before: Contents,
    _lock: File,
}

impl Lease {
    /// The environment.
    pub(crate) fn environment(&self) -> &PythonEnvironment {
        &self.environment
    }
}

impl Drop for Lease {
    /// Gives the environment back: one that was changed is not used again.
    fn drop(&mut self) {
        let after = Contents::read(self.environment.root());
        let outcome = match after {
            Ok(after) if after == self.before => Ok(()),
            Ok(after) if after.is_still(&self.before) => {
                let mut entry = self.entry.clone();
                entry.bytes = after.bytes;
                entry.contents = after.to_json();
                stored::write_entry(&self.ready_file, &entry)
            }
            _ => remove_if_there(&self.ready_file),
        };
        // What cannot be written down is seen as a change by the next user, who makes it anew.
        let _ = outcome;
    }
}

impl Cache {
    /// The environment `wanted`, which `make` makes at a path when it is not there or was changed.
    ///
    /// # Errors
    /// Those of `make`, and of the cache's directory.
    pub(crate) fn environment<E: From<io::Error>>(
        &self,
        wanted: &Wanted<'_>,
        make: impl FnOnce(&Path) -> Result<(), E>,
    ) -> Result<Lease, E> {
        let key = wanted.key.0.as_str();
        let started = Instant::now();
        let mut make = Some(make);
        loop {
            let lock = self.open_lock(key)?;
            wait_for(wanted, started, || lock.try_lock_shared())?;
            if let Some(lease) = self.find(wanted, lock) {
                return Ok(lease);
            }
            let Some(make) = make.take() else {
                // Taken away between making and taking: a cache that is cleared all the time.
                return Err(io::Error::other("the environment was taken away").into());
            };
            let lock = self.open_lock(key)?;
            wait_for(wanted, started, || lock.try_lock())?;
            if !self.is_whole(key) {
                self.make(wanted, make)?;
            }
        }
    }

    fn is_whole(&self, key: &str) -> bool {
        let Some(entry) = stored::read_entry(&self.ready_file(key)) else {
            return false;
        };
        let before = Contents::from_json(&entry.contents);
        let found = Contents::read(&self.root_of(key));
        matches!((before, found), (Some(before), Ok(found)) if found.is_still(&before))
    }

    fn find(&self, wanted: &Wanted<'_>, lock: File) -> Option<Lease> {
        let key = wanted.key.0.as_str();
        let entry = stored::read_entry(&self.ready_file(key))?;
        let before = Contents::from_json(&entry.contents)?;
        let found = Contents::read(&self.root_of(key)).ok()?;
        if !found.is_still(&before) {
            return None;
        }
        // Only for the order in which environments are taken away.
        let _ = File::options()
            .write(true)
            .open(self.ready_file(key))
            .and_then(|file| file.set_modified(SystemTime::now()));
        Some(Lease {
            environment: PythonEnvironment::at(&self.root_of(key), wanted.interpreter),
            ready_file: self.ready_file(key),
            entry,
            before: found,
            _lock: lock,
        })
    }

    fn make<E: From<io::Error>>(
        &self,
        wanted: &Wanted<'_>,
        make: impl FnOnce(&Path) -> Result<(), E>,
    ) -> Result<(), E> {
        let key = wanted.key.0.as_str();
        let directory = self.entry(key);
        remove_if_there(&self.ready_file(key))?;
        match fs::remove_dir_all(&directory) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
        fs::create_dir_all(&directory)?;
        let root = self.root_of(key);
        if let Err(error) = make(&root) {
            // A half-made environment is of no use to anybody; what cannot be removed now is
            // removed by the next who wants it.
            let _ = fs::remove_dir_all(&directory);
            return Err(error);
        }
        let contents = Contents::read(&root)?;
        let entry = Entry::new(
            wanted.interpreter.label(),
            wanted.requirements.clone(),
            contents.bytes,
            contents.to_json(),
        );
        stored::write_entry(&self.ready_file(key), &entry)?;
        // The one just made is locked by us and stays, whatever its size.
        let _ = self.prune();
        Ok(())
    }

    fn root_of(&self, key: &str) -> PathBuf {
        self.entry(key).join("env")
    }
}

/// Takes a lock that another process may hold.
fn wait_for(
    wanted: &Wanted<'_>,
    started: Instant,
    try_lock: impl Fn() -> Result<(), TryLockError>,
) -> io::Result<()> {
    loop {
        match try_lock() {
            Ok(()) => return Ok(()),
            Err(TryLockError::Error(error)) => return Err(error),
            Err(TryLockError::WouldBlock) => {}
        }
        if wanted.cancel.is_some_and(Cancel::is_cancelled) {
            return Err(io::Error::new(io::ErrorKind::Interrupted, "interrupted"));
        }
        if started.elapsed() > wanted.deadline {
            let words = "another process makes this environment and does not come to an end";
            return Err(io::Error::new(io::ErrorKind::TimedOut, words));
        }
        std::thread::sleep(PAUSE);
    }
}
