//! Version specifiers: which versions a requirement takes.
//!
//! Choosing among candidates is a resolver's business; this answers for one version at a time.
//!
//! Spec: "Version specifiers" (PEP 440). Surprises: `>1.0` excludes `1.0.post1`, `<1.0` excludes
//! `1.0rc1`, `==1.0` takes `1.0+anything`, and `===` compares texts, not versions.

mod clause;
mod parse;
#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::fmt;
use std::str::FromStr;

pub use clause::{Operator, SpecifierClause};
pub(crate) use parse::{ArbitraryText, scan_clause, what_ends};
pub use parse::{SpecifierError, SpecifierExpected};

use crate::version::Version;

/// A set of version clauses, all of which have to hold; the empty set takes every version.
///
/// Clauses are kept sorted by their text, and without repetitions, as the reference
/// implementation prints them.
///
/// ```
/// use pubflow_spec::{Prereleases, SpecifierSet, Version};
/// let set = SpecifierSet::parse(">=1.0, <2, !=1.5.*")?;
/// assert_eq!(set.to_string(), "!=1.5.*,<2,>=1.0");
/// assert!(set.contains(&Version::parse("1.4").unwrap(), Prereleases::Default));
/// # Ok::<(), pubflow_spec::SpecifierError>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct SpecifierSet {
    clauses: Vec<SpecifierClause>,
}

/// Whether pre-releases may satisfy a specifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Prereleases {
    /// As PEP 440 recommends for one lone candidate: a pre-release satisfies, since nothing else
    /// does.
    Default,
    /// They may.
    Allow,
    /// They may not.
    Deny,
}

impl SpecifierSet {
    /// Reads comma-separated clauses; empty ones are passed over.
    ///
    /// # Errors
    /// [`SpecifierError`] at the first clause that is none.
    pub fn parse(text: &str) -> Result<Self, SpecifierError> {
        Ok(Self::from_clauses(parse::parse(text)?))
    }

    fn from_clauses(mut clauses: Vec<SpecifierClause>) -> Self {
        clauses.sort_by_cached_key(ToString::to_string);
        let mut seen = HashSet::new();
        clauses.retain(|clause| seen.insert(clause.canonical()));
        Self { clauses }
    }

    /// The clauses, sorted by their text.
    #[must_use]
    pub fn clauses(&self) -> &[SpecifierClause] {
        &self.clauses
    }

    /// Whether there is no clause.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.clauses.is_empty()
    }

    /// Whether a clause names a pre-release and so asks for them (`!=` and `.*` aside).
    #[must_use]
    pub fn names_prerelease(&self) -> bool {
        self.clauses.iter().any(SpecifierClause::names_prerelease)
    }

    /// Whether the version satisfies every clause. `===` compares the version as it was written.
    #[must_use]
    pub fn contains(&self, version: &Version, prereleases: Prereleases) -> bool {
        if prereleases == Prereleases::Deny && version.is_prerelease() {
            return false;
        }
        let given = version.as_given();
        self.clauses.iter().all(|c| c.matches(given, Some(version)))
    }

    /// Like [`Self::contains`] for a text that need not be a version: `===` can match it, and the
    /// empty set does.
    #[must_use]
    pub fn contains_text(&self, text: &str, prereleases: Prereleases) -> bool {
        match Version::parse(text) {
            Ok(version) => self.contains(&version, prereleases),
            Err(_) => self.clauses.iter().all(|c| c.matches(text, None)),
        }
    }
}

impl FromStr for SpecifierSet {
    type Err = SpecifierError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl fmt::Display for SpecifierSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, clause) in self.clauses.iter().enumerate() {
            let comma = if i == 0 { "" } else { "," };
            write!(f, "{comma}{clause}")?;
        }
        Ok(())
    }
}

/// Equal when the clauses are, spellings of their versions aside.
impl PartialEq for SpecifierSet {
    fn eq(&self, other: &Self) -> bool {
        let canonical = |set: &Self| -> HashSet<_> {
            set.clauses.iter().map(SpecifierClause::canonical).collect()
        };
        canonical(self) == canonical(other)
    }
}

impl Eq for SpecifierSet {}
