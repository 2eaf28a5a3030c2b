//! Where `pubflow login` keeps tokens: the system's keyring, or a file where there is none.
//!
//! An entry belongs to scheme, host and port, and may be for one project alone; no name of an index
//! is part of it, so that no configuration can move it. `PUBFLOW_KEYRING` chooses: `system` (the
//! default), `file`, or `off`.

mod file;
mod stored;
mod system;

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::path::PathBuf;

use pubflow_http::{Origin, Secret};
use pubflow_spec::ProjectName;

/// The variable that chooses the place.
pub const VARIABLE: &str = "PUBFLOW_KEYRING";

/// What a token is kept for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// The only place that it is sent to.
    pub origin: Origin,
    /// In normalised form; none when it is for every project.
    pub project: Option<String>,
}

/// Where a token lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// In the keyring of the system.
    Keyring,
    /// In a file of mode 0600.
    File(PathBuf),
}

/// The places for tokens, as the environment tells them.
#[derive(Debug, Clone, Copy)]
pub struct Vault<'a> {
    environment: &'a BTreeMap<String, String>,
}

/// Why a place cannot be used. Never holds a token.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// `PUBFLOW_KEYRING` says something else than it can.
    #[error("PUBFLOW_KEYRING is `{value}`; it can be `system`, `file` or `off`")]
    Choice {
        /// What it says.
        value: String,
    },
    /// Tokens are not to be kept.
    #[error("PUBFLOW_KEYRING is `off`, so no token is kept")]
    Off,
    /// The keyring is there and does not do it.
    #[error("the keyring of this system does not answer: {problem}")]
    Keyring {
        /// What it said.
        problem: String,
    },
    /// There is no home directory.
    #[error("there is no home directory to keep tokens in")]
    NoHome,
    /// The file cannot be read or written.
    #[error("`{}` cannot be {done}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// `read` or `written`.
        done: &'static str,
        /// What the system said.
        source: io::Error,
    },
    /// Others can read the file.
    #[error("`{}` can be read by others (mode {mode:o}), so it is not used; run `chmod 600 {}`", path.display(), path.display())]
    TooOpen {
        /// The file.
        path: PathBuf,
        /// Its mode.
        mode: u32,
    },
    /// The file holds something else.
    #[error("`{}` is no file of tokens, or of a later version; nothing was changed", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
    },
}

/// What `PUBFLOW_KEYRING` says.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Choice {
    System,
    File,
    Off,
}

impl Entry {
    /// The entry for every project on an index.
    #[must_use]
    pub fn for_all(origin: Origin) -> Self {
        Self {
            origin,
            project: None,
        }
    }

    /// The entry for one project.
    #[must_use]
    pub fn for_project(origin: Origin, project: &ProjectName) -> Self {
        Self {
            origin,
            project: Some(project.normalized().to_owned()),
        }
    }
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.project {
            Some(project) => write!(f, "{} ({project})", self.origin),
            None => write!(f, "{}", self.origin),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Keyring => f.write_str("the keyring"),
            Self::File(path) => write!(f, "{}", path.display()),
        }
    }
}

impl<'a> Vault<'a> {
    /// The places that this environment has.
    #[must_use]
    pub fn of(environment: &'a BTreeMap<String, String>) -> Self {
        Self { environment }
    }

    fn choice(&self) -> Result<Choice, VaultError> {
        match self.environment.get(VARIABLE).map(|value| value.trim()) {
            None | Some("" | "system") => Ok(Choice::System),
            Some("file") => Ok(Choice::File),
            Some("off") => Ok(Choice::Off),
            Some(value) => Err(VaultError::Choice {
                value: value.to_owned(),
            }),
        }
    }

    /// Keeps a token: in the keyring where there is one, else in the file.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn keep(&self, entry: &Entry, token: &Secret) -> Result<Place, VaultError> {
        match self.choice()? {
            Choice::Off => Err(VaultError::Off),
            Choice::System if system::is_there(self.environment) => {
                system::keep(entry, token)?;
                Ok(Place::Keyring)
            }
            Choice::System | Choice::File => {
                let path = self.file()?;
                file::change(&path, |tokens| tokens.set(entry.clone(), token.clone()))?;
                Ok(Place::File(path))
            }
        }
    }

    /// The token of the keyring; none where there is no keyring.
    ///
    /// # Errors
    /// [`VaultError::Keyring`] and [`VaultError::Choice`].
    pub fn in_keyring(&self, entry: &Entry) -> Result<Option<Secret>, VaultError> {
        match self.choice()? {
            Choice::System if system::is_there(self.environment) => system::find(entry),
            _ => Ok(None),
        }
    }

    /// The token of the file.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn in_file(&self, entry: &Entry) -> Result<Option<Secret>, VaultError> {
        if self.choice()? == Choice::Off {
            return Ok(None);
        }
        let Ok(path) = self.file() else {
            return Ok(None);
        };
        Ok(file::read(&path)?.get(entry).cloned())
    }

    /// Takes the token out of every place; the places where there was one.
    ///
    /// # Errors
    /// [`VaultError`]; what was found before is gone then.
    pub fn forget(&self, entry: &Entry) -> Result<Vec<Place>, VaultError> {
        let mut places = Vec::new();
        let choice = self.choice()?;
        if choice == Choice::System && system::is_there(self.environment) && system::forget(entry)?
        {
            places.push(Place::Keyring);
        }
        if let Ok(path) = self.file()
            && file::read(&path)?.get(entry).is_some()
        {
            file::change(&path, |tokens| tokens.remove(entry))?;
            places.push(Place::File(path));
        }
        Ok(places)
    }

    /// The file, which need not exist.
    pub(crate) fn file(&self) -> Result<PathBuf, VaultError> {
        let directory = |name: &str| {
            let path = PathBuf::from(self.environment.get(name)?);
            path.is_absolute().then_some(path)
        };
        let base = directory("XDG_DATA_HOME")
            .or_else(|| directory("HOME").map(|home| home.join(".local/share")))
            .or_else(|| directory("LOCALAPPDATA"))
            .ok_or(VaultError::NoHome)?;
        Ok(base.join("pubflow").join("tokens.json"))
    }
}

#[cfg(test)]
mod tests;
