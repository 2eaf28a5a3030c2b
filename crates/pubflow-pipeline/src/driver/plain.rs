//! Steps that change no remote: skipped when they were done with the same inputs, else run.

use std::time::Duration;

use super::{Running, in_order, subject, unit_report};
use crate::event::{Event, Reporter};
use crate::failure::{Failure, FailureClass};
use crate::journal::{Entry, How};
use crate::reconcile::JournalState;
use crate::report::{UnitReport, UnitStatus};
use crate::step::{BoxFuture, Evidence, Kind, Step, Unit};

impl Running<'_> {
    pub(super) async fn run_plain(&self, step: &Step) -> Vec<UnitReport> {
        let mut reports: Vec<UnitReport> = Vec::new();
        for wave in &step.waves {
            let may_begin = reports.iter().all(|report| report.status.is_done());
            let mut ends: Vec<BoxFuture<'_, UnitReport>> = Vec::new();
            for unit in wave {
                ends.push(Box::pin(self.run_unit(step, unit, may_begin)));
            }
            let done = in_order(ends, step.jobs).await;
            reports.extend(done);
        }
        reports
    }

    /// A unit that fails does not keep the others of its wave from running, so that one run shows
    /// everything that a gate has to say.
    async fn run_unit(&self, step: &Step, unit: &Unit, may_begin: bool) -> UnitReport {
        if self.is_interrupted() {
            return unit_report(unit, UnitStatus::Interrupted);
        }
        if !may_begin {
            return unit_report(unit, UnitStatus::NotReached);
        }
        let started = self.now();
        let (status, evidence) = match self.ledger.state(&subject(step, &unit.id)) {
            JournalState::Done { evidence } if step.kind != Kind::Probe => {
                (UnitStatus::Skipped, evidence)
            }
            _ => match self.try_unit(step, unit).await {
                Some(Ok(evidence)) => (UnitStatus::Done, evidence),
                Some(Err(failure)) => (UnitStatus::Failed(failure), Evidence::new()),
                None => (UnitStatus::Interrupted, Evidence::new()),
            },
        };
        let duration = self.since(started);
        self.emit(&Event::UnitFinished {
            step: step.id.clone(),
            unit: unit.id.clone(),
            status: status.clone(),
            evidence: evidence.clone(),
            duration,
        });
        UnitReport {
            evidence,
            duration,
            ..unit_report(unit, status)
        }
    }

    async fn try_unit(&self, step: &Step, unit: &Unit) -> Option<Result<Evidence, Failure>> {
        let reporter = Reporter::new(self.events.clone(), step.id.clone(), unit.id.clone());
        let policy = &self.options.policy;
        // A probe may be cut at any time; what writes to this machine should come to its end.
        let grace = match step.kind {
            Kind::Probe => Duration::ZERO,
            Kind::Pure | Kind::Local | Kind::Gate | Kind::Effect(_) => policy.interrupt_grace,
        };
        let mut attempt = 0;
        loop {
            attempt += 1;
            self.emit(&Event::UnitStarted {
                step: step.id.clone(),
                unit: unit.id.clone(),
                title: unit.title.clone(),
                attempt,
            });
            let result = self
                .with_grace(grace, step.work.act(unit, &reporter))
                .await?;
            if let Err(failure) = self.write_result(step, unit, &result).await {
                return Some(Err(failure));
            }
            let Err(failure) = result else {
                return Some(result);
            };
            // No remote was to be changed, so an unclear end may be tried again like any other.
            let after = match failure.class {
                FailureClass::Transient { after } => after.unwrap_or_default(),
                FailureClass::Ambiguous => Duration::ZERO,
                _ => return Some(Err(failure)),
            };
            let backoff = policy.act.delay(attempt, self.moment().chance);
            let after = after.max(backoff);
            if attempt >= policy.act.tries || after > policy.longest_asked {
                return Some(Err(Failure {
                    class: FailureClass::Unreachable,
                    ..failure
                }));
            }
            let (step, unit) = (step.id.clone(), unit.id.clone());
            self.emit(&Event::Retrying {
                step,
                unit,
                after,
                why: failure,
            });
            self.pause(after, true).await;
            if self.is_interrupted() {
                return None;
            }
        }
    }

    async fn write_result(
        &self,
        step: &Step,
        unit: &Unit,
        result: &Result<Evidence, Failure>,
    ) -> Result<(), Failure> {
        let subject = subject(step, &unit.id);
        let entry = match result {
            Ok(evidence) => Entry::Done {
                subject,
                how: How::Acted,
                evidence: evidence.clone(),
            },
            Err(failure) => Entry::Failed {
                subject,
                class: failure.class.name().to_owned(),
                left_nothing: failure.class.left_nothing(),
                message: failure.report.message.clone(),
                evidence: failure.evidence.clone(),
            },
        };
        self.ledger.append(entry).await
    }
}
