//! File names of distributions.
//!
//! Whether a name is also the normal one that the specifications ask for, and whether an index
//! takes its platform, are checks made elsewhere; [`WheelFilename::normalized`] and
//! [`SdistFilename::normalized`] give the name to compare with. A name with a path separator is
//! never a file name, whatever stands around it, so these values are safe to join to a directory.
//!
//! Spec: "Binary distribution format" (PEP 427), "Source distribution format" (PEP 625).

mod error;
mod sdist;
#[cfg(test)]
mod tests;
mod wheel;

use std::fmt;
use std::str::FromStr;

pub use error::{FilenameError, FilenameExpected};
pub use sdist::{SdistFilename, SdistFormat};
pub use wheel::{BuildTag, WheelFilename};

use crate::project_name::ProjectName;
use crate::version::Version;

/// The two kinds of distributions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DistributionKind {
    /// A built distribution, `.whl`.
    Wheel,
    /// A source distribution, `.tar.gz` (or `.zip`, from old projects).
    Sdist,
}

impl DistributionKind {
    /// `wheel` or `sdist`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Wheel => "wheel",
            Self::Sdist => "sdist",
        }
    }
}

impl fmt::Display for DistributionKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The file name of a distribution of either kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DistributionFilename {
    /// Of a wheel.
    Wheel(WheelFilename),
    /// Of an sdist.
    Sdist(SdistFilename),
}

impl DistributionFilename {
    /// Reads a file name; its ending decides of which kind.
    ///
    /// # Errors
    /// [`FilenameError`] when the ending is neither's, or the name is none of that kind.
    pub fn parse(text: &str) -> Result<Self, FilenameError> {
        if text.ends_with(wheel::ENDING) {
            WheelFilename::parse(text).map(Self::Wheel)
        } else if SdistFormat::of(text).is_some() {
            SdistFilename::parse(text).map(Self::Sdist)
        } else {
            let expected = FilenameExpected::DistributionEnding;
            Err(FilenameError::at(text, text.len(), expected))
        }
    }

    /// The project.
    #[must_use]
    pub fn name(&self) -> &ProjectName {
        match self {
            Self::Wheel(wheel) => &wheel.name,
            Self::Sdist(sdist) => &sdist.name,
        }
    }

    /// The version.
    #[must_use]
    pub fn version(&self) -> &Version {
        match self {
            Self::Wheel(wheel) => &wheel.version,
            Self::Sdist(sdist) => &sdist.version,
        }
    }

    /// The file name as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Wheel(wheel) => wheel.as_str(),
            Self::Sdist(sdist) => sdist.as_str(),
        }
    }

    /// The file name made from its parts in normal form.
    #[must_use]
    pub fn normalized(&self) -> String {
        match self {
            Self::Wheel(wheel) => wheel.normalized(),
            Self::Sdist(sdist) => sdist.normalized(),
        }
    }

    /// Wheel or sdist.
    #[must_use]
    pub fn kind(&self) -> DistributionKind {
        match self {
            Self::Wheel(_) => DistributionKind::Wheel,
            Self::Sdist(_) => DistributionKind::Sdist,
        }
    }
}

impl fmt::Display for DistributionFilename {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for DistributionFilename {
    type Err = FilenameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}
