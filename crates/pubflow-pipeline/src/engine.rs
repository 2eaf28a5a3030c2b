//! The pure core: what one unit of an effect does next.
//!
//! No clock, no remote, no disk: what happened goes in, a [`Decision`] comes out. The driver carries
//! it out and reports back. Journal and remote are compared by [`reconcile`]; what is added here is
//! patience: how often, how long, and when to give up.

mod words;

use std::time::Duration;

use jiff::Timestamp;

use crate::failure::{Failure, FailureClass};
use crate::journal::How;
use crate::reconcile::{Action, JournalState, Observed, reconcile};
use crate::retry::Policy;
use crate::step::Evidence;

pub(crate) use words::Names;

/// A moment: the time, and a number drawn from 0 to 1 for waits that must not be in step with
/// those of others.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Moment {
    pub(crate) now: Timestamp,
    pub(crate) chance: f64,
}

/// Why the remote is looked at again after a wait.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Because {
    /// It was not looked at yet.
    First,
    /// It was done, and does not show yet.
    NotVisible,
    /// An earlier intent may still come to show.
    Settling,
    /// Something failed and may pass.
    Failed(Failure),
}

/// What one unit does next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Decision {
    /// Wait, then look at the remote.
    Observe { after: Duration, because: Because },
    /// Write the intent, then act.
    Act,
    /// Write down that it is done.
    Record(How),
    /// It is done, and the journal knows.
    Skip,
    /// Give up.
    Stop(Failure),
    /// Leave it as it is; the run was asked to stop.
    Interrupted,
}

/// One unit of an effect, from the first look to its end.
#[derive(Debug)]
pub(crate) struct EffectRun<'a> {
    policy: &'a Policy,
    names: Names<'a>,
    journal: JournalState,
    /// What the journal knew before the latest act.
    before_act: JournalState,
    accepted: Option<Evidence>,
    n_acts: u32,
    n_looks: u32,
    n_failed_looks: u32,
    last_failure: Option<Failure>,
    deadline: Option<Timestamp>,
    settled_at: Option<Timestamp>,
    grace_until: Option<Timestamp>,
}

impl<'a> EffectRun<'a> {
    pub(crate) fn new(policy: &'a Policy, names: Names<'a>, journal: JournalState) -> Self {
        Self {
            policy,
            names,
            journal,
            before_act: JournalState::Nothing,
            accepted: None,
            n_acts: 0,
            n_looks: 0,
            n_failed_looks: 0,
            last_failure: None,
            deadline: None,
            settled_at: None,
            grace_until: None,
        }
    }

    /// The first decision.
    pub(crate) fn start(&self) -> Decision {
        Decision::Observe {
            after: Duration::ZERO,
            because: Because::First,
        }
    }

    /// What the act left behind, once the remote accepted it.
    pub(crate) fn accepted(&self) -> Option<&Evidence> {
        self.accepted.as_ref()
    }

    /// How often it was acted in this run.
    pub(crate) fn n_acts(&self) -> u32 {
        self.n_acts
    }

    /// The run shall end: nothing new is begun, and what was begun is looked at for a while.
    pub(crate) fn interrupt(&mut self, now: Timestamp) {
        self.grace_until
            .get_or_insert(later(now, self.policy.interrupt_grace));
    }

    /// How long an interrupted unit may still go on, if it may.
    pub(crate) fn grace_left(&self, now: Timestamp) -> Option<Duration> {
        let until = self.grace_until.filter(|_| self.n_acts > 0)?;
        (now < until).then(|| between(now, until))
    }

    /// The intent is on disk and the work begins.
    pub(crate) fn acting(&mut self, now: Timestamp) {
        self.n_acts += 1;
        self.n_looks = 0;
        self.settled_at = None;
        self.deadline = None;
        let intent = JournalState::Intent { at: now };
        self.before_act = std::mem::replace(&mut self.journal, intent);
    }

    /// The work ended.
    pub(crate) fn acted(&mut self, result: Result<Evidence, Failure>, at: Moment) -> Decision {
        let failure = match result {
            Ok(evidence) => {
                self.accepted = Some(evidence);
                self.deadline = Some(later(at.now, self.policy.visible_within));
                return self.look(Duration::ZERO, Because::First, at.now);
            }
            Err(failure) => failure,
        };
        self.last_failure = Some(failure.clone());
        self.journal = match failure.class.left_nothing() {
            // That says nothing about tries before, which may still come to show.
            true => self.before_act.clone(),
            // From here counts how long the remote may still be busy with it.
            false => JournalState::Intent { at: at.now },
        };
        match failure.class {
            FailureClass::Transient { after } => {
                let backoff = self.policy.act.delay(self.n_acts, at.chance);
                let after = after.unwrap_or_default().max(backoff);
                let spent = self.n_acts >= self.policy.act.tries;
                if spent || after > self.policy.longest_asked {
                    return Decision::Stop(self.names.gave_up(&failure, self.n_acts));
                }
                self.look(after, Because::Failed(failure), at.now)
            }
            FailureClass::Ambiguous => self.look(Duration::ZERO, Because::Failed(failure), at.now),
            FailureClass::Refused
            | FailureClass::Unauthorised
            | FailureClass::Conflict
            | FailureClass::Waiting
            | FailureClass::Unreachable
            | FailureClass::Machine
            | FailureClass::Damaged => Decision::Stop(failure),
        }
    }

    /// The remote was looked at.
    pub(crate) fn observed(&mut self, observed: &Observed, at: Moment) -> Decision {
        if !matches!(observed, Observed::Unknown(_)) {
            self.n_failed_looks = 0;
        }
        if self.accepted.is_some() {
            return self.observed_after_accepted(observed, at);
        }
        match reconcile(&self.journal, observed) {
            Action::Act => self.act(),
            Action::ActAgain { intent_at } => self.act_when_settled(intent_at, at),
            Action::Adopt => Decision::Record(How::Adopted),
            Action::Record => Decision::Record(How::Confirmed),
            Action::Skip => Decision::Skip,
            Action::Conflict { found } => Decision::Stop(self.names.conflict(&found)),
            Action::Alarm { found } => Decision::Stop(self.names.alarm(&found)),
            Action::Drift => {
                let gone = self.names.gone();
                self.look_again_until(self.policy.visible_within, Because::NotVisible, gone, at)
            }
            Action::AskAgain(failure) => {
                if self.n_failed_looks + 1 >= self.policy.observe.tries {
                    let tries = self.n_failed_looks + 1;
                    return Decision::Stop(self.names.unobservable(&failure, tries));
                }
                self.ask_again(failure, at)
            }
            Action::Wait(failure) => {
                let until = *self
                    .deadline
                    .get_or_insert(later(at.now, self.policy.wait_within));
                self.ask_again_until(until, failure, at)
            }
        }
    }

    fn observed_after_accepted(&mut self, observed: &Observed, at: Moment) -> Decision {
        match observed {
            Observed::Identical => Decision::Record(How::Acted),
            Observed::Different { found } => Decision::Stop(self.names.conflict(found)),
            Observed::Absent => {
                let unseen = self.names.unseen(self.policy.visible_within);
                self.look_again_until(self.policy.visible_within, Because::NotVisible, unseen, at)
            }
            Observed::Unknown(failure) => {
                let until = *self
                    .deadline
                    .get_or_insert(later(at.now, self.policy.visible_within));
                self.ask_again_until(until, failure.clone(), at)
            }
        }
    }

    fn act(&self) -> Decision {
        if self.grace_until.is_some() {
            return Decision::Interrupted;
        }
        match &self.last_failure {
            Some(failure) if self.n_acts >= self.policy.act.tries => {
                Decision::Stop(self.names.gave_up(failure, self.n_acts))
            }
            _ => Decision::Act,
        }
    }

    fn act_when_settled(&mut self, intent_at: Timestamp, at: Moment) -> Decision {
        let settle = self.policy.settle;
        // A clock that was set back, or another machine's, must not make this wait longer.
        let settled_at = *self
            .settled_at
            .get_or_insert(later(intent_at, settle).min(later(at.now, settle)));
        if at.now >= settled_at {
            return self.act();
        }
        let after = self.poll_delay().min(between(at.now, settled_at));
        self.look(after, Because::Settling, at.now)
    }

    fn look_again_until(
        &mut self,
        within: Duration,
        because: Because,
        otherwise: Failure,
        at: Moment,
    ) -> Decision {
        let until = *self.deadline.get_or_insert(later(at.now, within));
        if at.now >= until {
            return Decision::Stop(otherwise);
        }
        let after = self.poll_delay().min(between(at.now, until));
        self.look(after, because, at.now)
    }

    fn ask_again_until(&mut self, until: Timestamp, failure: Failure, at: Moment) -> Decision {
        if at.now >= until {
            return Decision::Stop(self.names.unobservable(&failure, self.n_failed_looks + 1));
        }
        self.ask_again(failure, at)
    }

    fn ask_again(&mut self, failure: Failure, at: Moment) -> Decision {
        let asked = match failure.class {
            FailureClass::Transient { after } => after.unwrap_or_default(),
            FailureClass::Ambiguous | FailureClass::Unreachable | FailureClass::Waiting => {
                Duration::ZERO
            }
            FailureClass::Refused
            | FailureClass::Unauthorised
            | FailureClass::Conflict
            | FailureClass::Machine
            | FailureClass::Damaged => return Decision::Stop(failure),
        };
        if asked > self.policy.longest_asked {
            return Decision::Stop(self.names.unobservable(&failure, self.n_failed_looks + 1));
        }
        self.n_failed_looks += 1;
        let after = asked.max(self.policy.observe.delay(self.n_failed_looks, at.chance));
        self.look(after, Because::Failed(failure), at.now)
    }

    /// Looks quickly at first, then ever more rarely.
    fn poll_delay(&mut self) -> Duration {
        let doublings = self.n_looks.min(16);
        self.n_looks += 1;
        self.policy
            .first_poll
            .saturating_mul(1 << doublings)
            .min(self.policy.poll)
    }

    fn look(&self, after: Duration, because: Because, now: Timestamp) -> Decision {
        match (self.grace_until, self.grace_left(now)) {
            (None, _) => Decision::Observe { after, because },
            (Some(_), Some(left)) => Decision::Observe {
                after: after.min(left),
                because,
            },
            (Some(_), None) => Decision::Interrupted,
        }
    }
}

fn later(from: Timestamp, by: Duration) -> Timestamp {
    from.checked_add(by).unwrap_or(Timestamp::MAX)
}

fn between(from: Timestamp, until: Timestamp) -> Duration {
    Duration::try_from(until.duration_since(from)).unwrap_or_default()
}

#[cfg(test)]
mod tests;
