//! Steps that change a remote: look at every unit first, ask once, then act wave by wave.

use std::time::Duration;

use jiff::Timestamp;

use super::{Answer, Running, in_order, subject, unit_report};
use crate::engine::{Because, Decision, EffectRun, Names};
use crate::event::{Event, Reporter};
use crate::failure::Failure;
use crate::journal::{Entry, How};
use crate::reconcile::JournalState;
use crate::report::{UnitReport, UnitStatus};
use crate::step::{BoxFuture, Evidence, Step, Unit};

/// One unit on its way.
struct Unfinished<'a> {
    unit: &'a Unit,
    run: EffectRun<'a>,
    started: Timestamp,
    decision: Decision,
}

/// How far a unit is brought in one go.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Until {
    /// Until it is known whether it has to be acted on.
    Decided,
    /// Until its end.
    Ended,
}

impl Running<'_> {
    pub(super) async fn run_effect(&self, step: &Step) -> Vec<UnitReport> {
        let mut surveyed = self.survey_units(step).await;
        let may_act = self.may_act(step, &surveyed).await;
        let mut reports = Vec::new();
        // Units that are ended, or cannot begin any more, are reported as they are.
        for wave in &step.waves {
            let rest = surveyed.split_off(wave.len());
            let wave = std::mem::replace(&mut surveyed, rest);
            let mut ends: Vec<BoxFuture<'_, UnitReport>> = Vec::new();
            for unit in wave {
                ends.push(Box::pin(self.finish_unit(step, unit, may_act.as_ref())));
            }
            let done = in_order(ends, step.jobs).await;
            reports.extend(done);
        }
        reports
    }

    /// Looks at every unit before anything is sent: a conflict in the last one stops the first.
    async fn survey_units<'s>(&'s self, step: &'s Step) -> Vec<Unfinished<'s>> {
        let mut decisions: Vec<BoxFuture<'s, Unfinished<'s>>> = Vec::new();
        for unit in step.units() {
            decisions.push(Box::pin(self.survey_unit(step, unit)));
        }
        in_order(decisions, step.jobs).await
    }

    async fn survey_unit<'s>(&'s self, step: &'s Step, unit: &'s Unit) -> Unfinished<'s> {
        let names = Names {
            step: &step.id,
            unit: &unit.id,
        };
        let state = self.ledger.state(&subject(step, &unit.id));
        let run = EffectRun::new(&self.options.policy, names, state);
        let decision = run.start();
        let unfinished = Unfinished {
            unit,
            run,
            started: self.now(),
            decision,
        };
        self.drive(step, unfinished, Until::Decided).await
    }

    /// Whether units of this step may be acted on; asks where that is to be asked.
    async fn may_act(&self, step: &Step, units: &[Unfinished<'_>]) -> Result<(), Option<Failure>> {
        let stops = |unit: &Unfinished<'_>| {
            matches!(unit.decision, Decision::Stop(_) | Decision::Interrupted)
        };
        if units.iter().any(stops) || self.is_stopping() {
            return Err(None);
        }
        let acts = units.iter().any(|unit| unit.decision == Decision::Act);
        let Some(confirmation) = step.confirm.as_ref().filter(|_| acts) else {
            return Ok(());
        };
        let answer = tokio::select! {
            answer = self.options.consent.ask(&step.id, confirmation) => answer,
            () = self.stopping() => return Err(None),
        };
        match answer {
            Answer::Yes => Ok(()),
            Answer::No => Err(Some(Names::unconfirmed(&step.id, &step.title))),
        }
    }

    async fn finish_unit(
        &self,
        step: &Step,
        mut unit: Unfinished<'_>,
        may_act: Result<&(), &Option<Failure>>,
    ) -> UnitReport {
        if unit.decision == Decision::Act {
            if let Err(refusal) = may_act {
                let status = match refusal {
                    Some(failure) => UnitStatus::Failed(failure.clone()),
                    None if self.is_interrupted() => UnitStatus::Interrupted,
                    None => UnitStatus::NotReached,
                };
                return unit_report(unit.unit, status);
            }
            if self.is_interrupted() {
                return unit_report(unit.unit, UnitStatus::Interrupted);
            }
            if self.is_stopping() {
                return unit_report(unit.unit, UnitStatus::NotReached);
            }
            // Every other decision was carried out, and journaled, when the unit was looked at.
            unit = self.drive(step, unit, Until::Ended).await;
        }
        let report = self.report_unit(step, unit);
        if !report.status.is_done() {
            self.halt();
        }
        self.emit(&Event::UnitFinished {
            step: step.id.clone(),
            unit: report.id.clone(),
            status: report.status.clone(),
            evidence: report.evidence.clone(),
            duration: report.duration,
        });
        report
    }

    fn report_unit(&self, step: &Step, unfinished: Unfinished<'_>) -> UnitReport {
        let Unfinished {
            unit,
            run,
            started,
            decision,
        } = unfinished;
        let status = match decision {
            Decision::Record(How::Acted) => UnitStatus::Done,
            Decision::Record(How::Confirmed) => UnitStatus::Confirmed,
            Decision::Record(How::Adopted) => UnitStatus::Adopted,
            Decision::Skip => UnitStatus::Skipped,
            Decision::Stop(failure) => UnitStatus::Failed(failure),
            Decision::Interrupted | Decision::Observe { .. } | Decision::Act => {
                UnitStatus::Interrupted
            }
        };
        let evidence = match self.ledger.state(&subject(step, &unit.id)) {
            JournalState::Done { evidence } => evidence,
            JournalState::Nothing | JournalState::Intent { .. } => {
                run.accepted().cloned().unwrap_or_default()
            }
        };
        let duration = self.since(started);
        UnitReport {
            evidence,
            duration,
            ..unit_report(unit, status)
        }
    }

    /// Carries out decisions until the unit is where it was to be brought.
    async fn drive<'s>(
        &self,
        step: &Step,
        mut unfinished: Unfinished<'s>,
        until: Until,
    ) -> Unfinished<'s> {
        loop {
            let unit = unfinished.unit;
            let run = &mut unfinished.run;
            unfinished.decision = match unfinished.decision {
                Decision::Observe { after, because } => {
                    self.tell(step, unit, after, because);
                    self.look(step, unit, run, after).await
                }
                Decision::Act if until == Until::Ended => self.act(step, unit, run).await,
                Decision::Record(how) => {
                    unfinished.decision = self.record(step, unit, run, how).await;
                    return unfinished;
                }
                ended @ (Decision::Act
                | Decision::Skip
                | Decision::Stop(_)
                | Decision::Interrupted) => {
                    unfinished.decision = ended;
                    return unfinished;
                }
            };
        }
    }

    async fn look(
        &self,
        step: &Step,
        unit: &Unit,
        run: &mut EffectRun<'_>,
        after: Duration,
    ) -> Decision {
        self.pause(after, run.grace_left(self.now()).is_none())
            .await;
        self.pass_on_interrupt(run);
        if self.is_stopping() && run.grace_left(self.now()).is_none() {
            return Decision::Interrupted;
        }
        // What was begun is worth waiting for, a first look is not.
        let grace = match run.n_acts() {
            0 => Duration::ZERO,
            _ => self.options.policy.interrupt_grace,
        };
        let Some(observed) = self.with_grace(grace, step.work.observe(unit)).await else {
            return Decision::Interrupted;
        };
        self.pass_on_interrupt(run);
        let (id, unit) = (step.id.clone(), unit.id.clone());
        self.emit(&Event::Observed {
            step: id,
            unit,
            observed: observed.clone(),
        });
        run.observed(&observed, self.moment())
    }

    async fn act(&self, step: &Step, unit: &Unit, run: &mut EffectRun<'_>) -> Decision {
        if self.is_stopping() {
            return Decision::Interrupted;
        }
        let subject = subject(step, &unit.id);
        // Nothing is sent unless this is on disk.
        if let Err(failure) = self.ledger.append(Entry::Intent(subject.clone())).await {
            return Decision::Stop(failure);
        }
        run.acting(self.now());
        self.emit(&Event::UnitStarted {
            step: step.id.clone(),
            unit: unit.id.clone(),
            title: unit.title.clone(),
            attempt: run.n_acts(),
        });
        let reporter = Reporter::new(self.events.clone(), step.id.clone(), unit.id.clone());
        let grace = self.options.policy.interrupt_grace;
        let result = self.with_grace(grace, step.work.act(unit, &reporter)).await;
        self.pass_on_interrupt(run);
        let Some(result) = result else {
            return Decision::Interrupted;
        };
        match &result {
            Ok(_) => self.ledger.accept(subject),
            Err(failure) => {
                let entry = Entry::Failed {
                    subject,
                    class: failure.class.name().to_owned(),
                    left_nothing: failure.class.left_nothing(),
                    message: failure.report.message.clone(),
                    evidence: failure.evidence.clone(),
                };
                if let Err(failure) = self.ledger.append(entry).await {
                    return Decision::Stop(failure);
                }
            }
        }
        run.acted(result, self.moment())
    }

    async fn record(&self, step: &Step, unit: &Unit, run: &EffectRun<'_>, how: How) -> Decision {
        let evidence = run.accepted().cloned().unwrap_or_else(|| seen(unit));
        let subject = subject(step, &unit.id);
        match self
            .ledger
            .append(Entry::Done {
                subject,
                how,
                evidence,
            })
            .await
        {
            Ok(()) => {
                if how == How::Adopted {
                    let (step, unit) = (step.id.clone(), unit.id.clone());
                    self.emit(&Event::Adopted { step, unit });
                }
                Decision::Record(how)
            }
            Err(failure) => Decision::Stop(failure),
        }
    }

    fn tell(&self, step: &Step, unit: &Unit, after: Duration, because: Because) {
        let (step, unit) = (step.id.clone(), unit.id.clone());
        match because {
            Because::First => {}
            Because::NotVisible | Because::Settling => {
                self.emit(&Event::NotVisibleYet { step, unit, after });
            }
            Because::Failed(why) => self.emit(&Event::Retrying {
                step,
                unit,
                after,
                why,
            }),
        }
    }

    fn pass_on_interrupt(&self, run: &mut EffectRun<'_>) {
        if self.is_stopping() {
            run.interrupt(self.now());
        }
    }
}

/// Evidence of something that was there before this run could act.
fn seen(unit: &Unit) -> Evidence {
    match &unit.identity {
        Some(sha256) => Evidence::new().with("sha256", sha256.to_string()),
        None => Evidence::new(),
    }
}
