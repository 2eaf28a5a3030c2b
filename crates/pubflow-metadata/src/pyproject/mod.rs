//! pyproject.toml with the place of everything in it.
//!
//! Parsing never fails: a file that is not TOML is a [`Pyproject`] without tables that remembers
//! why. What the tables mean is checked in [`crate::check`]; what a build needs is
//! [`Pyproject::build_system`].
//!
//! Spec: PEP 518 and 517 (`[build-system]`), PEP 621 (`[project]`), TOML 1.1 as read by `toml_edit`.

mod build_system;
mod dependency;
mod encoding;
mod newer_syntax;
mod path;
mod position;
mod problem;
mod project;

#[cfg(test)]
mod tests;

use std::ops::Range;
use std::sync::OnceLock;

use toml_edit::{Document, Item, TableLike};

pub use build_system::{BuildSystem, DEFAULT_BACKEND, DEFAULT_REQUIRES};
pub use dependency::Dependency;
pub use path::{Segment, TomlPath};
pub use position::Position;
pub use problem::{Problem, ProblemKind};
pub use project::StringValue;

use position::LineStarts;

/// A parsed pyproject.toml.
#[derive(Debug, Clone)]
pub struct Pyproject {
    text: String,
    document: Option<Document<String>>,
    lines: LineStarts,
    problems: Vec<Problem>,
    dependencies: OnceLock<Vec<Dependency>>,
}

impl Pyproject {
    /// Parses a text.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let text = text.to_owned();
        let lines = LineStarts::of(&text);
        let mut problems = Vec::new();
        let document = match Document::parse(text.clone()) {
            Ok(document) => Some(document),
            Err(error) => {
                let at = error.span().map(|span| lines.position(&text, span.start));
                problems.push(Problem {
                    kind: ProblemKind::NotToml {
                        expected: error.message().to_owned(),
                    },
                    path: None,
                    at,
                });
                None
            }
        };
        Self {
            text,
            document,
            lines,
            problems,
            dependencies: OnceLock::new(),
        }
    }

    /// Decodes and parses a file; what is not UTF-8 is a problem and holds no table.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Self {
        let decoded = encoding::decode(bytes);
        let mut pyproject = match &decoded.text {
            Some(text) => Self::parse(text),
            None => Self {
                text: String::new(),
                document: None,
                lines: LineStarts::of(""),
                problems: Vec::new(),
                dependencies: OnceLock::new(),
            },
        };
        pyproject.problems.extend(decoded.problem);
        pyproject
    }

    /// The text that was parsed, without a byte order mark.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Why the file cannot be read as TOML in UTF-8, in part or at all.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// Where the file first uses syntax that TOML 1.1 brought; `None` too where it is not TOML.
    #[must_use]
    pub fn newer_syntax(&self) -> Option<Position> {
        let offset = newer_syntax::first_newer_syntax(&self.text)?;
        self.is_toml().then(|| self.position_at(offset))
    }

    /// Whether there are tables to look at.
    #[must_use]
    pub fn is_toml(&self) -> bool {
        self.document.is_some()
    }

    /// The table at the root; `None` where the file is not TOML.
    #[must_use]
    pub fn root(&self) -> Option<&dyn TableLike> {
        self.document
            .as_ref()
            .map(|document| document.as_table() as &dyn TableLike)
    }

    /// Whatever stands at a path such as `project.authors[0].name`.
    #[must_use]
    pub fn item(&self, path: &str) -> Option<&Item> {
        self.find(&TomlPath::parse(path)?).map(|found| found.item)?
    }

    /// The table at a path, in any of TOML's forms.
    #[must_use]
    pub fn table(&self, path: &str) -> Option<&dyn TableLike> {
        self.item(path)?.as_table_like()
    }

    /// Line and column of a path: of its key, or of the element of an array.
    #[must_use]
    pub fn position(&self, path: &str) -> Option<Position> {
        self.position_of(&TomlPath::parse(path)?)
    }

    /// Line and column of a path: of its key, or of the element of an array.
    #[must_use]
    pub fn position_of(&self, path: &TomlPath) -> Option<Position> {
        let found = self.find(path)?;
        let span = found.key_span.or(found.value_span)?;
        Some(self.lines.position(&self.text, span.start))
    }

    /// Byte range of the value at a path, for edits.
    #[must_use]
    pub fn value_span(&self, path: &str) -> Option<Range<usize>> {
        self.find(&TomlPath::parse(path)?)?.value_span
    }

    /// Byte ranges of the key and of the value at a path, for edits.
    pub(crate) fn spans_of(&self, path: &TomlPath) -> (Option<Range<usize>>, Option<Range<usize>>) {
        match self.find(path) {
            Some(found) => (found.key_span, found.value_span),
            None => (None, None),
        }
    }

    /// Line and column of a byte offset into the text.
    #[must_use]
    pub fn position_at(&self, offset: usize) -> Position {
        self.lines.position(&self.text, offset)
    }
}
