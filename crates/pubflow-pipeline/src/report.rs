//! What a run came to. The exit code is made from it by the program, not here.

use std::time::Duration;

use crate::failure::Failure;
use crate::step::{Evidence, StepId, UnitId};

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Every step is done.
    Done,
    /// A step could not be finished; its class and words are in the failure.
    Stopped(Failure),
    /// The run was asked to stop.
    Interrupted,
}

/// How a step ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepStatus {
    /// Its work was done in this run, at least in part.
    Done,
    /// Everything in it was done before.
    Skipped,
    /// It stopped the run.
    Stopped,
    /// The run was interrupted in it.
    Interrupted,
    /// The run did not get to it.
    NotReached,
}

/// How a unit ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UnitStatus {
    /// Done in this run.
    Done,
    /// Done before by us; the journal hears of it now.
    Confirmed,
    /// Done before by other means.
    Adopted,
    /// Done before, and known to be.
    Skipped,
    /// It failed.
    Failed(Failure),
    /// The run was interrupted before it was done.
    Interrupted,
    /// Not begun, because something else stopped the run.
    NotReached,
}

impl UnitStatus {
    /// Whether it is done, by whatever means.
    #[must_use]
    pub fn is_done(&self) -> bool {
        matches!(
            self,
            Self::Done | Self::Confirmed | Self::Adopted | Self::Skipped
        )
    }
}

/// What became of a unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitReport {
    /// The unit.
    pub id: UnitId,
    /// Its name for people.
    pub title: String,
    /// How it ended.
    pub status: UnitStatus,
    /// What it left behind, in this run or before.
    pub evidence: Evidence,
    /// How long it took in this run.
    pub duration: Duration,
}

/// What became of a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepReport {
    /// The step.
    pub id: StepId,
    /// Its name for people.
    pub title: String,
    /// How it ended.
    pub status: StepStatus,
    /// Its units, in the order of the plan.
    pub units: Vec<UnitReport>,
    /// How long it took in this run.
    pub duration: Duration,
}

/// A unit whose effect is for good.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct LandedUnit {
    /// Its step.
    pub step: StepId,
    /// The unit.
    pub unit: UnitId,
}

/// What a run came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunReport {
    /// How it ended.
    pub outcome: Outcome,
    /// Every step of the plan, also those not reached.
    pub steps: Vec<StepReport>,
    /// Units of this plan whose irreversible effect is on the remote, done in this run or before.
    pub landed: Vec<LandedUnit>,
    /// Units whose irreversible effect was begun and may be on the remote: nobody could tell.
    pub uncertain: Vec<LandedUnit>,
}
