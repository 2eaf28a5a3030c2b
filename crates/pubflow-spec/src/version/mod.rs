//! Versions.
//!
//! Which versions satisfy a requirement is the business of [`crate::SpecifierSet`].
//!
//! Spec: "Version specifiers" (PEP 440). Two surprises: many spellings mean one version
//! (`v1.0-Alpha.1` is `1.0a1`), and trailing zeros of the release do not count (`1.0 == 1`),
//! although the normal form keeps them.

mod display;
mod order;
mod parse;
#[cfg(test)]
mod tests;

use std::fmt;
use std::str::FromStr;

pub(crate) use parse::{scan_local, scan_release, scan_suffixes};

use crate::syntax::{Expectation, Number, SyntaxError};

/// A version: as written, and its parts. Equality and order are those of PEP 440.
///
/// ```
/// use pubflow_spec::Version;
/// let version = Version::parse("v1.0-RC.2")?;
/// assert_eq!(version.to_string(), "1.0rc2");
/// assert!(version < Version::parse("1")?);
/// # Ok::<(), pubflow_spec::VersionError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Version {
    given: Box<str>,
    parts: Parts,
}

/// The parts of a version, as the grammar finds them.
#[derive(Debug, Clone)]
pub(crate) struct Parts {
    pub(crate) epoch: Number,
    /// Never empty.
    pub(crate) release: Vec<Number>,
    pub(crate) pre: Option<(PreKind, Number)>,
    pub(crate) post: Option<Number>,
    pub(crate) dev: Option<Number>,
    /// Empty when there is no local label.
    pub(crate) local: Vec<LocalSegment>,
}

/// The kinds of pre-releases, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PreKind {
    /// `a`, also written `alpha`.
    Alpha,
    /// `b`, also written `beta`.
    Beta,
    /// `rc`, also written `c`, `pre`, `preview`.
    Candidate,
}

impl PreKind {
    /// The normal spelling: `a`, `b` or `rc`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Alpha => "a",
            Self::Beta => "b",
            Self::Candidate => "rc",
        }
    }
}

/// One segment of a local label; words sort before numbers.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LocalSegment {
    /// Lower-case letters and digits, not digits alone.
    Word(Box<str>),
    /// Digits.
    Number(Number),
}

/// Why a text is no version.
pub type VersionError = SyntaxError<VersionExpected>;

/// What a version was expected to have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VersionExpected {
    /// The first release number.
    Release,
    /// The release number after the epoch.
    ReleaseAfterEpoch,
    /// Letters or digits after `+`.
    Local,
    /// Numbers that Python can convert.
    ShorterNumber,
    /// The end, or another part.
    End,
}

impl fmt::Display for VersionExpected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Release => "a release number",
            Self::ReleaseAfterEpoch => "a release number after the epoch",
            Self::Local => "an ASCII letter or digit of the local label",
            Self::ShorterNumber => {
                return write!(f, "numbers of at most {} digits", parse::MOST_DIGITS);
            }
            Self::End => "the end or a further part of the version",
        })
    }
}

impl Expectation for VersionExpected {
    const SUBJECT: &'static str = "a version";
}

impl Version {
    /// Reads a version in any spelling that PEP 440 allows, white space around it included.
    ///
    /// The specification has no limit for numbers; more than 4300 digits are refused because
    /// Python converts no more, so that neither an installer nor the index could read them.
    ///
    /// # Errors
    /// [`VersionError`] when the text is no version.
    pub fn parse(text: &str) -> Result<Self, VersionError> {
        let parts = parse::parse(text)?;
        Ok(Self::from_parts(text, parts))
    }

    pub(crate) fn from_parts(given: &str, parts: Parts) -> Self {
        let given = given.into();
        Self { given, parts }
    }

    /// The text it was read from, unchanged.
    #[must_use]
    pub fn as_given(&self) -> &str {
        &self.given
    }

    /// The epoch; 0 unless written.
    #[must_use]
    pub fn epoch(&self) -> &Number {
        &self.parts.epoch
    }

    /// The release numbers as written, trailing zeros included; never empty.
    #[must_use]
    pub fn release(&self) -> &[Number] {
        &self.parts.release
    }

    /// Kind and number of the pre-release.
    #[must_use]
    pub fn pre(&self) -> Option<(PreKind, &Number)> {
        self.parts.pre.as_ref().map(|(kind, n)| (*kind, n))
    }

    /// The number of the post-release.
    #[must_use]
    pub fn post(&self) -> Option<&Number> {
        self.parts.post.as_ref()
    }

    /// The number of the development release.
    #[must_use]
    pub fn dev(&self) -> Option<&Number> {
        self.parts.dev.as_ref()
    }

    /// The segments of the local label; empty without one.
    #[must_use]
    pub fn local_segments(&self) -> &[LocalSegment] {
        &self.parts.local
    }

    /// Whether there is a local label, which PyPI refuses.
    #[must_use]
    pub fn is_local(&self) -> bool {
        !self.parts.local.is_empty()
    }

    /// Whether this is a pre-release or a development release.
    #[must_use]
    pub fn is_prerelease(&self) -> bool {
        self.parts.pre.is_some() || self.parts.dev.is_some()
    }

    /// Whether it is written in its normal form.
    #[must_use]
    pub fn is_normalized(&self) -> bool {
        *self.given == *self.to_string()
    }

    /// The release without trailing zeros, down to one number.
    pub(crate) fn trimmed_release(&self) -> &[Number] {
        let release = &self.parts.release;
        let n_kept = release.iter().rposition(|n| !n.is_zero()).unwrap_or(0) + 1;
        &release[..n_kept]
    }
}

impl FromStr for Version {
    type Err = VersionError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}
