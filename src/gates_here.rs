//! The gates of the project here: as steps, and what the journal says of each.

use std::path::Path;

use pubflow_pipeline::{Entry, Evidence, Facts, Record, Step};
use pubflow_stages::{Gate, GateRoom, GateStage, GateWork};

use crate::config::Settings;
use crate::context::Context;
use crate::error::CommandError;

/// The gates of a project and the source that they are about.
pub(crate) struct GatesHere {
    /// The gates, in the order of the file.
    pub(crate) gates: Vec<Gate>,
    /// Where they work.
    pub(crate) room: GateRoom,
}

impl GatesHere {
    /// Reads the source of the project here.
    ///
    /// # Errors
    /// The source cannot be read.
    pub(crate) fn open(settings: &Settings, ctx: &Context) -> Result<Self, CommandError> {
        let logs = ctx.state_path().map(|path| path.join("logs"));
        let gates: Vec<Gate> = settings
            .gates
            .iter()
            .map(|gate| gate.value.clone())
            .collect();
        let room = GateRoom::open(Path::new("."), &gates, logs, &ctx.inherited)?;
        Ok(Self { gates, room })
    }

    /// The gates as steps of a release.
    pub(crate) fn steps(&self) -> Vec<Step> {
        let gates = self.gates.iter();
        gates
            .map(|gate| GateStage::step(gate, &self.room))
            .collect()
    }

    /// The gates whose command has no result for this source, with their settings as they are.
    pub(crate) fn unanswered<'a>(&'a self, facts: &'a Facts) -> impl Iterator<Item = &'a Gate> {
        self.gates.iter().filter(|gate| {
            let is_command = matches!(gate.work, GateWork::Command(_));
            is_command && !matches!(self.last(gate, facts), Last::Passed(..))
        })
    }

    /// The last result of a gate.
    pub(crate) fn last<'a>(&self, gate: &Gate, facts: &'a Facts) -> Last<'a> {
        let step = GateStage::step(gate, &self.room);
        let mut last = Last::Never;
        for record in facts.records() {
            let (subject, found) = match &record.entry {
                Entry::Done {
                    subject, evidence, ..
                } => (subject, Last::Passed(record, evidence)),
                Entry::Failed {
                    subject,
                    message,
                    evidence,
                    ..
                } => (subject, Last::Failed(record, message, evidence)),
                _ => continue,
            };
            if subject.step == step.id {
                last = match subject.key == step.key {
                    true => found,
                    // A result for what is there now is worth more than a later one for another.
                    false if matches!(last, Last::Passed(..) | Last::Failed(..)) => last,
                    false => Last::Stale(record),
                };
            }
        }
        last
    }
}

/// The last that is known of a gate.
pub(crate) enum Last<'a> {
    /// It said yes to what is there now.
    Passed(&'a Record, &'a Evidence),
    /// It said no to what is there now, with these words.
    Failed(&'a Record, &'a str, &'a Evidence),
    /// What it said was about something else.
    Stale(&'a Record),
    /// It was never asked.
    Never,
}
