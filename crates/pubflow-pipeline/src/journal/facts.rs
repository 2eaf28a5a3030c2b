//! What the lines of all segments say together.
//!
//! The result does not depend on the order in which segments are read or merged: a fact is done when
//! any writer says so, and begun when any writer has an intent that it did not take back itself.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::entry::{Entry, How, Note, Record, Subject, Writer};
use super::segment;
use crate::error::StateError;
use crate::reconcile::JournalState;
use crate::record::ReleaseRecord;
use crate::step::{Evidence, StepId, UnitId};

/// What the lines of all segments say together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    records: BTreeMap<(Timestamp, Writer, u64), Record>,
    subjects: BTreeMap<Subject, SubjectFacts>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct SubjectFacts {
    done: Option<DoneFact>,
    /// Intents not taken back: at most the last one of each writer.
    open: BTreeMap<Writer, Timestamp>,
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
        match (&facts.done, facts.open.values().max()) {
            (Some(done), _) => JournalState::Done {
                evidence: done.evidence.clone(),
            },
            (None, Some(at)) => JournalState::Intent { at: *at },
            (None, None) => JournalState::Nothing,
        }
    }

    /// Evidence of something done, whatever its key, the latest first.
    pub fn evidence(&self, step: &StepId, unit: &UnitId) -> impl Iterator<Item = &Evidence> {
        let mut found: Vec<&DoneFact> = self
            .subjects
            .iter()
            .filter(|(subject, _)| subject.step == *step && subject.unit == *unit)
            .filter_map(|(_, facts)| facts.done.as_ref())
            .collect();
        found.sort_by(|left, right| right.order.cmp(&left.order));
        found.into_iter().map(|done| &done.evidence)
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

    /// Adds the next line of a writer. Lines of one writer come in their order.
    pub(super) fn insert(&mut self, record: Record) {
        let order = (record.at, record.writer.clone(), record.seq);
        match &record.entry {
            Entry::Intent(subject) => {
                let facts = self.subjects.entry(subject.clone()).or_default();
                facts.open.insert(record.writer.clone(), record.at);
            }
            Entry::Failed {
                subject,
                left_nothing: true,
                ..
            } => {
                let facts = self.subjects.entry(subject.clone()).or_default();
                facts.open.remove(&record.writer);
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
            | Entry::Failed {
                left_nothing: false,
                ..
            }
            | Entry::RunClosed { .. }
            | Entry::Note(_)
            | Entry::Unknown { .. } => {}
        }
        self.records.insert(order, record);
    }
}
