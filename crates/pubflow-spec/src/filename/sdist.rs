//! File names of source distributions: `{name}-{version}.tar.gz`.

use std::fmt;
use std::str::FromStr;

use super::error::{FilenameError, FilenameExpected, error_in_part, require_plain};
use crate::project_name::ProjectName;
use crate::version::Version;

/// The archive formats of sdists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SdistFormat {
    /// `.tar.gz`, the only one that the specification still has.
    TarGz,
    /// `.zip`, which indexes still take and list.
    Zip,
}

impl SdistFormat {
    /// The ending of file names, with its dot.
    #[must_use]
    pub fn ending(self) -> &'static str {
        match self {
            Self::TarGz => ".tar.gz",
            Self::Zip => ".zip",
        }
    }

    /// The format of a file of this name.
    pub(super) fn of(text: &str) -> Option<Self> {
        [Self::TarGz, Self::Zip]
            .into_iter()
            .find(|format| text.ends_with(format.ending()))
    }
}

/// The file name of an sdist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SdistFilename {
    given: Box<str>,
    /// The project; not [`valid`](ProjectName::is_valid) for some names that readers take.
    pub name: ProjectName,
    /// The version.
    pub version: Version,
    /// The archive format.
    pub format: SdistFormat,
}

impl SdistFilename {
    /// Reads a file name.
    ///
    /// # Errors
    /// [`FilenameError`] when it is none of an sdist.
    pub fn parse(text: &str) -> Result<Self, FilenameError> {
        let at = |byte, expected| FilenameError::at(text, byte, expected);
        require_plain(text)?;
        let format =
            SdistFormat::of(text).ok_or_else(|| at(text.len(), FilenameExpected::SdistEnding))?;
        let stem = &text[..text.len() - format.ending().len()];
        // Versions in normal form have no `-`, so the last one separates.
        let (name, version) = stem
            .rsplit_once('-')
            .ok_or_else(|| at(stem.len(), FilenameExpected::SdistParts))?;
        if name.is_empty() {
            return Err(at(0, FilenameExpected::Name));
        }
        let parsed = Version::parse(version).map_err(|error| {
            let expected = FilenameExpected::Version(*error.expected());
            error_in_part(text, name.len() + 1, version, &error, expected)
        })?;
        Ok(Self {
            given: text.into(),
            name: ProjectName::unchecked(name),
            version: parsed,
            format,
        })
    }

    /// The file name as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.given
    }

    /// The file name made from its parts in normal form.
    #[must_use]
    pub fn normalized(&self) -> String {
        let (name, version) = (self.name.underscored(), &self.version);
        format!("{name}-{version}{}", self.format.ending())
    }
}

impl fmt::Display for SdistFilename {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.given)
    }
}

impl FromStr for SdistFilename {
    type Err = FilenameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}
