//! What is learned from a member's bytes while they pass by, so that nothing is read twice and
//! nothing large is kept.

pub(crate) mod native;
mod patterns;
mod scanner;
mod shape;

pub(crate) use scanner::Found;

use native::Native;
use scanner::Scanner;

/// Native code beyond this size is known by its first part only: its headers, most often.
const NATIVE_BYTES: usize = 32 << 20;

/// What was learned about one member.
#[derive(Debug, Clone, Default)]
pub(crate) struct Content {
    /// Texts that should not be there.
    pub(crate) found: Found,
    /// Its headers, where it is native code.
    pub(crate) native: Option<Native>,
}

impl Content {
    /// Whether there is nothing to remember.
    pub(crate) fn is_empty(&self) -> bool {
        self.found == Found::default() && self.native.is_none()
    }
}

/// Looks at one member's bytes.
#[derive(Debug)]
pub(crate) struct Examiner {
    scanner: Scanner,
    kept: Vec<u8>,
    keep: Keep,
}

/// How much of the member is kept until its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Keep {
    /// The first bytes decide.
    Undecided,
    /// At most so many bytes.
    UpTo(usize),
}

impl Examiner {
    /// For a member whose texts alone are of interest.
    pub(crate) fn of_texts() -> Self {
        Self {
            scanner: Scanner::default(),
            kept: Vec::new(),
            keep: Keep::UpTo(0),
        }
    }

    /// For a member that will be installed.
    pub(crate) fn of_everything() -> Self {
        Self {
            keep: Keep::Undecided,
            ..Self::of_texts()
        }
    }

    /// Takes the next bytes.
    pub(crate) fn take(&mut self, chunk: &[u8]) {
        self.scanner.take(chunk);
        let mut rest = chunk;
        if self.keep == Keep::Undecided {
            let n = rest.len().min(4 - self.kept.len());
            self.kept.extend_from_slice(&rest[..n]);
            rest = &rest[n..];
            if self.kept.len() == 4 {
                let is_native = native::format(&self.kept).is_some();
                self.keep = Keep::UpTo(if is_native { NATIVE_BYTES } else { 0 });
            }
        }
        if let Keep::UpTo(most) = self.keep {
            let n = rest.len().min(most.saturating_sub(self.kept.len()));
            self.kept.extend_from_slice(&rest[..n]);
        }
    }

    /// What was learned.
    pub(crate) fn finish(self) -> Content {
        Content {
            found: self.scanner.finish(),
            native: Native::parse(&self.kept),
        }
    }
}
