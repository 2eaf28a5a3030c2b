//! A reading position in a text, with the few moves that the grammars need.

use super::SyntaxError;
use super::characters::{is_python_space, is_word};

/// A text and how far it has been read. Copying it remembers a place to return to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scanner<'a> {
    text: &'a str,
    /// Byte offset, always at a character boundary.
    at: usize,
}

impl<'a> Scanner<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    pub(crate) fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(crate) fn at_end(&self) -> bool {
        self.at == self.text.len()
    }

    pub(crate) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// The text between an earlier place and here.
    pub(crate) fn since(&self, start: Scanner<'a>) -> &'a str {
        self.text.get(start.at..self.at).unwrap_or_default()
    }

    pub(crate) fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let n_bytes = rest.find(|c| !wanted(c)).unwrap_or(rest.len());
        self.at += n_bytes;
        &rest[..n_bytes]
    }

    /// At least one ASCII digit.
    pub(crate) fn take_digits(&mut self) -> Option<&'a str> {
        let digits = self.take_while(|c| c.is_ascii_digit());
        (!digits.is_empty()).then_some(digits)
    }

    pub(crate) fn skip_python_space(&mut self) {
        self.take_while(is_python_space);
    }

    /// The only white space between the words of requirements and markers.
    pub(crate) fn skip_blanks(&mut self) -> bool {
        !self.take_while(|c| c == ' ' || c == '\t').is_empty()
    }

    pub(crate) fn eat(&mut self, wanted: &str) -> bool {
        let found = self.rest().starts_with(wanted);
        if found {
            self.at += wanted.len();
        }
        found
    }

    pub(crate) fn eat_one_of(&mut self, wanted: &[char]) -> bool {
        match self.peek() {
            Some(c) if wanted.contains(&c) => {
                self.at += c.len_utf8();
                true
            }
            _ => false,
        }
    }

    /// Like [`Self::eat`], with ASCII letters in any case.
    pub(crate) fn eat_any_case(&mut self, wanted: &str) -> bool {
        let found = self
            .rest()
            .get(..wanted.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(wanted));
        if found {
            self.at += wanted.len();
        }
        found
    }

    /// A word that does not go on after its last character.
    pub(crate) fn eat_word(&mut self, wanted: &str) -> bool {
        let ends = self
            .rest()
            .strip_prefix(wanted)
            .is_some_and(|after| !after.chars().next().is_some_and(is_word));
        if ends {
            self.at += wanted.len();
        }
        ends
    }

    /// Goes back (or on) to a place remembered of this text.
    pub(crate) fn set(&mut self, place: Scanner<'a>) {
        self.at = place.at;
    }

    /// The error that something else was expected here.
    pub(crate) fn error<E>(&self, expected: E) -> SyntaxError<E> {
        SyntaxError::at(self.text, self.at, expected)
    }
}
