//! What was asked of a realm and how it answered, for tests and for whoever debugs a rehearsal.
//!
//! Headers and bodies are not kept, so no credential can be read from it. The oldest entries go first.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Enough for a rehearsal of a large workspace, small enough to be forgotten about: about 2 MB.
const CAPACITY: usize = 10_000;

/// One request that was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoggedRequest {
    /// When it was answered, RFC 3339 in UTC.
    pub at: String,
    /// The method, such as `POST`.
    pub method: String,
    /// The path, without the query.
    pub path: String,
    /// The status of the answer; 0 when a fault ended the connection without one.
    pub status: u16,
    /// How long the answer took to begin.
    pub took: Duration,
}

#[derive(Debug, Default)]
pub(crate) struct RequestLog(Mutex<VecDeque<LoggedRequest>>);

impl RequestLog {
    pub(crate) fn add(&self, request: LoggedRequest) {
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if entries.len() == CAPACITY {
            entries.pop_front();
        }
        entries.push_back(request);
    }

    /// The newest entries, the newest first.
    pub(crate) fn newest(&self, n: usize) -> Vec<LoggedRequest> {
        let entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        entries.iter().rev().take(n).cloned().collect()
    }

    pub(crate) fn entries(&self) -> Vec<LoggedRequest> {
        let entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        entries.iter().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_entries_go_first() {
        let log = RequestLog::default();
        for n in 0..=CAPACITY {
            log.add(LoggedRequest {
                method: "GET".into(),
                path: format!("/{n}"),
                status: 200,
                at: String::new(),
                took: Duration::ZERO,
            });
        }
        let entries = log.entries();
        assert_eq!(entries.len(), CAPACITY);
        assert_eq!(entries[0].path, "/1");
        assert_eq!(entries[CAPACITY - 1].path, format!("/{CAPACITY}"));
    }
}
