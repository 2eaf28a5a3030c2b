//! Import names: what a distribution lets people import.
//!
//! That the parents of a name are listed too is a matter of the whole list, and checked elsewhere.
//!
//! Spec: PEP 794, "Import Name Metadata".

use std::fmt;
use std::str::FromStr;

use crate::identifier::{is_python_identifier, is_python_keyword};
use crate::syntax::{Expectation, SyntaxError, is_python_space};

/// A dotted name that can be imported, public or private.
///
/// ```
/// use pubflow_spec::ImportName;
/// let name = ImportName::parse("demo._vendor ; private")?;
/// assert_eq!((name.as_str(), name.is_private()), ("demo._vendor", true));
/// assert_eq!(name.to_string(), "demo._vendor; private");
/// # Ok::<(), pubflow_spec::ImportNameError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ImportName {
    name: Box<str>,
    private: bool,
}

/// Why a text is no import name.
pub type ImportNameError = SyntaxError<ImportNameExpected>;

/// What an import name was expected to have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportNameExpected {
    /// An identifier between the dots.
    Identifier,
    /// A word that is no keyword.
    NoKeyword,
    /// `private` after a semicolon.
    Private,
}

impl fmt::Display for ImportNameExpected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Identifier => "an identifier",
            Self::NoKeyword => "an identifier that is no keyword of Python",
            Self::Private => "`private` and nothing else after the semicolon",
        })
    }
}

impl Expectation for ImportNameExpected {
    const SUBJECT: &'static str = "an import name";
}

impl ImportName {
    /// Reads a name, with `; private` behind it or not.
    ///
    /// # Errors
    /// [`ImportNameError`] at the first part that is none.
    pub fn parse(text: &str) -> Result<Self, ImportNameError> {
        let at = |byte, expected| SyntaxError::at(text, byte, expected);
        let (name, suffix) = match text.split_once(';') {
            Some((name, suffix)) => (name, Some(suffix.trim_start_matches(is_python_space))),
            None => (text, None),
        };
        let name = name.trim_end_matches(is_python_space);
        let mut start = 0;
        for part in name.split('.') {
            if !is_python_identifier(part) {
                return Err(at(start, ImportNameExpected::Identifier));
            }
            if is_python_keyword(part) {
                return Err(at(start, ImportNameExpected::NoKeyword));
            }
            start += part.len() + 1;
        }
        match suffix {
            None | Some("private") => Ok(Self {
                name: name.into(),
                private: suffix.is_some(),
            }),
            Some(other) => Err(at(text.len() - other.len(), ImportNameExpected::Private)),
        }
    }

    /// The dotted name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.name
    }

    /// Whether the project does not want others to import it.
    #[must_use]
    pub fn is_private(&self) -> bool {
        self.private
    }

    /// The names above it, outermost first: `a` and `a.b` for `a.b.c`.
    pub fn parents(&self) -> impl Iterator<Item = &str> {
        self.name.match_indices('.').map(|(at, _)| &self.name[..at])
    }
}

impl fmt::Display for ImportName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let suffix = if self.private { "; private" } else { "" };
        write!(f, "{}{suffix}", self.name)
    }
}

impl FromStr for ImportName {
    type Err = ImportNameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_say_where() {
        use ImportNameExpected as E;
        for (text, expected, position) in [
            ("", E::Identifier, 0),
            ("é.1", E::Identifier, 2),
            ("a.class.b", E::NoKeyword, 2),
            ("a; public", E::Private, 3),
            ("a;", E::Private, 2),
            ("a; private ", E::Private, 3),
        ] {
            let error = ImportName::parse(text).unwrap_err();
            assert_eq!((*error.expected(), error.position()), (expected, position));
        }
    }

    #[test]
    fn parents_are_the_names_above() {
        let name = ImportName::parse("a.b.c").unwrap();
        assert_eq!(name.parents().collect::<Vec<_>>(), ["a", "a.b"]);
        assert_eq!(ImportName::parse("a").unwrap().parents().count(), 0);
    }
}
