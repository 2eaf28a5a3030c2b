//! The shape of every syntax error: what was expected, what was found, and where.

use std::fmt;

/// Longest excerpt of the given text in a message, in characters.
const EXCERPT_CHARS: usize = 80;

/// What a parser can have wanted; each parser has its own enum of these.
pub trait Expectation: fmt::Debug + fmt::Display {
    /// What the whole text was to be, with its article: `a version`.
    const SUBJECT: &'static str;
}

/// What stood where something else was expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Found {
    /// The text was over.
    End,
    /// This character.
    Character(char),
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::End => f.write_str("the end"),
            Self::Character(c) => write!(f, "`{}`", c.escape_debug()),
        }
    }
}

/// A text that does not follow its grammar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError<E> {
    expected: E,
    found: Found,
    position: usize,
    given: Box<str>,
}

impl<E> SyntaxError<E> {
    /// The error at a byte offset of the text; an offset inside a character counts as its start.
    pub(crate) fn at(given: &str, byte: usize, expected: E) -> Self {
        let rest = given.get(byte..).unwrap_or_default();
        Self {
            expected,
            found: rest.chars().next().map_or(Found::End, Found::Character),
            position: given.char_indices().take_while(|(i, _)| *i < byte).count(),
            given: given.chars().take(EXCERPT_CHARS + 1).collect(),
        }
    }

    /// What the grammar wanted.
    pub fn expected(&self) -> &E {
        &self.expected
    }

    /// What stood there instead.
    pub fn found(&self) -> Found {
        self.found
    }

    /// Where, as an offset in characters from 0.
    pub fn position(&self) -> usize {
        self.position
    }
}

impl<E: Expectation> fmt::Display for SyntaxError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown: String = self.given.chars().take(EXCERPT_CHARS).collect();
        let more = if shown.len() < self.given.len() {
            "…"
        } else {
            ""
        };
        let (shown, subject) = (shown.escape_debug(), E::SUBJECT);
        let (expected, found, position) = (&self.expected, self.found, self.position);
        write!(
            f,
            "`{shown}{more}` is not {subject}: expected {expected} at position {position}, found {found}"
        )
    }
}

impl<E: Expectation> std::error::Error for SyntaxError<E> {}
