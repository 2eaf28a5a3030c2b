//! The words for what the engine itself has to say: what, where, why, next.

use std::time::Duration;

use crate::failure::{Failure, FailureClass, Report};
use crate::step::{StepId, UnitId};

/// The names that the engine's words need.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Names<'a> {
    pub(crate) step: &'a StepId,
    pub(crate) unit: &'a UnitId,
}

const RESUME: &str = "run `pubflow resume`";

impl Names<'_> {
    fn place(&self) -> String {
        format!("step `{}`, unit `{}`", self.step, self.unit)
    }

    fn report(&self, code: &str, message: String) -> Report {
        Report::new(message).code(code).place(self.place())
    }

    /// Other bytes stand where ours should go.
    pub(crate) fn conflict(&self, found: &str) -> Failure {
        let message = format!("something else stands in the place of `{}`", self.unit);
        let report = self
            .report("E505", message)
            .why(format!("found {found}; ours was never seen there"))
            .next("raise the version, build again, and publish that; nothing was overwritten");
        Failure::new(FailureClass::Conflict, report)
    }

    /// Ours was there, and now other bytes are.
    pub(crate) fn alarm(&self, found: &str) -> Failure {
        let message = format!("`{}` is not ours any more", self.unit);
        let report = self
            .report("E506", message)
            .why(format!("the journal says that ours was seen there, and now there is {found}"))
            .next("find out who can write to the remote before anything else, and have what was replaced yanked there");
        Failure::new(FailureClass::Conflict, report)
    }

    /// Ours was there, and now nothing is.
    pub(crate) fn gone(&self) -> Failure {
        let message = format!("`{}` is gone", self.unit);
        let report = self
            .report("E507", message)
            .why("the journal says that it was seen there, and now it is not; nothing is sent again by itself")
            .next("find out who removed it; to publish again, raise the version");
        Failure::new(FailureClass::Waiting, report)
    }

    /// It was accepted and does not show.
    pub(crate) fn unseen(&self, within: Duration) -> Failure {
        let message = format!("`{}` was accepted and is not visible yet", self.unit);
        let report = self
            .report("E503", message)
            .why(format!(
                "the remote did not show it within {} s",
                within.as_secs()
            ))
            .next(format!(
                "{RESUME} in some minutes; it looks again and sends nothing twice"
            ));
        Failure::new(FailureClass::Waiting, report)
    }

    /// The remote could not be looked at.
    pub(crate) fn unobservable(&self, cause: &Failure, tries: u32) -> Failure {
        let message = format!("nobody could tell whether `{}` is there", self.unit);
        self.unreachable("E501", message, cause, tries)
    }

    /// Acting failed as often as it may.
    pub(crate) fn gave_up(&self, cause: &Failure, tries: u32) -> Failure {
        let message = format!("`{}` could not be brought there", self.unit);
        let mut failure = self.unreachable("E502", message, cause, tries);
        if cause.class == FailureClass::Ambiguous {
            failure.class = FailureClass::Ambiguous;
        }
        failure
    }

    fn unreachable(&self, code: &str, message: String, cause: &Failure, tries: u32) -> Failure {
        let mut why = cause.report.message.clone();
        if let Some(deeper) = &cause.report.why {
            why.push_str(&format!(": {deeper}"));
        }
        let times = if tries == 1 {
            "1 try".to_owned()
        } else {
            format!("{tries} tries")
        };
        let report = self
            .report(code, message)
            .why(format!("{why} (after {times})"))
            .next(match &cause.report.next {
                Some(next) if says_how_to_go_on(next) => next.clone(),
                Some(next) => format!("{next}, then {RESUME}"),
                None => format!("{RESUME} once the remote answers again"),
            });
        Failure::new(FailureClass::Unreachable, report)
    }

    /// Nobody said yes.
    pub(crate) fn unconfirmed(step: &StepId, title: &str) -> Failure {
        let report = Report::new(format!("`{title}` was not confirmed"))
            .code("E504")
            .place(format!("step `{step}`"))
            .why("this step asks before it changes anything, and the answer was no; nothing of it was sent")
            .next("run `pubflow resume` and answer yes, or give --yes");
        Failure::new(FailureClass::Waiting, report)
    }
}

/// Whether a next step ends in running something already, so that it needs no second ending.
fn says_how_to_go_on(next: &str) -> bool {
    next.contains(RESUME) || next.contains("run the command again")
}
