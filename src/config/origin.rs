//! Where a setting came from.

use std::fmt;
use std::path::PathBuf;

/// The place that set a value. Earlier variants win over later ones.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Origin {
    /// An option of this call, such as `--index`.
    CommandLine(&'static str),
    /// An environment variable.
    Environment(String),
    /// `[tool.pubflow]` in pyproject.toml, or pubflow.toml.
    ProjectFile(PathBuf),
    /// The user's own configuration file.
    UserFile(PathBuf),
    /// The journal of the release that is resumed.
    Journal,
    /// Built in.
    Default,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CommandLine(option) => write!(f, "command line, {option}"),
            Self::Environment(variable) => write!(f, "environment, {variable}"),
            Self::ProjectFile(path) => write!(f, "project file, {}", path.display()),
            Self::UserFile(path) => write!(f, "user file, {}", path.display()),
            Self::Journal => f.write_str("journal of the release"),
            Self::Default => f.write_str("default"),
        }
    }
}

/// A value and where it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Setting<T> {
    /// The value.
    pub(crate) value: T,
    /// Where it was set.
    pub(crate) origin: Origin,
}

impl<T> Setting<T> {
    /// A value set at `origin`.
    pub(crate) fn new(value: T, origin: Origin) -> Self {
        Self { value, origin }
    }
}

/// Keeps the setting of the stronger origin.
pub(crate) fn strongest<T>(current: &mut Option<Setting<T>>, other: Setting<T>) {
    if current
        .as_ref()
        .is_none_or(|held| other.origin < held.origin)
    {
        *current = Some(other);
    }
}
