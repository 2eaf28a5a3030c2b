//! What took how long, as the lines of a journal tell it.
//!
//! A line says when something ended. When it began is told by its intent, else by the seconds that it
//! counted itself, else by the line before it of the same writer: a run does one thing after another.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;
use pubflow_pipeline::{Entry, Evidence, Facts, Subject, Writer};

/// One thing that was done or tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Span {
    /// The step.
    pub(crate) step: String,
    /// The unit.
    pub(crate) unit: String,
    /// When it began.
    pub(crate) begun: Timestamp,
    /// When it ended.
    pub(crate) ended: Timestamp,
    /// How.
    pub(crate) end: End,
    /// Who did it.
    pub(crate) writer: Writer,
}

/// How something ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// Done.
    Done,
    /// It failed.
    Failed,
    /// It has to wait for a person or a time.
    Waiting,
}

impl End {
    /// The word for it.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Waiting => "waiting",
        }
    }
}

impl Span {
    /// How long it took.
    pub(crate) fn duration(&self) -> Duration {
        let taken = self.ended.duration_since(self.begun);
        Duration::try_from(taken).unwrap_or_default()
    }
}

/// Everything that was done or tried, in the order of its end.
pub(crate) fn spans(facts: &Facts) -> Vec<Span> {
    let mut last: BTreeMap<&Writer, Timestamp> = BTreeMap::new();
    let mut intents: BTreeMap<(&Writer, &Subject), Timestamp> = BTreeMap::new();
    let mut spans = Vec::new();
    for record in facts.records() {
        let before = last.insert(&record.writer, record.at).unwrap_or(record.at);
        let (subject, evidence, end) = match &record.entry {
            Entry::Intent(subject) => {
                intents.insert((&record.writer, subject), record.at);
                continue;
            }
            Entry::Done {
                subject, evidence, ..
            } => (subject, evidence, End::Done),
            Entry::Failed {
                subject,
                evidence,
                class,
                ..
            } if class == "waiting" => (subject, evidence, End::Waiting),
            Entry::Failed {
                subject, evidence, ..
            } => (subject, evidence, End::Failed),
            Entry::RunOpened { .. }
            | Entry::RunClosed { .. }
            | Entry::Note(_)
            | Entry::Unknown { .. } => continue,
        };
        let counted = seconds(evidence).and_then(|taken| record.at.checked_sub(taken).ok());
        let begun = intents
            .remove(&(&record.writer, subject))
            .or(counted)
            .unwrap_or(before);
        spans.push(Span {
            step: subject.step.to_string(),
            unit: subject.unit.to_string(),
            begun: begun.min(record.at),
            ended: record.at,
            end,
            writer: record.writer.clone(),
        });
    }
    spans
}

/// The time that something says it took.
fn seconds(evidence: &Evidence) -> Option<Duration> {
    let seconds: f64 = evidence.get("seconds")?.parse().ok()?;
    Duration::try_from_secs_f64(seconds).ok()
}
