//! How a run of a plan ended, in text and in JSON.

use std::time::Duration;

use pubflow_pipeline::{ReleaseKey, RunReport, StepReport, StepStatus, UnitStatus};
use pubflow_spec::{ProjectName, Version};
use serde::Serialize;

use super::progress::seconds;
use super::style::Style;
use super::table::table;

/// What `publish`, `promote`, `resume` and `yank` print with `--format json`.
#[derive(Debug, Serialize)]
pub(crate) struct RunDocument {
    schema: u32,
    project: String,
    version: String,
    manifest: String,
    index: String,
    steps: Vec<StepJson>,
    landed: Vec<String>,
}

#[derive(Debug, Serialize)]
struct StepJson {
    step: String,
    status: &'static str,
    seconds: f64,
    units: Vec<UnitJson>,
}

#[derive(Debug, Serialize)]
struct UnitJson {
    unit: String,
    status: &'static str,
    seconds: f64,
    evidence: Vec<(String, String)>,
}

impl RunDocument {
    /// The document for a run that came to its end.
    pub(crate) fn new(key: &ReleaseKey, index: &str, report: &RunReport) -> Self {
        let steps = report.steps.iter().map(|step| StepJson {
            step: step.id.to_string(),
            status: step_word(step.status),
            seconds: step.duration.as_secs_f64(),
            units: step
                .units
                .iter()
                .map(|unit| UnitJson {
                    unit: unit.id.to_string(),
                    status: unit_word(&unit.status),
                    seconds: unit.duration.as_secs_f64(),
                    evidence: unit
                        .evidence
                        .iter()
                        .map(|(name, text)| (name.to_owned(), text.to_owned()))
                        .collect(),
                })
                .collect(),
        });
        Self {
            schema: super::SCHEMA,
            project: key.project.to_string(),
            version: key.version.to_string(),
            manifest: key.manifest.to_string(),
            index: index.to_owned(),
            steps: steps.collect(),
            landed: report
                .landed
                .iter()
                .map(|landed| landed.unit.to_string())
                .collect(),
        }
    }
}

/// What `resume` prints where there is nothing to resume.
#[derive(Debug, Serialize)]
pub(crate) struct NothingOpenDocument {
    schema: u32,
    steps: [StepJson; 0],
}

impl NothingOpenDocument {
    /// The document: a run of no steps.
    pub(crate) fn new() -> Self {
        Self {
            schema: super::SCHEMA,
            steps: [],
        }
    }
}

/// The steps of a run as a table.
pub(crate) fn run_text(key: &ReleaseKey, report: &RunReport, style: Style) -> String {
    let rows: Vec<Vec<String>> = report
        .steps
        .iter()
        .map(|step| {
            vec![
                clipped(&step.title),
                step_word(step.status).to_owned(),
                seconds(step.duration),
            ]
        })
        .collect();
    let heading = style.bold(&format!("{} {}", key.project, key.version));
    format!("{heading}\n{}", table(&["step", "result", "time"], &rows))
}

/// A title that leaves room for the other columns: that of a gate holds its whole command.
fn clipped(title: &str) -> String {
    const LONGEST: usize = 60;
    match title.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", title.get(..end).unwrap_or_default()),
        None => title.to_owned(),
    }
}

/// The word for how a step ended.
pub(super) fn step_word(status: StepStatus) -> &'static str {
    match status {
        StepStatus::Done => "done",
        StepStatus::Skipped => "done before",
        StepStatus::Stopped => "stopped",
        StepStatus::Interrupted => "interrupted",
        StepStatus::NotReached => "not reached",
    }
}

/// The word for how a unit ended.
pub(super) fn unit_word(status: &UnitStatus) -> &'static str {
    match status {
        UnitStatus::Done => "done",
        UnitStatus::Confirmed => "confirmed",
        UnitStatus::Adopted => "adopted",
        UnitStatus::Skipped => "skipped",
        UnitStatus::Failed(_) => "failed",
        UnitStatus::Interrupted => "interrupted",
        UnitStatus::NotReached => "not reached",
    }
}

/// What `pubflow rehearse --format json` prints.
#[derive(Debug, Serialize)]
pub(crate) struct RehearsalDocument {
    schema: u32,
    project: String,
    version: String,
    seconds: f64,
    steps: Vec<RehearsalRow>,
}

impl RehearsalDocument {
    /// The document for a rehearsal that went through.
    pub(crate) fn new(
        project: &ProjectName,
        version: &Version,
        steps: Vec<RehearsalRow>,
        total: Duration,
    ) -> Self {
        Self {
            schema: super::SCHEMA,
            project: project.to_string(),
            version: version.to_string(),
            seconds: total.as_secs_f64(),
            steps,
        }
    }
}

/// One step of a rehearsal.
#[derive(Debug, Serialize)]
pub(crate) struct RehearsalRow {
    title: String,
    result: &'static str,
    seconds: f64,
}

impl RehearsalRow {
    /// A step that is not the engine's.
    pub(crate) fn new(title: &str, result: &'static str, duration: Duration) -> Self {
        Self {
            title: title.to_owned(),
            result,
            seconds: duration.as_secs_f64(),
        }
    }

    /// A step of the engine.
    pub(crate) fn of(step: &StepReport) -> Self {
        Self::new(&step.title, step_word(step.status), step.duration)
    }

    /// The cells of its row.
    pub(crate) fn cells(&self) -> Vec<String> {
        vec![
            self.title.clone(),
            self.result.to_owned(),
            seconds(Duration::from_secs_f64(self.seconds)),
        ]
    }
}
