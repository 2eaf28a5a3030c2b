//! Licence expressions.
//!
//! Whether licence files are there and classifiers agree is checked elsewhere.
//!
//! Spec: PEP 639, "License expression"; SPDX licence expressions, of which Python leaves out
//! references into other documents.

mod parse;
mod table;
#[cfg(test)]
mod tests;

use std::fmt;
use std::str::FromStr;

pub use parse::{LicenseError, LicenseExpected};

/// A licence expression in its normal form: proper spelling of every identifier, operators in
/// upper case, single blanks.
///
/// ```
/// use pubflow_spec::LicenseExpression;
/// let expression = LicenseExpression::parse("mit and (apache-2.0 or gpl-2.0+)")?;
/// assert_eq!(expression.as_str(), "MIT AND (Apache-2.0 OR GPL-2.0+)");
/// assert_eq!(expression.deprecated(), ["GPL-2.0"]);
/// # Ok::<(), pubflow_spec::LicenseError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct LicenseExpression {
    normalized: String,
    licenses: Vec<String>,
    exceptions: Vec<String>,
    deprecated: Vec<&'static str>,
}

impl LicenseExpression {
    /// The version of the SPDX licence list that identifiers are looked up in.
    pub const LIST_VERSION: &'static str = table::LIST_VERSION;

    /// Reads an expression.
    ///
    /// # Errors
    /// [`LicenseError`] when the text is none, or names a licence or exception that is not on the
    /// list.
    pub fn parse(text: &str) -> Result<Self, LicenseError> {
        parse::parse(text)
    }

    /// The normal form.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.normalized
    }

    /// The licences named, in order, with their `+`.
    #[must_use]
    pub fn licenses(&self) -> &[String] {
        &self.licenses
    }

    /// The exceptions named, in order.
    #[must_use]
    pub fn exceptions(&self) -> &[String] {
        &self.exceptions
    }

    /// The identifiers named that SPDX no longer recommends, without `+`.
    #[must_use]
    pub fn deprecated(&self) -> &[&'static str] {
        &self.deprecated
    }
}

impl fmt::Display for LicenseExpression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.normalized)
    }
}

impl FromStr for LicenseExpression {
    type Err = LicenseError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}
