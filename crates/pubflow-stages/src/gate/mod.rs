//! Gates: what has to be true of the source before anything is sent. A gate runs a command or reads a
//! report, counts what it says, and compares that with thresholds.
//!
//! A result is kept under a key of commit, worktree and settings, so it is taken again only while all
//! three are the same. Gates that only read something are asked every time.

mod attempt;
mod checklist;
mod judge;
mod presets;
mod report;
mod settings;
mod soak;
mod source;
mod todo;
mod window;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use pubflow_pipeline::{
    BoxFuture, Evidence, Failure, FailureClass, Kind, Report, Reporter, Step, StepId, Unit, UnitId,
    Work, step_key,
};
use pubflow_process::{Cancel, Exit, Inherited, ProcessError, log_tail};
use pubflow_spec::Sha256;

use crate::verify::in_background;

use attempt::{Attempt, AttemptError, attempt, read_report};
use judge::{Judgement, judge};
use report::{Measured, ReportError};

pub use checklist::{
    Answer, AnsweredBy, CHECKLIST, ChecklistItem, ChecklistStage, DECISION, Decision,
    with_conditions,
};
pub use presets::presets;
pub use report::{FORMATS, Format, Kind as ReportKind};
pub use settings::{
    CommandGate, Flaky, Gate, GateWork, Rating, ReportSource, ReportSourceError, TIMEOUT,
    Thresholds,
};
pub use soak::{PRE_RELEASE, SOAK, Soak, SoakStage};
pub use source::{SourceError, SourceState};

pub use window::{WINDOW, Window, WindowError, WindowStage};

pub(crate) const NAME: &str = "gate";

/// Lines of output that are shown when a command fails.
const TAIL_LINES: usize = 15;

/// Where gates work, and what their results depend on.
#[derive(Debug, Clone)]
pub struct GateRoom {
    /// The project's directory; commands run in it.
    pub project: PathBuf,
    /// The state of the source.
    pub source: SourceState,
    /// Where what commands print is kept; nowhere when none is given.
    pub logs: Option<PathBuf>,
    /// What pubflow was started with.
    pub inherited: Inherited,
}

impl GateRoom {
    /// Reads the state of the source for `gates`. Blocks.
    ///
    /// # Errors
    /// [`SourceError`].
    pub fn open(
        project: &Path,
        gates: &[Gate],
        logs: Option<PathBuf>,
        inherited: &Inherited,
    ) -> Result<Self, SourceError> {
        let outputs = gates.iter().filter_map(|gate| gate.report());
        let outputs: Vec<PathBuf> = outputs.map(|report| PathBuf::from(&report.file)).collect();
        Ok(Self {
            project: project.to_owned(),
            source: SourceState::read(project, &outputs, inherited)?,
            logs,
            inherited: inherited.clone(),
        })
    }
}

/// One gate at work.
pub struct GateStage {
    gate: Gate,
    room: GateRoom,
}

/// What a look ended with.
enum Seen {
    Judged(Judgement),
    /// Nothing could be judged, and why; with the evidence so far.
    Broken(String, Evidence),
    /// This machine cannot look.
    Machine(String),
}

impl GateStage {
    /// The step `gate:NAME`; one unit.
    #[must_use]
    pub fn step(gate: &Gate, room: &GateRoom) -> Step {
        let title = gate.title();
        let unit = Unit {
            id: UnitId::new(gate.name.as_str()),
            title: title.clone(),
            identity: None,
        };
        let kind = match gate.work {
            GateWork::Command(_) | GateWork::Todo { .. } => Kind::Gate,
            // Whoever wrote the report may write it again.
            GateWork::Report(_) => Kind::Probe,
        };
        Step {
            id: gate.step(),
            title,
            kind,
            key: key(gate, &room.source),
            waves: vec![vec![unit]],
            jobs: 1,
            confirm: None,
            work: Arc::new(Self {
                gate: gate.clone(),
                room: room.clone(),
            }),
        }
    }

    async fn look(&self, reporter: &Reporter) -> Result<Evidence, Failure> {
        let log = self.log();
        let (gate, room, log_path) = (self.gate.clone(), self.room.clone(), log.clone());
        let seen =
            in_background(move |cancel| see(&gate, &room, log_path.as_deref(), cancel)).await;
        match seen {
            Ok(Seen::Judged(judgement)) => self.settle(judgement, log.as_deref(), reporter),
            Ok(Seen::Broken(why, evidence)) => {
                let judgement = Judgement {
                    faults: vec![why],
                    evidence,
                    ..Judgement::default()
                };
                self.settle(judgement, log.as_deref(), reporter)
            }
            Ok(Seen::Machine(why)) => Err(self.machine(why)),
            Err(_) => Err(self.machine("the look was cut short".to_owned())),
        }
    }

    /// The log of this gate's command, without what an earlier run printed.
    fn log(&self) -> Option<PathBuf> {
        let log = self
            .room
            .logs
            .as_ref()?
            .join(format!("gate-{}.log", self.gate.name));
        // A log that cannot be kept is no reason to say no.
        fs::create_dir_all(self.room.logs.as_ref()?).ok()?;
        fs::write(&log, "").ok()?;
        Some(log)
    }

    fn settle(
        &self,
        judgement: Judgement,
        log: Option<&Path>,
        reporter: &Reporter,
    ) -> Result<Evidence, Failure> {
        let name = &self.gate.name;
        let faults = judgement.faults.join("; ");
        if judgement.faults.is_empty() {
            for caution in &judgement.cautions {
                reporter.note(Report::new(format!("note: gate `{name}`: {caution}")));
            }
            let cautions = judgement.cautions.join("; ");
            return Ok(match cautions.is_empty() {
                true => judgement.evidence.with("verdict", "passed"),
                false => judgement
                    .evidence
                    .with("verdict", "passed with notes")
                    .with("notes", cautions),
            });
        }
        if !self.gate.required {
            let note = format!("note: gate `{name}` is not required, and failed: {faults}");
            reporter.note(Report::new(note));
            return Ok(judgement
                .evidence
                .with("verdict", "failed, not required")
                .with("notes", faults));
        }
        let mut why = judgement.details.join("\n");
        let tail = log.map(|log| log_tail(log, TAIL_LINES)).unwrap_or_default();
        if !tail.is_empty() {
            if !why.is_empty() {
                why.push('\n');
            }
            why.push_str(&tail);
        }
        let mut report = Report::new(format!("gate `{name}` failed: {faults}"))
            .code("E304")
            .next(self.next(log));
        if let Some(source) = self.gate.report() {
            report = report.place(source.to_string());
        }
        if !why.is_empty() {
            report = report.why(why);
        }
        let evidence = judgement.evidence.with("verdict", "failed");
        Err(Failure::new(FailureClass::Refused, report).with_evidence(evidence))
    }

    fn next(&self, log: Option<&Path>) -> String {
        let full = log.map(|log| format!(" (all of its output: {})", log.display()));
        let full = full.unwrap_or_default();
        match &self.gate.work {
            GateWork::Command(command) => format!(
                "run `{}` yourself{full}, mend what it shows, and run the command again",
                command.run.join(" ")
            ),
            GateWork::Report(source) => format!(
                "mend what `{}` shows, write it again, and run the command again",
                source.file
            ),
            GateWork::Todo { .. } => {
                "finish what these places ask for, or raise `max` of the gate".to_owned()
            }
        }
    }

    fn machine(&self, why: String) -> Failure {
        let name = &self.gate.name;
        let report = Report::new(format!("gate `{name}` could not be tried"))
            .code("E305")
            .place(format!("gate:{name}"))
            .why(why)
            .next("install what the gate runs (it is looked for in .venv, then on the search path), then run the command again");
        Failure::new(FailureClass::Machine, report)
    }
}

impl Work for GateStage {
    fn act<'a>(
        &'a self,
        _: &'a Unit,
        reporter: &'a Reporter,
    ) -> BoxFuture<'a, Result<Evidence, Failure>> {
        Box::pin(self.look(reporter))
    }
}

impl Gate {
    /// The name of its step.
    #[must_use]
    pub fn step(&self) -> StepId {
        StepId::new(format!("{NAME}:{}", self.name))
    }

    /// What it does, for people.
    #[must_use]
    pub fn title(&self) -> String {
        let what = match &self.work {
            GateWork::Command(command) => command.run.join(" "),
            GateWork::Report(source) => format!("read {}", source.file),
            GateWork::Todo { words } => format!("count {}", words.join(", ")),
        };
        format!("gate {}: {what}", self.name)
    }
}

/// Commit, worktree and everything that is set for the gate.
fn key(gate: &Gate, source: &SourceState) -> Sha256 {
    let mut inputs: Vec<(&str, String)> = vec![
        ("gate", gate.name.clone()),
        ("commit", source.commit.clone().unwrap_or_default()),
        ("tree", source.digest.to_string()),
        ("required", gate.required.to_string()),
    ];
    let work = match &gate.work {
        GateWork::Command(command) => {
            inputs.push(("timeout", command.timeout.as_secs_f64().to_string()));
            inputs.push(("retries", command.retries.to_string()));
            inputs.push(("arguments", command.run.len().to_string()));
            command.run.join("\0")
        }
        GateWork::Report(_) => String::new(),
        GateWork::Todo { words } => words.join("\0"),
    };
    inputs.push(("work", work));
    if let Some(report) = gate.report() {
        inputs.push(("report", report.to_string()));
    }
    inputs.extend(gate.thresholds.named());
    let inputs: Vec<(&str, &str)> = inputs
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    step_key(&inputs)
}

/// Looks, and judges what is there. Blocks.
fn see(gate: &Gate, room: &GateRoom, log: Option<&Path>, cancel: &Cancel) -> Seen {
    match &gate.work {
        GateWork::Command(command) => see_command(gate, command, room, log, cancel),
        GateWork::Report(source) => match read_report(source, &room.project.join(&source.file)) {
            Ok(read) => {
                let judgement = judge(&read.measured, &gate.thresholds);
                let mut judgement = judgement.rate_flaky(&gate.thresholds);
                judgement.evidence = judgement
                    .evidence
                    .with("report", source.file.clone())
                    .with("report-sha256", read.sha256.to_string());
                Seen::Judged(judgement)
            }
            Err(error) => Seen::Broken(about_report(source, &error), Evidence::new()),
        },
        GateWork::Todo { words } => match todo::measure(&room.project, words, &room.inherited) {
            Ok(measured) => Seen::Judged(judge(&measured, &gate.thresholds)),
            Err(error) => Seen::Machine(error.to_string()),
        },
    }
}

fn about_report(source: &ReportSource, error: &ReportError) -> String {
    let file = match source.file.as_str() {
        "-" => "what it printed".to_owned(),
        file => format!("`{file}`"),
    };
    format!("its report {file} {error}")
}

/// Runs the command until it passes or the tries are over.
fn see_command(
    gate: &Gate,
    command: &CommandGate,
    room: &GateRoom,
    log: Option<&Path>,
    cancel: &Cancel,
) -> Seen {
    // Without a place to keep it, what is printed still has to be shown when it fails.
    let nowhere = tempfile::NamedTempFile::new();
    let log = match (log, &nowhere) {
        (Some(log), _) => log,
        (None, Ok(file)) => file.path(),
        (None, Err(error)) => return Seen::Machine(format!("there is no room for a log: {error}")),
    };
    let mut failed_before: BTreeSet<String> = BTreeSet::new();
    let mut duration = Duration::ZERO;
    for number in 0..=command.retries {
        let attempt = match attempt(command, &room.project, log, &room.inherited, cancel) {
            Ok(attempt) => attempt,
            Err(AttemptError::Process(error @ ProcessError::Deadline { .. })) => {
                let limit = command.timeout.as_secs_f64().to_string();
                return Seen::Broken(error.to_string(), Evidence::new().with("timeout", limit));
            }
            Err(error) => return Seen::Machine(error.to_string()),
        };
        duration += attempt.duration;
        let mut judgement = judge_attempt(gate, command, attempt, &mut failed_before, number);
        if judgement.faults.is_empty() || number == command.retries {
            judgement = judgement.rate_flaky(&gate.thresholds);
            judgement.evidence = judgement
                .evidence
                .with("seconds", format!("{:.3}", duration.as_secs_f64()))
                .with("tries", (number + 1).to_string());
            // The scratch log goes away with this function, so its end is taken along.
            if !judgement.faults.is_empty() && nowhere.as_ref().is_ok_and(|file| file.path() == log)
            {
                let tail = log_tail(log, TAIL_LINES);
                judgement.details.extend((!tail.is_empty()).then_some(tail));
            }
            return Seen::Judged(judgement);
        }
    }
    Seen::Machine("it was never run".to_owned())
}

/// Judges one try; what failed in those before and passes now is flaky.
fn judge_attempt(
    gate: &Gate,
    command: &CommandGate,
    attempt: Attempt,
    failed_before: &mut BTreeSet<String>,
    number: u32,
) -> Judgement {
    let status = attempt.status;
    let mut judgement = match (&command.report, attempt.report) {
        (Some(source), Some(Ok(mut read))) => {
            if let Measured::Tests(tests) = &mut read.measured {
                let failing: BTreeSet<String> =
                    tests.failed.union(&tests.errors).cloned().collect();
                tests
                    .flaky
                    .extend(failed_before.difference(&failing).cloned());
                failed_before.extend(failing);
            }
            let mut judgement = judge(&read.measured, &gate.thresholds);
            judgement.evidence = judgement
                .evidence
                .with("report", source.file.clone())
                .with("report-sha256", read.sha256.to_string());
            judgement
        }
        (Some(source), Some(Err(error))) => Judgement {
            faults: vec![about_report(source, &error)],
            ..Judgement::default()
        },
        _ => Judgement::default(),
    };
    judgement.evidence = judgement.evidence.with("exit", status.to_string());
    judge_status(gate, command, status, &mut judgement);
    // Tests tell themselves which of them were flaky.
    let has_tests = judgement.evidence.get("flaky").is_some();
    if number > 0 && judgement.faults.is_empty() && !has_tests {
        judgement.flaky = Some(format!("it passed at try {} only", number + 1));
    }
    judgement
}

/// What the exit status adds. Tools end with 1 when they found something, which the report tells
/// better; any other end, or a 1 that the report does not explain, is a fault of its own.
fn judge_status(gate: &Gate, command: &CommandGate, status: Exit, judgement: &mut Judgement) {
    let fault = match status {
        Exit::Code(0) => return,
        Exit::Code(1) if judgement.explains_status => return,
        Exit::Code(1) if command.report.is_some() && judgement.faults.is_empty() => {
            format!(
                "`{}` ended with exit status 1, and its report does not say why",
                gate.name
            )
        }
        status => format!("it ended with {status}"),
    };
    // First: a report of a run that broke is worth less.
    judgement.faults.insert(0, fault);
}

#[cfg(test)]
mod tests;
