//! Why a unit of work could not be finished, and what that means for trying again.
//!
//! The class is for the engine, the [`Report`] for a person. Secrets are removed before a report is
//! made: it goes to the terminal and, shortened, into the journal.

use std::fmt;
use std::time::Duration;

use crate::step::Evidence;

/// What a failure allows the engine to do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailureClass {
    /// Nothing was changed and another try may pass: connecting failed, a time-out before the body, 408, 429.
    Transient {
        /// How long the remote asked to wait.
        after: Option<Duration>,
    },
    /// The remote may or may not have done it: look before anything else.
    Ambiguous,
    /// The remote or a gate said no; nothing was changed.
    Refused,
    /// Credentials are missing, wrong or not sufficient; nothing was changed.
    Unauthorised,
    /// Something else stands where ours should be.
    Conflict,
    /// A person or a time must come first.
    Waiting,
    /// The remote could not be reached, and trying further makes no sense now.
    Unreachable,
    /// This machine cannot: disk, permissions, a missing program.
    Machine,
    /// What this machine stored about the release is damaged.
    Damaged,
}

impl FailureClass {
    /// Whether it is certain that the remote was left as it was.
    #[must_use]
    pub fn left_nothing(self) -> bool {
        match self {
            Self::Transient { .. } | Self::Refused | Self::Unauthorised | Self::Unreachable => true,
            Self::Ambiguous | Self::Conflict | Self::Waiting | Self::Machine | Self::Damaged => {
                false
            }
        }
    }

    /// The word that stands for it in the journal and in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Transient { .. } => "transient",
            Self::Ambiguous => "ambiguous",
            Self::Refused => "refused",
            Self::Unauthorised => "unauthorised",
            Self::Conflict => "conflict",
            Self::Waiting => "waiting",
            Self::Unreachable => "unreachable",
            Self::Machine => "machine",
            Self::Damaged => "damaged",
        }
    }
}

impl fmt::Display for FailureClass {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// A failure in words: what, where, why, next.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Stable code, such as `E203`.
    pub code: Option<String>,
    /// What: a lower-case fragment without a full stop that names the subject.
    pub message: String,
    /// Where: a path and line, an archive and member, or an index and a step.
    pub place: Option<String>,
    /// Why; quotes the other side's own words when it gave any.
    pub why: Option<String>,
    /// Next: a command or an edit.
    pub next: Option<String>,
}

impl Report {
    /// A report that says what; the builder methods add what else is known.
    #[must_use]
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            ..Self::default()
        }
    }

    /// Gives it its stable code.
    #[must_use]
    pub fn code(mut self, code: impl Into<String>) -> Self {
        self.code = Some(code.into());
        self
    }

    /// Says where.
    #[must_use]
    pub fn place(mut self, place: impl Into<String>) -> Self {
        self.place = Some(place.into());
        self
    }

    /// Says why.
    #[must_use]
    pub fn why(mut self, why: impl Into<String>) -> Self {
        self.why = Some(why.into());
        self
    }

    /// Says what to type or edit.
    #[must_use]
    pub fn next(mut self, next: impl Into<String>) -> Self {
        self.next = Some(next.into());
        self
    }
}

/// A failure of one unit: its class and its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// What the engine may do next.
    pub class: FailureClass,
    /// What a person is told.
    pub report: Box<Report>,
    /// What was seen all the same: counts of a gate that said no.
    pub evidence: Evidence,
}

impl Failure {
    /// A failure of `class`.
    #[must_use]
    pub fn new(class: FailureClass, report: Report) -> Self {
        Self {
            class,
            report: Box::new(report),
            evidence: Evidence::new(),
        }
    }

    /// Says what was seen; it is kept in the journal with the failure.
    #[must_use]
    pub fn with_evidence(mut self, evidence: Evidence) -> Self {
        self.evidence = evidence;
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.report.message)
    }
}

impl std::error::Error for Failure {}
