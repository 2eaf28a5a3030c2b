//! The table that decides: what the journal knows against what the remote shows.
//!
//! Identity is the digest of bytes (or an object id), never "the version exists". The table is a
//! pure function; how long to wait and how often to look again is added by the engine.

use jiff::Timestamp;

use crate::failure::Failure;
use crate::step::Evidence;

/// What the journal knows about a unit of a step with a given key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JournalState {
    /// Nothing, or only tries that certainly changed nothing.
    Nothing,
    /// It was about to be done; whether it was done is not known.
    Intent {
        /// When the last such try was begun, or ended without an answer.
        at: Timestamp,
    },
    /// It was done and seen.
    Done {
        /// What it left behind.
        evidence: Evidence,
    },
}

/// What the remote shows about a unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Observed {
    /// It is not there.
    Absent,
    /// It is there, with our bytes.
    Identical,
    /// Something else stands in its place.
    Different {
        /// What was found, such as another digest.
        found: String,
    },
    /// The remote could not be asked.
    Unknown(Failure),
}

/// What follows from journal and remote together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Do it.
    Act,
    /// Do it again, once a settle time has passed since the intent.
    ActAgain {
        /// [`JournalState::Intent::at`].
        intent_at: Timestamp,
    },
    /// It was done by other means: take it as ours, and say so.
    Adopt,
    /// It was done by us, but the journal had not heard of it yet: write that down.
    Record,
    /// It is done and seen.
    Skip,
    /// Other bytes stand there: stop.
    Conflict {
        /// What was found.
        found: String,
    },
    /// It was ours and now something else stands there: stop.
    Alarm {
        /// What was found.
        found: String,
    },
    /// It was there and is gone: keep looking until the budget ends, then stop. Never send again.
    Drift,
    /// Nothing is known to be there: ask again, then give up as unreachable.
    AskAgain(Failure),
    /// Something may be or is there: wait until the remote can be asked, then stop.
    Wait(Failure),
}

/// Decides what follows for one unit.
#[must_use]
pub fn reconcile(journal: &JournalState, remote: &Observed) -> Action {
    match (journal, remote) {
        (JournalState::Nothing, Observed::Absent) => Action::Act,
        (JournalState::Nothing, Observed::Identical) => Action::Adopt,
        (JournalState::Nothing | JournalState::Intent { .. }, Observed::Different { found }) => {
            Action::Conflict {
                found: found.clone(),
            }
        }
        (JournalState::Nothing, Observed::Unknown(failure)) => Action::AskAgain(failure.clone()),
        (JournalState::Intent { at }, Observed::Absent) => Action::ActAgain { intent_at: *at },
        (JournalState::Intent { .. }, Observed::Identical) => Action::Record,
        (JournalState::Intent { .. } | JournalState::Done { .. }, Observed::Unknown(failure)) => {
            Action::Wait(failure.clone())
        }
        (JournalState::Done { .. }, Observed::Absent) => Action::Drift,
        (JournalState::Done { .. }, Observed::Identical) => Action::Skip,
        (JournalState::Done { .. }, Observed::Different { found }) => Action::Alarm {
            found: found.clone(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::{FailureClass, Report};

    #[test]
    fn the_table_is_the_one_of_the_design() {
        let at = Timestamp::from_second(1_800_000_000).unwrap();
        let failure = Failure::new(FailureClass::Unreachable, Report::new("no answer"));
        let found = String::from("sha256 cd34");
        let nothing = JournalState::Nothing;
        let intent = JournalState::Intent { at };
        let done = JournalState::Done {
            evidence: Evidence::new(),
        };
        let remote = [
            Observed::Absent,
            Observed::Identical,
            Observed::Different {
                found: found.clone(),
            },
            Observed::Unknown(failure.clone()),
        ];
        let conflict = Action::Conflict {
            found: found.clone(),
        };
        let again = Action::ActAgain { intent_at: at };
        let wait = Action::Wait(failure.clone());
        let table = [
            (
                nothing,
                [
                    Action::Act,
                    Action::Adopt,
                    conflict.clone(),
                    Action::AskAgain(failure),
                ],
            ),
            (intent, [again, Action::Record, conflict, wait.clone()]),
            (
                done,
                [Action::Drift, Action::Skip, Action::Alarm { found }, wait],
            ),
        ];
        for (journal, row) in table {
            for (observed, expected) in remote.iter().zip(row) {
                assert_eq!(
                    reconcile(&journal, observed),
                    expected,
                    "{journal:?} {observed:?}"
                );
            }
        }
    }
}
