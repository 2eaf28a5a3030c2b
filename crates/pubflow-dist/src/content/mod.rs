//! What is learned from a member's bytes while they pass by, so that nothing is read twice and
//! nothing large is kept.

pub(crate) mod native;
mod patterns;
pub(crate) mod python;
mod scanner;
mod shape;

pub(crate) use scanner::{Found, Secret};

use native::Native;
use python::Source;
use scanner::Scanner;

/// Native code beyond this size is known by its first part only: its headers, most often.
const NATIVE_BYTES: usize = 32 << 20;
/// Sources beyond this size are data in the form of code.
const SOURCE_BYTES: usize = 4 << 20;

/// The components of the path of a script that a build runs, at most: `setup.py` and backends that
/// live in the tree.
const NEAR: usize = 4;

/// What was learned about one member.
#[derive(Debug, Clone, Default)]
pub(crate) struct Content {
    /// Texts that should not be there.
    pub(crate) found: Found,
    /// Its headers, where it is native code.
    pub(crate) native: Option<Native>,
    /// What it tells, where it is a source of Python.
    pub(crate) source: Option<Source>,
}

impl Content {
    /// Whether there is nothing to remember.
    pub(crate) fn is_empty(&self) -> bool {
        self.found == Found::default() && self.native.is_none() && self.source.is_none()
    }
}

/// Looks at one member's bytes.
#[derive(Debug)]
pub(crate) struct Examiner {
    scanner: Scanner,
    kept: Vec<u8>,
    keep: Keep,
    /// For a source the directory at the top that it lies in.
    top: Option<String>,
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
            top: None,
        }
    }

    /// For the member `path` of an sdist: its texts, and what the scripts of its build tell.
    pub(crate) fn of_sdist(path: &str) -> Self {
        let is_near = path.split('/').count() <= NEAR;
        if path.ends_with(".py") && is_near {
            Self::of_everything(path)
        } else {
            Self::of_texts()
        }
    }

    /// For the member `path` that will be installed.
    pub(crate) fn of_everything(path: &str) -> Self {
        let is_source = path.ends_with(".py");
        Self {
            keep: if is_source {
                Keep::UpTo(SOURCE_BYTES + 1)
            } else {
                Keep::Undecided
            },
            top: is_source.then(|| top(path).to_owned()),
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
        let source = match &self.top {
            Some(top) if self.kept.len() <= SOURCE_BYTES => Source::parse(&self.kept, top),
            _ => None,
        };
        Content {
            found: self.scanner.finish(),
            native: Native::parse(&self.kept).filter(|_| self.top.is_none()),
            source,
        }
    }
}

/// The first directory of the path that a member will be installed to.
fn top(path: &str) -> &str {
    let mut parts = path.split('/');
    match parts.next() {
        Some(data) if data.ends_with(".data") => parts.nth(1).unwrap_or_default(),
        first => first.unwrap_or_default(),
    }
}
