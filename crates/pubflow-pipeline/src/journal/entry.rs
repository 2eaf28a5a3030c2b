//! What can stand in a journal.

use std::fmt;

use jiff::Timestamp;
use pubflow_spec::Sha256;

use crate::step::{Evidence, StepId, UnitId};

/// Who writes a segment: this machine's runs, or one job of a CI run.
///
/// Names of different machines must differ when their states are ever brought together.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Writer(String);

/// A writer's name cannot name a file everywhere.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{}` cannot name a journal segment: expected 1 to 100 lower-case letters, digits, dots, dashes and underscores, beginning with a letter or digit",
    found.escape_debug()
)]
pub struct WriterError {
    /// The name.
    pub found: String,
}

impl Writer {
    /// The runs of this machine.
    #[must_use]
    pub fn local() -> Self {
        Self(String::from("local"))
    }

    /// A writer's name, such as `github-4711-1-publish`.
    ///
    /// # Errors
    /// [`WriterError`] unless it has 1 to 100 lower-case letters, digits, `.`, `-` and `_`, the
    /// first a letter or digit.
    pub fn parse(text: &str) -> Result<Self, WriterError> {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        let fits = (1..=100).contains(&text.len())
            && text.starts_with(plain)
            && text
                .chars()
                .all(|c| plain(c) || matches!(c, '.' | '-' | '_'));
        if !fits {
            return Err(WriterError {
                found: text.to_owned(),
            });
        }
        Ok(Self(text.to_owned()))
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn file_name(&self) -> String {
        format!("{}.jsonl", self.0)
    }
}

impl fmt::Display for Writer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// What a fact is about. With another key it is another fact: the inputs were others.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Subject {
    /// The step.
    pub step: StepId,
    /// The unit.
    pub unit: UnitId,
    /// The step's key at that time.
    pub key: Sha256,
}

/// How something came to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// By this writer, and seen.
    Acted,
    /// By an earlier try whose end was not known, and seen now.
    Confirmed,
    /// By other means, and seen.
    Adopted,
}

/// Something that people or stages want remembered with the release: an approval, a waiver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// What it is, such as `waiver`.
    pub topic: String,
    /// What it says.
    pub details: Evidence,
}

/// What one line says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// A run begins.
    RunOpened {
        /// The plan's name for people.
        title: String,
    },
    /// Something is about to be done to a remote.
    Intent(Subject),
    /// Something was done; for an effect: and seen on the remote.
    Done {
        /// What.
        subject: Subject,
        /// How.
        how: How,
        /// What it left behind.
        evidence: Evidence,
    },
    /// Something was tried and failed.
    Failed {
        /// What.
        subject: Subject,
        /// The name of the failure's class.
        class: String,
        /// Whether it is certain that the remote was left as it was; this takes
        /// back the intent of this try, and none before.
        left_nothing: bool,
        /// What was said.
        message: String,
        /// What was seen all the same.
        evidence: Evidence,
    },
    /// A run ended.
    RunClosed {
        /// `done`, `stopped` or `interrupted`.
        outcome: String,
    },
    /// Something to remember.
    Note(Note),
    /// A kind of line that this pubflow does not know; kept, and otherwise passed over.
    Unknown {
        /// Its kind.
        kind: String,
    },
}

/// One line of a journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Who wrote it.
    pub writer: Writer,
    /// Its place in the segment, from 1.
    pub seq: u64,
    /// When it was written.
    pub at: Timestamp,
    /// What it says.
    pub entry: Entry,
}
