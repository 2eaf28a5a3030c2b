//! One clause of a specifier, and which versions it takes.

use std::fmt;

use crate::syntax::Number;
use crate::version::Version;

/// The comparison of a clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operator {
    /// `~=`: this or later, within the same release but its last number.
    Compatible,
    /// `==`, also with `.*`.
    Equal,
    /// `!=`, also with `.*`.
    NotEqual,
    /// `<=`
    LessEqual,
    /// `>=`
    GreaterEqual,
    /// `<`
    Less,
    /// `>`
    Greater,
    /// `===`: the same text, upper and lower case aside.
    Arbitrary,
}

impl Operator {
    /// All of them, `===` before its own beginning.
    pub(crate) const ALL: [Self; 8] = [
        Self::Arbitrary,
        Self::Equal,
        Self::Compatible,
        Self::NotEqual,
        Self::LessEqual,
        Self::GreaterEqual,
        Self::Less,
        Self::Greater,
    ];

    /// How it is written.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Compatible => "~=",
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::LessEqual => "<=",
            Self::GreaterEqual => ">=",
            Self::Less => "<",
            Self::Greater => ">",
            Self::Arbitrary => "===",
        }
    }
}

/// An operator and the version it compares with.
#[derive(Debug, Clone)]
pub struct SpecifierClause {
    pub(super) operator: Operator,
    /// The version as written, with its `.*`.
    pub(super) text: Box<str>,
    /// The version without `.*`; none for a `===` whose text is not a version.
    pub(super) version: Option<Version>,
    pub(super) wildcard: bool,
}

impl SpecifierClause {
    /// The comparison.
    #[must_use]
    pub fn operator(&self) -> Operator {
        self.operator
    }

    /// The version compared with, as written and with its `.*`.
    #[must_use]
    pub fn version_text(&self) -> &str {
        &self.text
    }

    /// The version compared with, without `.*`; none where `===` has another text.
    #[must_use]
    pub fn version(&self) -> Option<&Version> {
        self.version.as_ref()
    }

    /// Whether the version ends in `.*`.
    #[must_use]
    pub fn is_wildcard(&self) -> bool {
        self.wildcard
    }

    pub(super) fn names_prerelease(&self) -> bool {
        self.operator != Operator::NotEqual
            && !self.wildcard
            && self.version.as_ref().is_some_and(Version::is_prerelease)
    }

    /// Equal for clauses that mean the same: versions in canonical form where they are compared
    /// as versions. The number of parts matters to `~=`, so its zeros stay.
    pub(super) fn canonical(&self) -> (Operator, String) {
        let text = match (&self.version, self.operator, self.wildcard) {
            (Some(version), Operator::Compatible, _) => version.to_string(),
            (None, _, _) | (_, Operator::Arbitrary, _) | (_, _, true) => self.text.to_string(),
            (Some(version), _, false) => version.canonical(),
        };
        (self.operator, text)
    }

    /// Whether the candidate satisfies this; `version` is none when its text is not a version.
    pub(crate) fn matches(&self, text: &str, version: Option<&Version>) -> bool {
        if self.operator == Operator::Arbitrary {
            return text.to_lowercase() == self.text.to_lowercase();
        }
        match (version, &self.version) {
            (Some(candidate), Some(version)) => self.compare(candidate, version),
            _ => false,
        }
    }

    fn compare(&self, candidate: &Version, version: &Version) -> bool {
        match self.operator {
            Operator::Equal => self.equals(candidate, version),
            Operator::NotEqual => !self.equals(candidate, version),
            Operator::Compatible => {
                let (_, prefix) = version
                    .release()
                    .split_last()
                    .unwrap_or((&Number::ZERO, &[]));
                candidate >= version && has_prefix(candidate, version.epoch(), prefix)
            }
            Operator::GreaterEqual => candidate >= version,
            // Local labels of the candidate do not count here.
            Operator::LessEqual => candidate <= version || candidate.same_public(version),
            Operator::Less if version.is_prerelease() => candidate < version,
            // Pre-releases of the very version are not meant.
            Operator::Less => candidate.is_before_first_dev_of(version),
            Operator::Greater => candidate > version && !is_of_family(candidate, version),
            // Compared as texts, by the caller.
            Operator::Arbitrary => false,
        }
    }

    fn equals(&self, candidate: &Version, version: &Version) -> bool {
        if self.wildcard {
            has_prefix(candidate, version.epoch(), version.release())
        } else if version.is_local() {
            candidate == version
        } else {
            candidate.same_public(version)
        }
    }
}

/// Whether the release begins with these numbers, absent ones counting as zero.
fn has_prefix(candidate: &Version, epoch: &Number, prefix: &[Number]) -> bool {
    let release = candidate
        .release()
        .iter()
        .chain(std::iter::repeat(&Number::ZERO));
    candidate.epoch() == epoch && prefix.iter().zip(release).all(|(a, b)| a == b)
}

/// Whether the candidate differs from the version in what `>` passes over: local labels, and
/// post-releases unless the version itself is one, or a development release.
fn is_of_family(candidate: &Version, version: &Version) -> bool {
    if version.post().is_some() || version.dev().is_some() {
        return candidate.same_public(version);
    }
    candidate.epoch() == version.epoch()
        && candidate.trimmed_release() == version.trimmed_release()
        && candidate.pre() == version.pre()
}

impl fmt::Display for SpecifierClause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.operator.as_str(), self.text)
    }
}
