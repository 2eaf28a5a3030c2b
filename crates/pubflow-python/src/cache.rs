//! What is kept between runs so that they need not do it again: environments of build backends,
//! resolved build requirements, and what interpreters say about themselves.
//!
//! Everything in it can be thrown away at any time. An environment is named by the interpreter and the
//! requirements that it was made from, each with its digests; it is used under a shared lock and made,
//! mended or taken away under an exclusive one, so that any number of builds can run at once and a
//! process that dies leaves nothing that the next one cannot use. What a build hook has changed in an
//! environment is seen before anybody uses it again: see `contents`.

mod contents;
mod environment;
mod facts;
pub(crate) mod stored;

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use pubflow_process::Inherited;

pub(crate) use environment::{EnvironmentKey, Lease, Wanted};
pub(crate) use facts::now;

/// Names the cache's directory.
const DIRECTORY_VARIABLE: &str = "PUBFLOW_CACHE_DIR";
/// Names the size beyond which environments that were not used for longest are taken away.
const LIMIT_VARIABLE: &str = "PUBFLOW_CACHE_MAX_SIZE";
/// About forty environments of an ordinary backend.
const LIMIT_BYTES: u64 = 1_000_000_000;

/// A directory that is kept between runs.
#[derive(Debug, Clone)]
pub struct Cache {
    root: PathBuf,
    limit_bytes: u64,
}

/// One environment in the cache.
#[derive(Debug, Clone)]
pub struct CachedEnvironment {
    /// Its name, a digest.
    pub key: String,
    /// The interpreter it was made from.
    pub interpreter: String,
    /// The requirements it holds, resolved.
    pub requirements: Vec<String>,
    /// Its size when it was last looked at.
    pub bytes: u64,
    /// When it was last used.
    pub used: Option<SystemTime>,
    /// Whether somebody uses it now.
    pub is_in_use: bool,
}

/// What was taken away.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Cleared {
    /// Environments that were taken away.
    pub n_environments: usize,
    /// Environments that are in use and were left.
    pub n_in_use: usize,
    /// Bytes that were freed.
    pub bytes: u64,
}

impl Cache {
    /// The cache of this user; none where the environment names no place for it.
    #[must_use]
    pub fn of(inherited: &Inherited) -> Option<Self> {
        let named = inherited.get(DIRECTORY_VARIABLE).map(PathBuf::from);
        let root = named.or_else(|| Some(usual_place(inherited)?.join("pubflow")))?;
        if !root.is_absolute() {
            return None;
        }
        let limit = inherited.text(LIMIT_VARIABLE).and_then(parse_size);
        Some(Self {
            root,
            limit_bytes: limit.unwrap_or(LIMIT_BYTES),
        })
    }

    /// Its directory, which need not exist yet.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Bytes of environments that are kept.
    #[must_use]
    pub fn limit_bytes(&self) -> u64 {
        self.limit_bytes
    }

    /// The environments that are kept, most recently used first.
    ///
    /// # Errors
    /// The directory cannot be read.
    pub fn environments(&self) -> io::Result<Vec<CachedEnvironment>> {
        let mut found = Vec::new();
        for key in self.keys()? {
            let Some(entry) = stored::read_entry(&self.ready_file(&key)) else {
                continue;
            };
            let lock = self.open_lock(&key)?;
            found.push(CachedEnvironment {
                interpreter: entry.interpreter,
                requirements: entry.requirements,
                bytes: entry.bytes,
                used: modified(&self.ready_file(&key)),
                is_in_use: matches!(lock.try_lock(), Err(TryLockError::WouldBlock)),
                key,
            });
        }
        found.sort_by(|a, b| b.used.cmp(&a.used).then_with(|| a.key.cmp(&b.key)));
        Ok(found)
    }

    /// Takes everything away that nobody uses.
    ///
    /// # Errors
    /// Something cannot be taken away.
    pub fn clear(&self) -> io::Result<Cleared> {
        let mut cleared = Cleared::default();
        for key in self.keys()? {
            self.remove(&key, &mut cleared)?;
        }
        for directory in [self.interpreters(), self.resolutions()] {
            match fs::remove_dir_all(&directory) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        Ok(cleared)
    }

    /// Takes away what was not used for longest until the rest is within the limit.
    ///
    /// # Errors
    /// Something cannot be read or taken away.
    pub fn prune(&self) -> io::Result<Cleared> {
        let environments = self.environments()?;
        let mut total: u64 = environments.iter().map(|one| one.bytes).sum();
        let mut cleared = Cleared::default();
        for oldest in environments.iter().rev() {
            if total <= self.limit_bytes {
                break;
            }
            let before = cleared.n_environments;
            self.remove(&oldest.key, &mut cleared)?;
            if cleared.n_environments > before {
                total = total.saturating_sub(oldest.bytes);
            }
        }
        Ok(cleared)
    }

    fn remove(&self, key: &str, cleared: &mut Cleared) -> io::Result<()> {
        let lock = self.open_lock(key)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                cleared.n_in_use += 1;
                return Ok(());
            }
            Err(TryLockError::Error(error)) => return Err(error),
        }
        let entry = stored::read_entry(&self.ready_file(key));
        // Without this file the rest is no environment to anybody, wherever the removal stops.
        remove_if_there(&self.ready_file(key))?;
        fs::remove_dir_all(self.entry(key))?;
        cleared.n_environments += 1;
        cleared.bytes += entry.map_or(0, |entry| entry.bytes);
        Ok(())
    }

    fn keys(&self) -> io::Result<Vec<String>> {
        let entries = match fs::read_dir(self.root.join("environments")) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let mut keys = Vec::new();
        for entry in entries {
            let entry = entry?;
            if entry.file_type()?.is_dir()
                && let Ok(name) = entry.file_name().into_string()
            {
                keys.push(name);
            }
        }
        keys.sort();
        Ok(keys)
    }

    fn entry(&self, key: &str) -> PathBuf {
        self.root.join("environments").join(key)
    }

    /// Written when an environment is whole; its time of change is the time of the last use.
    fn ready_file(&self, key: &str) -> PathBuf {
        self.entry(key).join("ready.json")
    }

    fn interpreters(&self) -> PathBuf {
        self.root.join("interpreters")
    }

    fn resolutions(&self) -> PathBuf {
        self.root.join("resolutions")
    }

    /// Locks lie beside what they guard and are never taken away: whoever waits for one must be
    /// waiting for the one that others take.
    fn open_lock(&self, key: &str) -> io::Result<File> {
        let locks = self.root.join("locks");
        fs::create_dir_all(&locks)?;
        let mut options = File::options();
        options.create(true).write(true).truncate(false);
        options.open(locks.join(key))
    }
}

fn usual_place(inherited: &Inherited) -> Option<PathBuf> {
    if cfg!(windows) {
        return inherited.get("LOCALAPPDATA").map(PathBuf::from);
    }
    let named = inherited.get("XDG_CACHE_HOME").map(PathBuf::from);
    if let Some(named) = named.filter(|path| path.is_absolute()) {
        return Some(named);
    }
    let below_home = if cfg!(target_os = "macos") {
        "Library/Caches"
    } else {
        ".cache"
    };
    Some(inherited.home()?.join(below_home))
}

/// Reads `500MB`, `2 GB`, `1000000`: decimal units, as disks are sold.
fn parse_size(text: &str) -> Option<u64> {
    let text = text.trim();
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == ' ');
    let factor = match text[digits.len()..].trim().to_ascii_uppercase().as_str() {
        "" | "B" => 1,
        "KB" | "K" => 1_000,
        "MB" | "M" => 1_000_000,
        "GB" | "G" => 1_000_000_000,
        _ => return None,
    };
    digits.parse::<u64>().ok()?.checked_mul(factor)
}

fn modified(path: &Path) -> Option<SystemTime> {
    path.metadata().ok()?.modified().ok()
}

fn remove_if_there(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Writes a file so that it is there as a whole or not at all.
fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let directory = path.parent().unwrap_or(path);
    fs::create_dir_all(directory)?;
    let mut file = tempfile::NamedTempFile::new_in(directory)?;
    io::Write::write_all(&mut file, bytes)?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

#[cfg(test)]
mod tests;
