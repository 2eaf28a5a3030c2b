//! The events of a run as lines of JSON: `--progress json`.

use pubflow_pipeline::{Event, Observed, UnitStatus};
use serde::Serialize;

use super::run::{step_word, unit_word};

/// One event. What does not belong to it is left out.
#[derive(Debug, Serialize)]
pub(crate) struct EventJson<'a> {
    schema: u32,
    event: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    step: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seconds: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    done: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    total: Option<u64>,
}

impl<'a> EventJson<'a> {
    fn named(event: &'static str, step: Option<&'a str>, unit: Option<&'a str>) -> Self {
        Self {
            schema: super::SCHEMA,
            event,
            step,
            unit,
            status: None,
            message: None,
            seconds: None,
            done: None,
            total: None,
        }
    }

    /// The document of an event.
    #[expect(clippy::too_many_lines, reason = "a table: one row for each event")]
    pub(crate) fn of(event: &'a Event) -> Self {
        let named =
            |name, step: &'a pubflow_pipeline::StepId| Self::named(name, Some(step.as_str()), None);
        let of_unit =
            |name, step: &'a pubflow_pipeline::StepId, unit: &'a pubflow_pipeline::UnitId| {
                Self::named(name, Some(step.as_str()), Some(unit.as_str()))
            };
        match event {
            Event::StepStarted { step, title, .. } => Self {
                message: Some(title.clone()),
                ..named("step-started", step)
            },
            Event::StepSkipped { step, title } => Self {
                message: Some(title.clone()),
                ..named("step-skipped", step)
            },
            Event::StepFinished {
                step,
                status,
                duration,
            } => Self {
                status: Some(step_word(*status)),
                seconds: Some(duration.as_secs_f64()),
                ..named("step-finished", step)
            },
            Event::UnitStarted {
                step, unit, title, ..
            } => Self {
                message: Some(title.clone()),
                ..of_unit("unit-started", step, unit)
            },
            Event::Progress {
                step,
                unit,
                done,
                total,
            } => Self {
                done: Some(*done),
                total: *total,
                ..of_unit("progress", step, unit)
            },
            Event::UnitFinished {
                step,
                unit,
                status,
                duration,
                ..
            } => Self {
                status: Some(unit_word(status)),
                message: match status {
                    UnitStatus::Failed(failure) => Some(failure.report.message.clone()),
                    _ => None,
                },
                seconds: Some(duration.as_secs_f64()),
                ..of_unit("unit-finished", step, unit)
            },
            Event::Retrying {
                step,
                unit,
                after,
                why,
            } => Self {
                message: Some(why.report.message.clone()),
                seconds: Some(after.as_secs_f64()),
                ..of_unit("retrying", step, unit)
            },
            Event::NotVisibleYet { step, unit, after } => Self {
                seconds: Some(after.as_secs_f64()),
                ..of_unit("not-visible-yet", step, unit)
            },
            Event::Observed {
                step,
                unit,
                observed,
            } => Self {
                status: Some(observed_word(observed)),
                ..of_unit("observed", step, unit)
            },
            Event::Adopted { step, unit } => of_unit("adopted", step, unit),
            Event::Note { step, unit, note } => Self {
                unit: unit.as_ref().map(pubflow_pipeline::UnitId::as_str),
                message: Some(note.message.clone()),
                ..named("note", step)
            },
            Event::Interrupting => Self::named("interrupting", None, None),
        }
    }
}

fn observed_word(observed: &Observed) -> &'static str {
    match observed {
        Observed::Absent => "absent",
        Observed::Identical => "identical",
        Observed::Different { .. } => "different",
        Observed::Unknown(_) => "unknown",
    }
}
