//! What can be wrong with a pyproject.toml before anybody asks what it means.

use std::fmt;

use thiserror::Error;

use super::Position;

/// Something wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub struct Problem {
    /// What is wrong.
    pub kind: ProblemKind,
    /// TOML path of the culprit, such as `build-system.requires`.
    pub path: Option<String>,
    /// Line and column, where known.
    pub at: Option<Position>,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProblemKind {
    /// Bytes that are not UTF-8.
    NotUtf8 {
        /// Offset of the first such byte.
        offset: usize,
    },
    /// The file is UTF-16 or UTF-32.
    WideEncoding,
    /// The file begins with a UTF-8 byte order mark, which `tomllib` refuses.
    ByteOrderMark,
    /// The text is not TOML.
    NotToml {
        /// The parser's words.
        expected: String,
    },
    /// A key that must be there is missing.
    Missing {
        /// The key.
        key: &'static str,
        /// A key of nearly the same spelling that is there.
        similar: Option<String>,
    },
    /// A value of another type than the specification says.
    WrongType {
        /// The type it should have, in words.
        expected: &'static str,
        /// The type it has, in TOML's words.
        found: &'static str,
    },
    /// A key that the table must not have.
    UnknownKey {
        /// The key.
        key: String,
        /// The nearest key that may stand here.
        similar: Option<&'static str>,
    },
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.as_deref().unwrap_or("pyproject.toml");
        match &self.kind {
            ProblemKind::NotUtf8 { offset } => {
                write!(f, "pyproject.toml is not UTF-8 at byte {offset}")
            }
            ProblemKind::WideEncoding => {
                f.write_str("pyproject.toml is UTF-16 or UTF-32, TOML is UTF-8")
            }
            ProblemKind::ByteOrderMark => {
                f.write_str("pyproject.toml begins with a byte order mark")
            }
            ProblemKind::NotToml { expected } => {
                write!(f, "pyproject.toml is not TOML: {expected}")
            }
            ProblemKind::Missing { key, similar } => {
                write!(f, "`{path}` has no `{key}`")?;
                match similar {
                    Some(similar) => write!(f, ", but `{similar}`"),
                    None => Ok(()),
                }
            }
            ProblemKind::WrongType { expected, found } => {
                write!(f, "`{path}` must be {expected}, not {found}")
            }
            ProblemKind::UnknownKey { key, similar } => {
                write!(f, "`{path}` is no key of this table: `{key}` is unknown")?;
                match similar {
                    Some(similar) => write!(f, ", did you mean `{similar}`"),
                    None => Ok(()),
                }
            }
        }
    }
}
