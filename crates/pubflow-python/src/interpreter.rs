//! The Python interpreters of this machine: found, asked who they are, chosen.
//!
//! Places are rows of a table in `candidates`; each interpreter is asked once, by running a small
//! script that answers through a file; the answer is kept in the cache until the interpreter changes. Environments made from an interpreter are `environment`'s.
//!
//! Spec: "Requires-Python", core metadata; PEP 508, environment markers.

mod basis;
mod candidates;
mod probe;
mod stored;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use pubflow_process::{Inherited, ProcessError, find_program};
use pubflow_spec::{Number, Prereleases, SpecifierSet, Version};
use thiserror::Error;

pub use probe::probe;

/// The oldest CPython that pubflow works with, as major and minor version.
pub const OLDEST: (u64, u64) = (3, 8);

/// One Python interpreter of this machine and what it says about itself.
#[derive(Debug, Clone)]
pub struct Interpreter {
    /// Where it is.
    pub path: PathBuf,
    /// Its version, such as `3.12.1`.
    pub version: Version,
    /// Its implementation in lower case, such as `cpython`.
    pub implementation: String,
    /// The platform it was built for as it names it itself, such as `linux-x86_64`.
    pub platform: String,
    /// Size of a pointer in bits.
    pub pointer_bits: u32,
    /// Version of the GNU C library it runs on, such as `2.36`; none on other systems.
    pub glibc: Option<String>,
    /// Whether it was built without the global interpreter lock.
    pub free_threaded: bool,
    /// Whether it is a debug build, with an ABI of its own.
    pub debug: bool,
    /// Version of the pip it has, as pip gives it.
    pub pip: Option<String>,
    /// Whether it can put pip into an environment by itself.
    pub ensurepip: bool,
    /// Whether it can make environments.
    pub venv: bool,
    /// Its environment markers by name, `extra` aside.
    pub markers: BTreeMap<String, String>,
}

impl Interpreter {
    /// Implementation and version as one word, such as `cpython-3.12.1`, or `cpython-3.13.1t` for a
    /// free-threaded build.
    #[must_use]
    pub fn label(&self) -> String {
        let threads = if self.free_threaded { "t" } else { "" };
        format!("{}-{}{threads}", self.implementation, self.version)
    }

    /// Major and minor version.
    #[must_use]
    pub fn minor(&self) -> (u64, u64) {
        minor_of(&self.version)
    }

    /// Whether a Requires-Python lets it in. Pre-releases of Python count as what they lead to.
    #[must_use]
    pub fn satisfies(&self, requires_python: Option<&SpecifierSet>) -> bool {
        requires_python.is_none_or(|set| set.contains(&self.version, Prereleases::Allow))
    }

    /// What tells it from every other one, also from another build at the same place.
    pub(crate) fn identity(&self) -> String {
        let real = real(&self.path);
        let time = real.metadata().and_then(|metadata| metadata.modified());
        format!(
            "{} {} {} {time:?}",
            self.path.display(),
            real.display(),
            self.label()
        )
    }

    fn is_supported(&self) -> bool {
        self.implementation == "cpython" && self.minor() >= OLDEST
    }
}

fn minor_of(version: &Version) -> (u64, u64) {
    let release = version.release();
    let part = |index: usize| release.get(index).and_then(Number::as_u64).unwrap_or(0);
    (part(0), part(1))
}

/// Why no interpreter could be had.
#[derive(Debug, Error)]
pub enum InterpreterError {
    /// There is none at all.
    #[error("no Python interpreter was found (CPython {}.{} or later)", OLDEST.0, OLDEST.1)]
    NoneFound,
    /// There are some, none of which is admitted.
    #[error("none of the Python interpreters found ({}) satisfies `{requires_python}`", found.join(", "))]
    NoneFits {
        /// What the project asks for.
        requires_python: String,
        /// Versions that were found.
        found: Vec<String>,
    },
    /// The one that was asked for is not there.
    #[error("no Python interpreter `{wanted}` was found")]
    NotFound {
        /// The version, name or path that was asked for.
        wanted: String,
    },
    /// The one that was asked for cannot be used by pubflow.
    #[error("`{}` is {label}; pubflow works with CPython {}.{} or later", path.display(), OLDEST.0, OLDEST.1)]
    Unsupported {
        /// Where it is.
        path: PathBuf,
        /// What it says it is.
        label: String,
    },
    /// It did not answer as an interpreter does.
    #[error("`{}` does not answer as a Python interpreter: {why}", path.display())]
    NotAnInterpreter {
        /// Where it is.
        path: PathBuf,
        /// What it did instead.
        why: String,
    },
    /// It could not be run.
    #[error(transparent)]
    Process(#[from] ProcessError),
    /// No temporary directory could be made for the question.
    #[error("no temporary directory can be made: {0}")]
    Scratch(#[source] std::io::Error),
}

/// All supported interpreters of this machine, newest first; those of one version in the order in
/// which they were found. Programs that do not answer are passed over.
///
/// # Errors
/// [`InterpreterError::Scratch`].
pub fn find(inherited: &Inherited) -> Result<Vec<Interpreter>, InterpreterError> {
    let mut found = probe::probe_all(&candidates::all(inherited), inherited)?;
    found.retain(Interpreter::is_supported);
    found.sort_by(|a, b| b.version.cmp(&a.version));
    Ok(found)
}

/// The interpreter that work is done with when nobody asks for another: the first on the search path
/// that is admitted, else the newest one admitted anywhere.
///
/// # Errors
/// [`InterpreterError::NoneFound`], [`InterpreterError::NoneFits`], [`InterpreterError::Scratch`].
pub fn find_default(
    inherited: &Inherited,
    requires_python: Option<&SpecifierSet>,
) -> Result<Interpreter, InterpreterError> {
    for candidate in candidates::preferred(inherited) {
        if let Ok(interpreter) = probe(&candidate, inherited)
            && interpreter.is_supported()
            && interpreter.satisfies(requires_python)
        {
            return Ok(interpreter);
        }
    }
    let found = find(inherited)?;
    let chosen = select(&found, requires_python, Choice::Newest)?;
    Ok(chosen[0].clone())
}

/// The interpreter that the user names: a version (`3.12`, `3.12.1`), one with a `t` for a
/// free-threaded build (`3.13t`), a program (`python3.12`) or a path.
///
/// # Errors
/// [`InterpreterError::NotFound`], [`InterpreterError::Unsupported`], and why it cannot be run.
pub fn find_named(wanted: &str, inherited: &Inherited) -> Result<Interpreter, InterpreterError> {
    let not_found = || InterpreterError::NotFound {
        wanted: wanted.to_owned(),
    };
    let looks_like_version = wanted.starts_with(|c: char| c.is_ascii_digit());
    let (number, free_threaded) = match wanted.strip_suffix('t') {
        Some(number) => (number, true),
        None => (wanted, false),
    };
    if looks_like_version && let Ok(version) = Version::parse(number) {
        let found = find(inherited)?;
        return named_by_version(&found, &version, free_threaded).ok_or_else(not_found);
    }
    let path = find_program(wanted, inherited).ok_or_else(not_found)?;
    let interpreter = probe(&path, inherited)?;
    if !interpreter.is_supported() {
        return Err(InterpreterError::Unsupported {
            label: interpreter.label(),
            path,
        });
    }
    Ok(interpreter)
}

/// The newest one of a version. A free-threaded build answers to a plain version only when there is
/// no other.
fn named_by_version(
    found: &[Interpreter],
    version: &Version,
    free_threaded: bool,
) -> Option<Interpreter> {
    let matching = || {
        let found = found.iter();
        found.filter(|interpreter| starts_like(&interpreter.version, version))
    };
    let exact = matching().find(|one| one.free_threaded == free_threaded);
    let chosen = match free_threaded {
        true => exact,
        false => exact.or_else(|| matching().next()),
    };
    chosen.cloned()
}

/// Whether `version` is `wanted` as far as `wanted` goes.
fn starts_like(version: &Version, wanted: &Version) -> bool {
    version.release().starts_with(wanted.release())
        && (!wanted.is_prerelease() || version == wanted)
}

/// Which of several admitted interpreters are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// The newest one.
    Newest,
    /// The oldest one.
    Oldest,
    /// The oldest and the newest one, which may be the same.
    Ends,
    /// One of each minor version, newest first.
    All,
}

/// Chooses among interpreters that are sorted as [`find`] gives them; at least one comes back.
///
/// # Errors
/// [`InterpreterError::NoneFound`], [`InterpreterError::NoneFits`].
pub fn select<'a>(
    found: &'a [Interpreter],
    requires_python: Option<&SpecifierSet>,
    choice: Choice,
) -> Result<Vec<&'a Interpreter>, InterpreterError> {
    let mut admitted: Vec<&Interpreter> = found
        .iter()
        .filter(|interpreter| interpreter.satisfies(requires_python))
        .collect();
    if choice != Choice::All && admitted.iter().any(|one| !one.free_threaded) {
        // Most users have the ordinary build; the other one is tried when it is asked for.
        admitted.retain(|one| !one.free_threaded);
    }
    let mut seen = BTreeSet::new();
    admitted.retain(|one| seen.insert((one.minor(), one.free_threaded)));
    let (Some(newest), Some(oldest)) = (admitted.first(), admitted.last()) else {
        return Err(match requires_python {
            Some(set) if !found.is_empty() => InterpreterError::NoneFits {
                requires_python: set.to_string(),
                found: found.iter().map(|one| one.version.to_string()).collect(),
            },
            _ => InterpreterError::NoneFound,
        });
    };
    Ok(match choice {
        Choice::Newest => vec![*newest],
        Choice::Oldest => vec![*oldest],
        Choice::Ends if newest.path == oldest.path => vec![*newest],
        Choice::Ends => vec![*oldest, *newest],
        Choice::All => admitted,
    })
}

/// Real path of a program where it can be told, for comparing.
fn real(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_path_buf())
}

#[cfg(test)]
mod tests;
