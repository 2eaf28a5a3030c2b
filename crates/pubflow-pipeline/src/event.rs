//! What a run tells while it runs: typed events, no lines of text made for a terminal.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::failure::{Failure, Report};
use crate::reconcile::Observed;
use crate::report::{StepStatus, UnitStatus};
use crate::step::{Evidence, StepId, UnitId};

/// Takes the events of a run; called from the task that runs it, so it should be quick.
pub type EventSink = Arc<dyn Fn(&Event) + Send + Sync>;

/// Something that happened in a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A step begins.
    StepStarted {
        /// The step.
        step: StepId,
        /// Its name for people.
        title: String,
        /// How many units it has.
        n_units: usize,
    },
    /// Nothing was to be done: every unit was done before with the same inputs.
    StepSkipped {
        /// The step.
        step: StepId,
        /// Its name for people.
        title: String,
    },
    /// A step ended.
    StepFinished {
        /// The step.
        step: StepId,
        /// How.
        status: StepStatus,
        /// How long it took.
        duration: Duration,
    },
    /// A unit's work begins; for an effect its intent is on disk.
    UnitStarted {
        /// The step.
        step: StepId,
        /// The unit.
        unit: UnitId,
        /// Its name for people.
        title: String,
        /// The number of this try, from 1.
        attempt: u32,
    },
    /// A unit's work went on.
    Progress {
        /// The step.
        step: StepId,
        /// The unit.
        unit: UnitId,
        /// How much is done, in the unit of the work (bytes for uploads).
        done: u64,
        /// How much there is, when known.
        total: Option<u64>,
    },
    /// A unit ended.
    UnitFinished {
        /// The step.
        step: StepId,
        /// The unit.
        unit: UnitId,
        /// How.
        status: UnitStatus,
        /// What it left behind.
        evidence: Evidence,
        /// How long it took in this run.
        duration: Duration,
    },
    /// A try failed and another follows.
    Retrying {
        /// The step.
        step: StepId,
        /// The unit.
        unit: UnitId,
        /// In how long.
        after: Duration,
        /// What went wrong.
        why: Failure,
    },
    /// The work was done, and the remote does not show it yet; it is asked again.
    NotVisibleYet {
        /// The step.
        step: StepId,
        /// The unit.
        unit: UnitId,
        /// When it is asked again.
        after: Duration,
    },
    /// The remote was looked at.
    Observed {
        /// The step.
        step: StepId,
        /// The unit.
        unit: UnitId,
        /// What it showed.
        observed: Observed,
    },
    /// A unit was there already with our bytes, although the journal knows nothing of it.
    Adopted {
        /// The step.
        step: StepId,
        /// The unit.
        unit: UnitId,
    },
    /// The work wants something said.
    Note {
        /// The step.
        step: StepId,
        /// The unit, if it is about one.
        unit: Option<UnitId>,
        /// What it says.
        note: Report,
    },
    /// The run was asked to stop: nothing new begins, what is under way reaches its observation.
    Interrupting,
}

/// What a [`crate::Work`] tells about the unit it works on.
#[derive(Clone)]
pub struct Reporter {
    events: EventSink,
    step: StepId,
    unit: UnitId,
}

impl Reporter {
    /// A reporter for one unit; the engine makes them, tests may too.
    #[must_use]
    pub fn new(events: EventSink, step: StepId, unit: UnitId) -> Self {
        Self { events, step, unit }
    }

    /// Says how far the work is.
    pub fn progress(&self, done: u64, total: Option<u64>) {
        let (step, unit) = (self.step.clone(), self.unit.clone());
        (self.events)(&Event::Progress {
            step,
            unit,
            done,
            total,
        });
    }

    /// Says something about the work.
    pub fn note(&self, note: Report) {
        let (step, unit) = (self.step.clone(), Some(self.unit.clone()));
        (self.events)(&Event::Note { step, unit, note });
    }
}

impl fmt::Debug for Reporter {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Reporter({}, {})", self.step, self.unit)
    }
}
