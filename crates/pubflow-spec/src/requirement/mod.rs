//! Requirements: what a distribution depends on.
//!
//! Spec: "Dependency specifiers" (PEP 508). Surprises: a URL goes on to the next blank, so the
//! `;` of a marker needs one before it; names and extras may end in `_`.

mod parse;
#[cfg(test)]
mod tests;

use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

pub use parse::{RequirementError, RequirementExpected};

use crate::marker::Marker;
use crate::project_name::{ProjectName, normalize};
use crate::specifier::SpecifierSet;

/// A dependency on a project. Equal when they mean the same, spellings of names aside.
///
/// ```
/// use pubflow_spec::Requirement;
/// let requirement = Requirement::parse("Demo[b,a] >=1, <2 ; python_version < '3.9'")?;
/// assert_eq!(requirement.to_string(), r#"Demo[a,b]<2,>=1; python_version < "3.9""#);
/// # Ok::<(), pubflow_spec::RequirementError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Requirement {
    /// The project.
    pub name: ProjectName,
    /// The extras asked for, as written, sorted, without repetitions.
    pub extras: Vec<String>,
    /// Where the distribution may come from.
    pub source: RequirementSource,
    /// When the requirement applies; always without one.
    pub marker: Option<Marker>,
}

/// Which distribution of the project a requirement takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RequirementSource {
    /// Any version.
    Any,
    /// A version of an index that satisfies these; not empty.
    Specifiers(SpecifierSet),
    /// The distribution at this address, as written. PyPI refuses these.
    Url(String),
}

impl Requirement {
    /// Reads a requirement.
    ///
    /// # Errors
    /// [`RequirementError`] when the text is none.
    pub fn parse(text: &str) -> Result<Self, RequirementError> {
        parse::parse(text)
    }

    /// The version clauses, if there are any.
    #[must_use]
    pub fn specifiers(&self) -> Option<&SpecifierSet> {
        match &self.source {
            RequirementSource::Specifiers(set) => Some(set),
            RequirementSource::Any | RequirementSource::Url(_) => None,
        }
    }

    /// The address, if there is one.
    #[must_use]
    pub fn url(&self) -> Option<&str> {
        match &self.source {
            RequirementSource::Url(url) => Some(url),
            RequirementSource::Any | RequirementSource::Specifiers(_) => None,
        }
    }

    fn normalized_extras(&self) -> Vec<String> {
        let mut extras: Vec<_> = self.extras.iter().map(|e| normalize(e)).collect();
        extras.sort();
        extras.dedup();
        extras
    }
}

impl FromStr for Requirement {
    type Err = RequirementError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl fmt::Display for Requirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.name)?;
        if !self.extras.is_empty() {
            write!(f, "[{}]", self.extras.join(","))?;
        }
        // A blank keeps the `;` out of the address.
        let before_marker = match &self.source {
            RequirementSource::Any => "",
            RequirementSource::Specifiers(set) => {
                write!(f, "{set}")?;
                ""
            }
            RequirementSource::Url(url) => {
                write!(f, " @ {url}")?;
                " "
            }
        };
        match &self.marker {
            Some(marker) => write!(f, "{before_marker}; {marker}"),
            None => Ok(()),
        }
    }
}

impl PartialEq for Requirement {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
            && self.normalized_extras() == other.normalized_extras()
            && self.source == other.source
            && self.marker == other.marker
    }
}

impl Eq for Requirement {}

impl Hash for Requirement {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
        self.normalized_extras().hash(state);
    }
}
