//! What is learned from a member's bytes while they pass by, so that nothing is read twice and
//! nothing large is kept.

mod patterns;
mod scanner;
mod shape;

pub(crate) use scanner::Found;

use scanner::Scanner;

/// What was learned about one member.
#[derive(Debug, Clone, Default)]
pub(crate) struct Content {
    /// Texts that should not be there.
    pub(crate) found: Found,
}

impl Content {
    /// Whether there is nothing to remember.
    pub(crate) fn is_empty(&self) -> bool {
        self.found == Found::default()
    }
}

/// Looks at one member's bytes.
#[derive(Debug)]
pub(crate) struct Examiner {
    scanner: Scanner,
}

impl Examiner {
    /// For a member that is about to be read.
    pub(crate) fn new() -> Self {
        Self {
            scanner: Scanner::default(),
        }
    }

    /// Takes the next bytes.
    pub(crate) fn take(&mut self, chunk: &[u8]) {
        self.scanner.take(chunk);
    }

    /// What was learned.
    pub(crate) fn finish(self) -> Content {
        Content {
            found: self.scanner.finish(),
        }
    }
}
