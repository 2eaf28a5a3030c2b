//! Carries out a plan: runs what the core decides, writes the journal, tells what happens.
//!
//! Everything runs in the task that calls [`run`]; units of a wave are concurrent, not parallel.
//! Work that blocks is the work's own business to move elsewhere.

mod effect;
mod ledger;
mod plain;

use std::sync::{Arc, Once};
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use jiff::Timestamp;
use tokio::sync::watch;

use crate::clock::{Clock, SystemClock};
use crate::engine::Moment;
use crate::event::{Event, EventSink};
use crate::failure::{Failure, FailureClass, Report};
use crate::journal::{Entry, Journal, Subject};
use crate::plan::Plan;
use crate::reconcile::JournalState;
use crate::report::{
    LandedUnit, Outcome, RunReport, StepReport, StepStatus, UnitReport, UnitStatus,
};
use crate::retry::Policy;
use crate::step::{BoxFuture, Confirmation, Evidence, Step, StepId, Unit};
use ledger::Ledger;

/// What a person said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Go on.
    Yes,
    /// Stop here.
    No,
}

/// Asks a person, or knows what they would say.
pub trait Consent: Send + Sync {
    /// Asks before a step changes anything for the first time in a run.
    fn ask<'a>(&'a self, step: &'a StepId, confirmation: &'a Confirmation)
    -> BoxFuture<'a, Answer>;
}

/// Consent that was given beforehand.
#[derive(Debug, Clone, Copy, Default)]
pub struct Yes;

impl Consent for Yes {
    fn ask<'a>(&'a self, _: &'a StepId, _: &'a Confirmation) -> BoxFuture<'a, Answer> {
        Box::pin(std::future::ready(Answer::Yes))
    }
}

/// How a plan is run.
#[derive(Clone)]
pub struct RunOptions {
    /// The budgets.
    pub policy: Policy,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Who is asked.
    pub consent: Arc<dyn Consent>,
    /// Becomes true when the run shall stop. A sender that is gone means that nobody will ask.
    pub interrupt: watch::Receiver<bool>,
}

impl RunOptions {
    /// Budgets for a real index, the machine's clock, consent given, never interrupted.
    #[must_use]
    pub fn standard() -> Self {
        let (_, interrupt) = watch::channel(false);
        Self {
            policy: Policy::standard(),
            clock: Arc::new(SystemClock),
            consent: Arc::new(Yes),
            interrupt,
        }
    }
}

/// Runs a plan from wherever its journal stands to its end, or to where it has to stop.
///
/// Take the record's [`crate::Lock`] first, and open the journal after that. Running a finished
/// plan again changes nothing.
pub async fn run(
    plan: &Plan,
    journal: &mut Journal,
    options: &RunOptions,
    events: EventSink,
) -> RunReport {
    let running = Running::new(plan, journal, options, events);
    let mut steps = Vec::new();
    let mut outcome = running
        .open()
        .await
        .map_or_else(Outcome::Stopped, |()| Outcome::Done);
    for step in &plan.steps {
        if outcome == Outcome::Done {
            let end = running.run_step(step).await;
            outcome = end.outcome;
            steps.push(end.report);
        } else {
            steps.push(not_reached(step));
        }
    }
    outcome = running.close(outcome).await;
    let (landed, uncertain) = running.landed(&steps);
    RunReport {
        outcome,
        steps,
        landed,
        uncertain,
    }
}

/// What the parts of a run share.
struct Running<'a> {
    plan: &'a Plan,
    options: &'a RunOptions,
    events: EventSink,
    ledger: Ledger<'a>,
    /// Becomes true when a unit failed for good and nothing new shall begin.
    halt: watch::Sender<bool>,
    /// That the run was asked to stop is said once.
    interrupting: Once,
}

/// How a step ended, and what that means for the run.
struct StepEnd {
    outcome: Outcome,
    report: StepReport,
}

impl<'a> Running<'a> {
    fn new(
        plan: &'a Plan,
        journal: &'a mut Journal,
        options: &'a RunOptions,
        events: EventSink,
    ) -> Self {
        let (halt, _) = watch::channel(false);
        Self {
            plan,
            options,
            events,
            ledger: Ledger::new(journal),
            halt,
            interrupting: Once::new(),
        }
    }

    async fn open(&self) -> Result<(), Failure> {
        self.plan.require_names().map_err(|error| {
            Failure::new(
                FailureClass::Machine,
                Report::new(error.to_string()).code("E909"),
            )
        })?;
        if self.ledger.release() != self.plan.release {
            let message = format!("the journal belongs to {}", self.ledger.release());
            let report = Report::new(message)
                .code("E910")
                .why(format!("the plan is for {}", self.plan.release))
                .next("run `pubflow status` to see which release is recorded here");
            return Err(Failure::new(FailureClass::Machine, report));
        }
        self.ledger
            .append(Entry::RunOpened {
                title: self.plan.title.clone(),
            })
            .await
    }

    async fn close(&self, outcome: Outcome) -> Outcome {
        let word = match &outcome {
            Outcome::Done => "done",
            Outcome::Stopped(_) => "stopped",
            Outcome::Interrupted => "interrupted",
        };
        let written = self
            .ledger
            .append(Entry::RunClosed {
                outcome: word.to_owned(),
            })
            .await;
        match (outcome, written) {
            (Outcome::Done, Err(failure)) => Outcome::Stopped(failure),
            // What stopped the run matters more than that its end could not be written.
            (outcome, _) => outcome,
        }
    }

    async fn run_step(&self, step: &Step) -> StepEnd {
        let started = self.now();
        self.emit(&Event::StepStarted {
            step: step.id.clone(),
            title: step.title.clone(),
            n_units: step.units().count(),
        });
        let units = if step.kind.is_effect() {
            self.run_effect(step).await
        } else {
            self.run_plain(step).await
        };
        let outcome = worst(&units);
        let all_skipped = units.iter().all(|unit| unit.status == UnitStatus::Skipped);
        let status = match &outcome {
            Outcome::Done if all_skipped && !units.is_empty() => StepStatus::Skipped,
            Outcome::Done => StepStatus::Done,
            Outcome::Stopped(_) => StepStatus::Stopped,
            Outcome::Interrupted => StepStatus::Interrupted,
        };
        if status == StepStatus::Skipped {
            let (step, title) = (step.id.clone(), step.title.clone());
            self.emit(&Event::StepSkipped { step, title });
        }
        let duration = self.since(started);
        self.emit(&Event::StepFinished {
            step: step.id.clone(),
            status,
            duration,
        });
        let (id, title) = (step.id.clone(), step.title.clone());
        StepEnd {
            outcome,
            report: StepReport {
                id,
                title,
                status,
                units,
                duration,
            },
        }
    }

    /// What is on the remote for good, and what may be.
    fn landed(&self, steps: &[StepReport]) -> (Vec<LandedUnit>, Vec<LandedUnit>) {
        let (mut landed, mut uncertain) = (Vec::new(), Vec::new());
        for (step, report) in self.plan.steps.iter().zip(steps) {
            if !step.kind.is_irreversible() {
                continue;
            }
            for unit in &report.units {
                let named = LandedUnit {
                    step: step.id.clone(),
                    unit: unit.id.clone(),
                };
                let subject = subject(step, &unit.id);
                let state = self.ledger.state(&subject);
                if unit.status.is_done()
                    || matches!(state, JournalState::Done { .. })
                    || self.ledger.was_accepted(&subject)
                {
                    landed.push(named);
                } else if matches!(state, JournalState::Intent { .. }) {
                    uncertain.push(named);
                }
            }
        }
        (landed, uncertain)
    }

    fn emit(&self, event: &Event) {
        (self.events)(event);
    }

    fn now(&self) -> Timestamp {
        self.options.clock.now()
    }

    fn since(&self, started: Timestamp) -> Duration {
        Duration::try_from(self.now().duration_since(started)).unwrap_or_default()
    }

    fn moment(&self) -> Moment {
        Moment {
            now: self.now(),
            chance: chance(),
        }
    }

    /// Whether the run was asked to stop; whoever sees it first says so.
    fn is_interrupted(&self) -> bool {
        let is_interrupted = *self.options.interrupt.borrow();
        if is_interrupted {
            self.interrupting
                .call_once(|| self.emit(&Event::Interrupting));
        }
        is_interrupted
    }

    /// Returns once the run was asked to stop, and else never.
    async fn interrupted(&self) {
        turns_true(self.options.interrupt.clone()).await;
        self.is_interrupted();
    }

    fn is_stopping(&self) -> bool {
        self.is_interrupted() || *self.halt.borrow()
    }

    /// Nothing new begins from here on.
    fn halt(&self) {
        self.halt.send_replace(true);
    }

    /// Returns once nothing new shall begin, and else never.
    async fn stopping(&self) {
        tokio::select! {
            () = self.interrupted() => {}
            () = turns_true(self.halt.subscribe()) => {}
        }
    }

    /// Waits; less when the run shall stop before.
    async fn pause(&self, duration: Duration, may_be_cut: bool) {
        if duration.is_zero() {
            return;
        }
        let sleep = self.options.clock.sleep(duration);
        if may_be_cut {
            tokio::select! {
                () = sleep => {}
                () = self.stopping() => {}
            }
        } else {
            sleep.await;
        }
    }

    /// Does something that may take at most `grace` once somebody interrupts the run.
    async fn with_grace<T>(&self, grace: Duration, work: impl Future<Output = T>) -> Option<T> {
        let cut = async {
            self.interrupted().await;
            self.options.clock.sleep(grace).await;
        };
        tokio::select! {
            biased;
            done = work => Some(done),
            () = cut => None,
        }
    }
}

/// Returns once the flag is set; never, when it never will be.
async fn turns_true(mut flag: watch::Receiver<bool>) {
    if flag.wait_for(|set| *set).await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// Runs futures concurrently, up to `jobs` at a time; results come in the order of the futures.
async fn in_order<T>(futures: Vec<BoxFuture<'_, T>>, jobs: usize) -> Vec<T> {
    let mut waiting = futures.into_iter().enumerate();
    let mut running = FuturesUnordered::new();
    let mut done = Vec::new();
    loop {
        // A slow one must not keep those behind it from starting.
        while running.len() < jobs.max(1) {
            let Some((number, future)) = waiting.next() else {
                break;
            };
            running.push(numbered(number, future));
        }
        let Some(result) = running.next().await else {
            break;
        };
        done.push(result);
    }
    done.sort_by_key(|(number, _)| *number);
    done.into_iter().map(|(_, result)| result).collect()
}

async fn numbered<T>(number: usize, future: BoxFuture<'_, T>) -> (usize, T) {
    (number, future.await)
}

fn subject(step: &Step, unit: &crate::step::UnitId) -> Subject {
    Subject {
        step: step.id.clone(),
        unit: unit.clone(),
        key: step.key,
    }
}

fn unit_report(unit: &Unit, status: UnitStatus) -> UnitReport {
    UnitReport {
        id: unit.id.clone(),
        title: unit.title.clone(),
        status,
        evidence: Evidence::new(),
        duration: Duration::ZERO,
    }
}

fn not_reached(step: &Step) -> StepReport {
    StepReport {
        id: step.id.clone(),
        title: step.title.clone(),
        status: StepStatus::NotReached,
        units: step
            .units()
            .map(|unit| unit_report(unit, UnitStatus::NotReached))
            .collect(),
        duration: Duration::ZERO,
    }
}

/// What the units of a step mean for the run: the gravest failure decides.
fn worst(units: &[UnitReport]) -> Outcome {
    let failure = units
        .iter()
        .filter_map(|unit| match &unit.status {
            UnitStatus::Failed(failure) => Some(failure),
            _ => None,
        })
        .min_by_key(|failure| gravity(failure.class));
    match failure {
        Some(failure) => Outcome::Stopped(failure.clone()),
        None if units.iter().all(|unit| unit.status.is_done()) => Outcome::Done,
        None => Outcome::Interrupted,
    }
}

fn gravity(class: FailureClass) -> u8 {
    match class {
        FailureClass::Damaged => 0,
        FailureClass::Conflict => 1,
        FailureClass::Machine => 2,
        FailureClass::Unauthorised => 3,
        FailureClass::Ambiguous => 4,
        FailureClass::Unreachable | FailureClass::Transient { .. } => 5,
        FailureClass::Waiting => 6,
        FailureClass::Refused => 7,
    }
}

/// A number from 0 to 1; the middle where the system has no randomness to give.
fn chance() -> f64 {
    let mut bytes = [0; 4];
    match getrandom::fill(&mut bytes) {
        Ok(()) => f64::from(u32::from_le_bytes(bytes)) / f64::from(u32::MAX),
        Err(_) => 0.5,
    }
}

#[cfg(test)]
mod tests;
