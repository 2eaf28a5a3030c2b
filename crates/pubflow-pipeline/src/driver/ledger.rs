//! The journal as the concurrent units of a run share it: one write and one sync for all that
//! have something to say at the same moment.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::failure::Failure;
use crate::journal::{Entry, Journal, Subject};
use crate::plan::ReleaseKey;
use crate::reconcile::JournalState;

pub(super) struct Ledger<'a> {
    shared: Mutex<Shared<'a>>,
}

struct Shared<'a> {
    journal: &'a mut Journal,
    waiting: Vec<Entry>,
    n_queued: usize,
    n_written: usize,
    failure: Option<Failure>,
    accepted: BTreeSet<Subject>,
}

impl<'a> Ledger<'a> {
    pub(super) fn new(journal: &'a mut Journal) -> Self {
        let shared = Shared {
            journal,
            waiting: Vec::new(),
            n_queued: 0,
            n_written: 0,
            failure: None,
            accepted: BTreeSet::new(),
        };
        Self {
            shared: Mutex::new(shared),
        }
    }

    /// Returns once the entry is on disk.
    pub(super) async fn append(&self, entry: Entry) -> Result<(), Failure> {
        let ticket = {
            let mut shared = self.lock();
            shared.waiting.push(entry);
            shared.n_queued += 1;
            shared.n_queued
        };
        // Others that are ready too get to queue their entries; whoever wakes first writes for all.
        tokio::task::yield_now().await;
        let mut shared = self.lock();
        if shared.n_written < ticket {
            shared.flush();
        }
        match &shared.failure {
            Some(failure) if shared.n_written < ticket => Err(failure.clone()),
            _ => Ok(()),
        }
    }

    pub(super) fn state(&self, subject: &Subject) -> JournalState {
        self.lock().journal.facts().state(subject)
    }

    pub(super) fn release(&self) -> ReleaseKey {
        self.lock().journal.release().clone()
    }

    /// The remote took it, seen or not.
    pub(super) fn accept(&self, subject: Subject) {
        self.lock().accepted.insert(subject);
    }

    pub(super) fn was_accepted(&self, subject: &Subject) -> bool {
        self.lock().accepted.contains(subject)
    }

    fn lock(&self) -> MutexGuard<'_, Shared<'a>> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shared<'_> {
    fn flush(&mut self) {
        let entries = std::mem::take(&mut self.waiting);
        let n_entries = entries.len();
        match self.journal.append_all(entries) {
            Ok(()) => self.n_written += n_entries,
            // The first failure is the cause; the journal takes nothing after it.
            Err(error) => {
                self.failure.get_or_insert_with(|| error.into_failure());
            }
        }
    }
}
