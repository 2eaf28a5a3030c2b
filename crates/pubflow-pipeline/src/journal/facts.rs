//! What the lines of all segments say together.
//!
//! The result does not depend on the order in which segments are read or merged: a fact is done when
//! any writer says so, and begun when any writer has an intent that it did not take back itself. A
//! failure takes back the try it ended, never one before: of that nothing new is known.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::entry::{Entry, How, Note, Record, Subject, Writer};
use super::segment;
use crate::error::StateError;
use crate::reconcile::JournalState;
use crate::record::ReleaseRecord;
use crate::step::Evidence;

/// What the lines of all segments say together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    records: BTreeMap<(Timestamp, Writer, u64), Record>,
    subjects: BTreeMap<Subject, SubjectFacts>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct SubjectFacts {
    done: Option<DoneFact>,
    /// What each writer began.
    begun: BTreeMap<Writer, Begun>,
}

/// The tries of one writer that may have changed the remote.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Begun {
    /// The latest try, while nothing was written about its end.
    latest: Option<Timestamp>,
    /// When the last of the tries before could still have been under way. No later line takes these
    /// back; only that it is done settles them.
    unclear: Option<Timestamp>,
}

impl Begun {
    fn intent(&mut self, at: Timestamp) {
        self.unclear = self.unclear.max(self.latest.replace(at));
    }

    fn failed(&mut self, at: Timestamp, left_nothing: bool) {
        if self.latest.take().is_some() && !left_nothing {
            self.unclear = self.unclear.max(Some(at));
        }
    }

    fn last(&self) -> Option<Timestamp> {
        self.latest.max(self.unclear)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct DoneFact {
    order: (Timestamp, Writer, u64),
    how: How,
    evidence: Evidence,
}

impl Facts {
    /// Reads every segment of a record without writing anything, so also from a read-only disk.
    ///
    /// # Errors
    /// [`StateError::Damaged`] for anything but a torn tail, [`StateError::Read`].
    pub fn read(record: &ReleaseRecord) -> Result<Self, StateError> {
        let segments = segment::read_all(record)?;
        Ok(segments
            .into_iter()
            .flat_map(|segment| segment.records)
            .collect())
    }

    /// What is known about a subject.
    #[must_use]
    pub fn state(&self, subject: &Subject) -> JournalState {
        let Some(facts) = self.subjects.get(subject) else {
            return JournalState::Nothing;
        };
        match (
            &facts.done,
            facts.begun.values().filter_map(Begun::last).max(),
        ) {
            (Some(done), _) => JournalState::Done {
                evidence: done.evidence.clone(),
            },
            (None, Some(at)) => JournalState::Intent { at },
            (None, None) => JournalState::Nothing,
        }
    }

    /// How and when something came to be done.
    #[must_use]
    pub fn how(&self, subject: &Subject) -> Option<(How, Timestamp)> {
        let done = self.subjects.get(subject)?.done.as_ref()?;
        Some((done.how, done.order.0))
    }

    /// Everything that was begun, as far as it was not certainly taken back.
    pub fn subjects(&self) -> impl Iterator<Item = (&Subject, JournalState)> {
        self.subjects
            .keys()
            .map(|subject| (subject, self.state(subject)))
    }

    /// Notes on a topic, in the order of their time.
    pub fn notes(&self, topic: &str) -> impl Iterator<Item = (&Record, &Note)> {
        self.records()
            .filter_map(move |record| match &record.entry {
                Entry::Note(note) if note.topic == topic => Some((record, note)),
                _ => None,
            })
    }

    /// All lines, in the order of their time.
    pub fn records(&self) -> impl Iterator<Item = &Record> {
        self.records.values()
    }

    /// Adds the next line of a writer. Lines of one writer come in their order; one that is known is
    /// passed over.
    pub(super) fn insert(&mut self, record: Record) {
        let order = (record.at, record.writer.clone(), record.seq);
        if self.records.contains_key(&order) {
            return;
        }
        match &record.entry {
            Entry::Intent(subject) => {
                let facts = self.subjects.entry(subject.clone()).or_default();
                let begun = facts.begun.entry(record.writer.clone()).or_default();
                begun.intent(record.at);
            }
            Entry::Failed {
                subject,
                left_nothing,
                ..
            } => {
                let facts = self.subjects.get_mut(subject);
                if let Some(begun) = facts.and_then(|facts| facts.begun.get_mut(&record.writer)) {
                    begun.failed(record.at, *left_nothing);
                }
            }
            Entry::Done {
                subject,
                how,
                evidence,
            } => {
                let facts = self.subjects.entry(subject.clone()).or_default();
                if facts.done.as_ref().is_none_or(|known| known.order < order) {
                    let (how, evidence) = (*how, evidence.clone());
                    facts.done = Some(DoneFact {
                        order: order.clone(),
                        how,
                        evidence,
                    });
                }
            }
            Entry::RunOpened { .. }
            | Entry::RunClosed { .. }
            | Entry::Note(_)
            | Entry::Unknown { .. } => {}
        }
        self.records.insert(order, record);
    }
}
