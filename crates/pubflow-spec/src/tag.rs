//! Compatibility tags of wheels.
//!
//! Which tags a machine supports, and which platforms an index takes, is decided elsewhere.
//!
//! Spec: "Platform compatibility tags" (PEP 425).

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use crate::identifier::is_python_identifier;
use crate::syntax::{Expectation, SyntaxError};

/// Most tags that a compressed set may stand for. Real wheels have a few dozen; the number grows
/// with the product of three lists, so it is checked before anything is stored.
const MOST_TAGS: usize = 4096;

/// One tag, in lower case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tag {
    /// Interpreter and version, such as `cp312` or `py3`.
    pub python: String,
    /// Binary interface, such as `abi3` or `none`.
    pub abi: String,
    /// Platform, such as `manylinux_2_17_x86_64` or `any`.
    pub platform: String,
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}-{}", self.python, self.abi, self.platform)
    }
}

/// Tags as written, several at once: `py2.py3-none-any`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagSet {
    /// Alternatives of interpreter, ABI and platform, as written.
    components: [Vec<String>; 3],
}

/// Why a text is no tag.
pub type TagError = SyntaxError<TagExpected>;

/// What a tag was expected to have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TagExpected {
    /// Something between `.` and `-`.
    Component,
    /// An interpreter that is an identifier.
    Interpreter,
    /// Three components.
    ThreeComponents,
    /// Fewer alternatives.
    FewerTags,
}

impl fmt::Display for TagExpected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Component => "a tag component that is not empty",
            Self::Interpreter => "an interpreter tag of letters, digits and `_`",
            Self::ThreeComponents => "three tag components: interpreter, ABI and platform",
            Self::FewerTags => return write!(f, "a set of at most {MOST_TAGS} tags"),
        })
    }
}

impl Expectation for TagExpected {
    const SUBJECT: &'static str = "a compatibility tag";
}

impl TagSet {
    /// Reads a tag or a compressed set of tags.
    ///
    /// # Errors
    /// [`TagError`] when it has no three components, an empty one, an interpreter that is no
    /// identifier, or stands for more than 4096 tags.
    pub fn parse(text: &str) -> Result<Self, TagError> {
        let at = |byte, expected| SyntaxError::at(text, byte, expected);
        let mut components: Vec<Vec<String>> = Vec::with_capacity(3);
        let mut start = 0;
        for component in text.split('-') {
            if components.len() == 3 {
                return Err(at(start - 1, TagExpected::ThreeComponents));
            }
            let mut parts = Vec::new();
            for part in component.split('.') {
                if part.is_empty() {
                    return Err(at(start, TagExpected::Component));
                }
                if components.is_empty() && !is_python_identifier(part) {
                    return Err(at(start, TagExpected::Interpreter));
                }
                parts.push(part.to_owned());
                start += part.len() + 1;
            }
            components.push(parts);
        }
        let components: [Vec<String>; 3] = components
            .try_into()
            .map_err(|_| at(text.len(), TagExpected::ThreeComponents))?;
        let n_tags = components
            .iter()
            .try_fold(1_usize, |n, parts| n.checked_mul(parts.len()));
        if n_tags.is_none_or(|n| n > MOST_TAGS) {
            return Err(at(0, TagExpected::FewerTags));
        }
        Ok(Self { components })
    }

    /// Every tag of the set, in lower case, sorted, without repetitions.
    #[must_use]
    pub fn expand(&self) -> Vec<Tag> {
        let [pythons, abis, platforms] = self.components.each_ref().map(|parts| lower_case(parts));
        let mut tags = Vec::with_capacity(pythons.len() * abis.len() * platforms.len());
        for python in &pythons {
            for abi in &abis {
                for platform in &platforms {
                    tags.push(Tag {
                        python: python.clone(),
                        abi: abi.clone(),
                        platform: platform.clone(),
                    });
                }
            }
        }
        tags
    }

    /// Whether the alternatives of every component stand in order, as PEP 425 wants.
    #[must_use]
    pub fn is_sorted(&self) -> bool {
        self.components.iter().all(|parts| parts.is_sorted())
    }

    /// The interpreters as written.
    #[must_use]
    pub fn pythons(&self) -> &[String] {
        &self.components[0]
    }

    /// The ABIs as written.
    #[must_use]
    pub fn abis(&self) -> &[String] {
        &self.components[1]
    }

    /// The platforms as written.
    #[must_use]
    pub fn platforms(&self) -> &[String] {
        &self.components[2]
    }
}

/// The normal form: lower case, alternatives sorted and without repetitions.
impl fmt::Display for TagSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let joined = self.components.each_ref().map(|parts| {
            let parts: Vec<String> = lower_case(parts).into_iter().collect();
            parts.join(".")
        });
        f.write_str(&joined.join("-"))
    }
}

impl FromStr for TagSet {
    type Err = TagError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

fn lower_case(parts: &[String]) -> BTreeSet<String> {
    parts.iter().map(|part| part.to_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_error(text: &str, expected: TagExpected, position: usize) {
        let error = TagSet::parse(text).unwrap_err();
        assert_eq!((*error.expected(), error.position()), (expected, position));
    }

    #[test]
    fn compressed_sets_expand_in_lower_case() {
        let set = TagSet::parse("PY3.py2-none-win32.any.ANY").unwrap();
        let tags: Vec<String> = set.expand().iter().map(Tag::to_string).collect();
        let all = [
            "py2-none-any",
            "py2-none-win32",
            "py3-none-any",
            "py3-none-win32",
        ];
        assert_eq!(tags, all);
        assert_eq!(set.to_string(), "py2.py3-none-any.win32");
        assert!(!set.is_sorted());
        assert!(TagSet::parse("py2.py3-none-any").unwrap().is_sorted());
    }

    #[test]
    fn errors_say_where() {
        check_error("py3-none", TagExpected::ThreeComponents, 8);
        check_error("py3-none-any-x", TagExpected::ThreeComponents, 12);
        check_error("py3--any", TagExpected::Component, 4);
        check_error("py3-none-any.", TagExpected::Component, 13);
        check_error("py3.3-none-any", TagExpected::Interpreter, 4);
        let many = format!("py3-none-{}any", "any.".repeat(5000));
        check_error(&many, TagExpected::FewerTags, 0);
    }
}
