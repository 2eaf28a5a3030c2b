//! Core metadata: the `METADATA` of a wheel, the `PKG-INFO` of an sdist.
//!
//! The reader is tolerant and reads what Python's own e-mail parser would read, because that is what
//! installers and uploaders use: it never fails, keeps every field in order with its line, and
//! remembers what was odd. What a value means, and whether an index takes it, is left to
//! [`crate::upload_rule`] and [`crate::check`].
//!
//! Spec: core metadata specifications 1.0 to 2.6; PEP 566 for the form of the file.

mod field;
mod read;
mod version;
mod write;

#[cfg(test)]
mod tests;

use std::fmt;

pub use field::{Arity, FIELDS, FieldSpec};
pub use version::MetadataVersion;

/// One field as it stands in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Header name as written.
    pub name: String,
    /// Value without leading blanks and without the final line end; folded lines keep their line
    /// ends and indentation.
    pub value: String,
    /// Line of the header name, from 1; 0 for a field that was not read from a file.
    pub line: usize,
    /// Whether the bytes were UTF-8; where they were not, they are shown as ISO-8859-1.
    pub utf8: bool,
}

/// The text after the headers.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Body {
    text: String,
    line: usize,
    utf8: bool,
}

/// Something odd in the form of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What is odd.
    pub kind: ProblemKind,
    /// Where, from 1.
    pub line: usize,
}

/// What can be odd in the form of a metadata file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProblemKind {
    /// The file begins with a byte order mark, so that no header is recognised.
    ByteOrderMark,
    /// A field whose bytes are not UTF-8.
    FieldNotUtf8 {
        /// The field's name as written.
        field: String,
    },
    /// A description after the headers whose bytes are not UTF-8.
    BodyNotUtf8,
    /// A line that is no header ends the headers: everything from there on is description.
    NoSeparator,
    /// An indented line before the first header; readers drop it.
    LeadingContinuation,
    /// A line that begins with a colon; readers drop it.
    EmptyName,
    /// A line that begins with `From ` among the headers; readers drop it.
    EnvelopeLine,
    /// A description both as a header and after the headers.
    DescriptionTwice,
}

impl fmt::Display for ProblemKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ByteOrderMark => f.write_str("byte order mark before the first field"),
            Self::FieldNotUtf8 { field } => write!(f, "field `{field}` is not UTF-8"),
            Self::BodyNotUtf8 => f.write_str("description after the fields is not UTF-8"),
            Self::NoSeparator => f.write_str(
                "line without a field name ends the fields, all that follows is description",
            ),
            Self::LeadingContinuation => {
                f.write_str("indented line before the first field is ignored")
            }
            Self::EmptyName => f.write_str("line that begins with a colon is ignored"),
            Self::EnvelopeLine => f.write_str("line that begins with `From ` is ignored"),
            Self::DescriptionTwice => {
                f.write_str("description both as a field and after the fields")
            }
        }
    }
}

/// A read or newly made metadata file: its fields in order, then the description.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CoreMetadata {
    fields: Vec<Field>,
    body: Option<Body>,
    /// The first `Description` field without its folding.
    unfolded: Option<String>,
    problems: Vec<Problem>,
    n_bytes: usize,
}

impl CoreMetadata {
    /// An empty file, to be filled by [`CoreMetadata::push`].
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads a file; whatever is in it, something comes out.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Self {
        read::read(bytes)
    }

    /// The file in its usual form; what was read is written so that it is read back the same.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        write::write(self)
    }

    /// Appends a field.
    pub fn push(&mut self, name: &str, value: &str) {
        self.push_field(Field {
            name: name.to_owned(),
            value: value.to_owned(),
            line: 0,
            utf8: true,
        });
    }

    fn push_field(&mut self, field: Field) {
        if self.unfolded.is_none() && field.name.eq_ignore_ascii_case("Description") {
            self.unfolded = Some(read::unfold_description(&field.value));
        }
        self.fields.push(field);
    }

    /// Sets the description that follows the fields; an empty text removes it.
    pub fn set_body(&mut self, text: &str) {
        self.body = (!text.is_empty()).then(|| Body {
            text: text.to_owned(),
            line: 0,
            utf8: true,
        });
    }

    /// Every field in the order of the file.
    #[must_use]
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// Fields of one name; letter case does not matter.
    pub fn named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Field> {
        self.fields
            .iter()
            .filter(move |field| field.name.eq_ignore_ascii_case(name))
    }

    /// Value of the first field of this name.
    #[must_use]
    pub fn first(&self, name: &str) -> Option<&str> {
        self.fields
            .iter()
            .find(|field| field.name.eq_ignore_ascii_case(name))
            .map(|field| field.value.as_str())
    }

    /// Values of all fields of this name, in order.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.named(name).map(|field| field.value.as_str())
    }

    /// Value of `Metadata-Version`.
    #[must_use]
    pub fn metadata_version(&self) -> Option<&str> {
        self.first("Metadata-Version")
    }

    /// Value of `Name`.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.first("Name")
    }

    /// Value of `Version`.
    #[must_use]
    pub fn version(&self) -> Option<&str> {
        self.first("Version")
    }

    /// Size of the file that was read, in bytes; 0 for one that was made.
    #[must_use]
    pub fn n_bytes(&self) -> usize {
        self.n_bytes
    }

    /// Text after the fields, as it stands.
    #[must_use]
    pub fn body(&self) -> Option<&str> {
        self.body.as_ref().map(|body| body.text.as_str())
    }

    /// Line at which the text after the fields begins, from 1.
    #[must_use]
    pub fn body_line(&self) -> Option<usize> {
        self.body.as_ref().map(|body| body.line)
    }

    /// The long description: the text after the fields, else the unfolded `Description` field.
    #[must_use]
    pub fn description(&self) -> Option<&str> {
        self.body().or(self.unfolded.as_deref())
    }

    /// What was odd in the form of the file, by line.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }
}
