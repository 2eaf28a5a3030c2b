//! Points where a test lets the process die.
//!
//! They are honoured in debug builds only; a release build carries the type and ignores it.

use std::fmt;
use std::sync::Arc;

/// On which side of a journal line the process dies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailPointAt {
    /// Before the n-th line of this run is written; lines count from 1.
    Before(usize),
    /// After the n-th line of this run is safely on disk; lines count from 1.
    After(usize),
}

/// One point of death, passed to [`crate::Journal::with_fail_point`].
#[derive(Clone)]
pub struct FailPoint {
    at: FailPointAt,
    end: Arc<dyn Fn() + Send + Sync>,
}

impl FailPoint {
    /// Aborts the process there: no destructors, no buffered output.
    #[must_use]
    pub fn abort(at: FailPointAt) -> Self {
        Self {
            at,
            end: Arc::new(|| std::process::abort()),
        }
    }

    /// Calls `end` there, which must not return if the run shall end; for tests in one process.
    #[must_use]
    pub fn calling(at: FailPointAt, end: Arc<dyn Fn() + Send + Sync>) -> Self {
        Self { at, end }
    }

    /// Ends the run if this is the point.
    pub(crate) fn reach(&self, here: FailPointAt) {
        if cfg!(debug_assertions) && self.at == here {
            (self.end)();
        }
    }
}

impl fmt::Debug for FailPoint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "FailPoint({:?})", self.at)
    }
}
