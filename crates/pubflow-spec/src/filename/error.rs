//! Why a text is no file name of a distribution.

use std::fmt;

use crate::syntax::{Expectation, SyntaxError};
use crate::tag::TagExpected;
use crate::version::VersionExpected;

/// Why a text is no file name of a distribution.
pub type FilenameError = SyntaxError<FilenameExpected>;

/// What a file name was expected to have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FilenameExpected {
    /// `.whl`, `.tar.gz` or `.zip` at the end.
    DistributionEnding,
    /// `.whl` at the end.
    WheelEnding,
    /// `.tar.gz` or `.zip` at the end.
    SdistEnding,
    /// No path separator and no NUL.
    PlainFilename,
    /// Five or six parts separated by `-`; so many were found.
    WheelParts(usize),
    /// A name and a version separated by `-`.
    SdistParts,
    /// A project name.
    Name,
    /// A version.
    Version(VersionExpected),
    /// A build tag, which begins with a digit.
    BuildTag,
    /// A tag.
    Tag(TagExpected),
}

impl fmt::Display for FilenameExpected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::DistributionEnding => "`.whl`, `.tar.gz` or `.zip` at the end",
            Self::WheelEnding => "`.whl` at the end",
            Self::SdistEnding => "`.tar.gz` or `.zip` at the end",
            Self::PlainFilename => "a file name without path separators",
            Self::WheelParts(n) => {
                return write!(f, "5 or 6 parts separated by `-`, not {n},");
            }
            Self::SdistParts => "a name and a version separated by `-`",
            Self::Name => "a project name of letters, digits, `.` and single `_`",
            Self::Version(expected) => return expected.fmt(f),
            Self::BuildTag => "a digit to start the build tag with",
            Self::Tag(expected) => return expected.fmt(f),
        })
    }
}

impl Expectation for FilenameExpected {
    const SUBJECT: &'static str = "the file name of a distribution";
}

/// Refuses what could lead out of a directory.
pub(super) fn require_plain(text: &str) -> Result<(), FilenameError> {
    match text.find(['/', '\\', '\0']) {
        Some(byte) => Err(FilenameError::at(
            text,
            byte,
            FilenameExpected::PlainFilename,
        )),
        None => Ok(()),
    }
}

/// The byte offset at which the part stands in the text it was cut from with `split` or `find`.
pub(super) fn error_in_part<E>(
    text: &str,
    start: usize,
    part: &str,
    error: &SyntaxError<E>,
    expected: FilenameExpected,
) -> FilenameError {
    let inside = part.char_indices().nth(error.position());
    let inside = inside.map_or(part.len(), |(byte, _)| byte);
    FilenameError::at(text, start + inside, expected)
}
