//! The normal form of a version, whole and in parts.

use std::fmt;

use super::{LocalSegment, Version};
use crate::syntax::Number;

impl Version {
    /// The normal form without the local label.
    #[must_use]
    pub fn public(&self) -> String {
        let suffixes = Suffixes(self);
        format!("{}{suffixes}", self.base())
    }

    /// Epoch and release alone.
    #[must_use]
    pub fn base(&self) -> String {
        format_release(self.epoch(), self.release())
    }

    /// The normal form without trailing zeros of the release, equal for equal versions.
    #[must_use]
    pub fn canonical(&self) -> String {
        let release = format_release(self.epoch(), self.trimmed_release());
        format!("{release}{}{}", Suffixes(self), Local(self))
    }

    /// The local label in normal form, without its `+`.
    #[must_use]
    pub fn local(&self) -> Option<String> {
        let label = Local(self).to_string();
        label.strip_prefix('+').map(str::to_owned)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let release = format_release(self.epoch(), self.release());
        write!(f, "{release}{}{}", Suffixes(self), Local(self))
    }
}

fn format_release(epoch: &Number, release: &[Number]) -> String {
    let numbers: Vec<String> = release.iter().map(Number::to_string).collect();
    let numbers = numbers.join(".");
    if epoch.is_zero() {
        numbers
    } else {
        format!("{epoch}!{numbers}")
    }
}

/// Pre-, post- and development release, as far as they are there.
struct Suffixes<'a>(&'a Version);

impl fmt::Display for Suffixes<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((kind, n)) = self.0.pre() {
            write!(f, "{}{n}", kind.as_str())?;
        }
        if let Some(n) = self.0.post() {
            write!(f, ".post{n}")?;
        }
        if let Some(n) = self.0.dev() {
            write!(f, ".dev{n}")?;
        }
        Ok(())
    }
}

/// The local label with its `+`, or nothing.
struct Local<'a>(&'a Version);

impl fmt::Display for Local<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, segment) in self.0.local_segments().iter().enumerate() {
            f.write_str(if i == 0 { "+" } else { "." })?;
            match segment {
                LocalSegment::Word(word) => f.write_str(word)?,
                LocalSegment::Number(n) => write!(f, "{n}")?,
            }
        }
        Ok(())
    }
}
