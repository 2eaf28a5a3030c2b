//! Versions of the core metadata specification.

use std::fmt;

/// A published version of the core metadata specification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MetadataVersion {
    /// PEP 241.
    V1_0,
    /// PEP 314.
    V1_1,
    /// PEP 345.
    V1_2,
    /// PEP 566. There is no 2.0: PEP 426 was withdrawn, and indexes refuse it.
    V2_1,
    /// PEP 643.
    V2_2,
    /// PEP 685.
    V2_3,
    /// PEP 639.
    V2_4,
    /// PEP 794.
    V2_5,
    /// PEP 808; no new field.
    V2_6,
}

impl MetadataVersion {
    /// All versions, oldest first.
    pub const ALL: [Self; 9] = [
        Self::V1_0,
        Self::V1_1,
        Self::V1_2,
        Self::V2_1,
        Self::V2_2,
        Self::V2_3,
        Self::V2_4,
        Self::V2_5,
        Self::V2_6,
    ];

    /// The newest version that PyPI accepts, as of 2026-08.
    pub const NEWEST_ON_PYPI: Self = Self::V2_5;

    /// Reads exactly the spelling of the specification.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|version| version.as_str() == text)
    }

    /// The spelling of the specification.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::V1_0 => "1.0",
            Self::V1_1 => "1.1",
            Self::V1_2 => "1.2",
            Self::V2_1 => "2.1",
            Self::V2_2 => "2.2",
            Self::V2_3 => "2.3",
            Self::V2_4 => "2.4",
            Self::V2_5 => "2.5",
            Self::V2_6 => "2.6",
        }
    }
}

impl fmt::Display for MetadataVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_version_reads_back_and_2_0_does_not_exist() {
        for version in MetadataVersion::ALL {
            assert_eq!(MetadataVersion::parse(version.as_str()), Some(version));
        }
        assert_eq!(MetadataVersion::parse("2.0"), None);
        assert_eq!(MetadataVersion::parse(" 2.1"), None);
        assert!(MetadataVersion::ALL.is_sorted());
    }
}
