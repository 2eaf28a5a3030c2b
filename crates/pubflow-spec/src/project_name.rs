//! The name of a project on an index.
//!
//! Whether a name is free, reserved or too similar to another is the index's decision; the
//! look-alike form it compares is made here.
//!
//! Spec: "Names and normalization" (PEP 503, PEP 508), look-alikes as PyPI compares them.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use crate::syntax::{Expectation, Scanner, SyntaxError};

/// A project name: as written, and normalised. Equal when the normal forms are.
///
/// ```
/// use pubflow_spec::ProjectName;
/// let name = ProjectName::parse("Foo.Bar")?;
/// assert_eq!((name.as_str(), name.normalized()), ("Foo.Bar", "foo-bar"));
/// # Ok::<(), pubflow_spec::ProjectNameError>(())
/// ```
#[derive(Debug, Clone)]
pub struct ProjectName {
    given: Box<str>,
    normalized: Box<str>,
}

/// Why a text is no project name.
pub type ProjectNameError = SyntaxError<ProjectNameExpected>;

/// What a project name was expected to have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProjectNameExpected {
    /// The first character.
    Start,
    /// A character after the first.
    Inner,
    /// The last character.
    End,
}

impl fmt::Display for ProjectNameExpected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Start => "an ASCII letter or digit to start with",
            Self::Inner => "an ASCII letter, digit, `.`, `-` or `_`",
            Self::End => "an ASCII letter or digit to end with",
        })
    }
}

impl Expectation for ProjectNameExpected {
    const SUBJECT: &'static str = "a project name";
}

impl ProjectName {
    /// Reads a name.
    ///
    /// # Errors
    /// [`ProjectNameError`] unless it consists of ASCII letters, digits, `.`, `-` and `_` and
    /// begins and ends with a letter or digit.
    pub fn parse(text: &str) -> Result<Self, ProjectNameError> {
        let mut scanner = Scanner::new(text);
        if !text.starts_with(|c: char| c.is_ascii_alphanumeric()) {
            return Err(scanner.error(ProjectNameExpected::Start));
        }
        scanner.take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'));
        if !scanner.at_end() {
            return Err(scanner.error(ProjectNameExpected::Inner));
        }
        if !text.ends_with(|c: char| c.is_ascii_alphanumeric()) {
            let last = text.len() - 1; // all ASCII here
            return Err(SyntaxError::at(text, last, ProjectNameExpected::End));
        }
        Ok(Self::unchecked(text))
    }

    /// A name that stands in a file name or a requirement, where readers take more than an index
    /// would register. [`Self::is_valid`] tells.
    pub(crate) fn unchecked(text: &str) -> Self {
        Self {
            given: text.into(),
            normalized: normalize(text).into(),
        }
    }

    /// The name as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.given
    }

    /// The normal form: lower case, each run of `.`, `-`, `_` one `-`.
    #[must_use]
    pub fn normalized(&self) -> &str {
        &self.normalized
    }

    /// The form in file names: normalised, with `_` for `-`.
    #[must_use]
    pub fn underscored(&self) -> String {
        self.normalized.replace('-', "_")
    }

    /// The look-alike form by which PyPI refuses names that are too similar: without separators,
    /// `l` and `i` as `1`, `o` as `0`.
    #[must_use]
    pub fn ultranormalized(&self) -> String {
        self.given
            .chars()
            .filter(|c| !matches!(c, '.' | '-' | '_'))
            .flat_map(char::to_lowercase)
            .map(|c| match c {
                'l' | 'i' => '1',
                'o' => '0',
                other => other,
            })
            .collect()
    }

    /// Whether the name is written in its normal form.
    #[must_use]
    pub fn is_normalized(&self) -> bool {
        self.given == self.normalized && self.is_valid()
    }

    /// Whether an index could register it. Always true for a name made by [`Self::parse`]; false
    /// is possible for a name found in a file name or a requirement.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        Self::parse(&self.given).is_ok()
    }
}

/// The normal form of a project, extra or dependency group name, whether it is valid or not.
pub(crate) fn normalize(text: &str) -> String {
    let mut normal = String::with_capacity(text.len());
    for c in text.to_lowercase().chars() {
        if !matches!(c, '.' | '-' | '_') {
            normal.push(c);
        } else if !normal.ends_with('-') {
            normal.push('-');
        }
    }
    normal
}

impl FromStr for ProjectName {
    type Err = ProjectNameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl fmt::Display for ProjectName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.given)
    }
}

impl PartialEq for ProjectName {
    fn eq(&self, other: &Self) -> bool {
        self.normalized == other.normalized
    }
}

impl Eq for ProjectName {}

impl Hash for ProjectName {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.normalized.hash(state);
    }
}

impl Ord for ProjectName {
    fn cmp(&self, other: &Self) -> Ordering {
        self.normalized.cmp(&other.normalized)
    }
}

impl PartialOrd for ProjectName {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_error(text: &str, expected: ProjectNameExpected, position: usize) {
        let error = ProjectName::parse(text).unwrap_err();
        assert_eq!((*error.expected(), error.position()), (expected, position));
    }

    #[test]
    fn normal_and_look_alike_forms() {
        let name = ProjectName::parse("Foo__Bar.-lI0o").unwrap();
        assert_eq!(name.normalized(), "foo-bar-li0o");
        assert_eq!(name.underscored(), "foo_bar_li0o");
        assert_eq!(name.ultranormalized(), "f00bar1100");
        assert_eq!(name.to_string(), "Foo__Bar.-lI0o");
        assert!(!name.is_normalized());
        assert!(ProjectName::parse("foo-bar").unwrap().is_normalized());
    }

    #[test]
    fn names_are_equal_when_their_normal_forms_are() {
        let (a, b) = (
            ProjectName::parse("a_b").unwrap(),
            ProjectName::parse("A-B").unwrap(),
        );
        assert_eq!(a, b);
        assert_eq!(a.cmp(&b), Ordering::Equal);
    }

    #[test]
    fn errors_say_where() {
        check_error("", ProjectNameExpected::Start, 0);
        check_error("-x", ProjectNameExpected::Start, 0);
        check_error("é", ProjectNameExpected::Start, 0);
        check_error("ab c", ProjectNameExpected::Inner, 2);
        check_error("abc\n", ProjectNameExpected::Inner, 3);
        check_error("abc.", ProjectNameExpected::End, 3);
        assert_eq!(
            ProjectName::parse("-x").unwrap_err().to_string(),
            "`-x` is not a project name: expected an ASCII letter or digit to start with at position 0, found `-`"
        );
    }
}
