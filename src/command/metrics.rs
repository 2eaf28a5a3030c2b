//! `pubflow metrics`: how long releases take, how often they are tried again, and how they end.

use std::collections::BTreeMap;
use std::time::Duration;

use pubflow_pipeline::{Entry, Facts, ReleaseRecord, Writer};
use pubflow_spec::ProjectName;

use crate::cli;
use crate::context::Context;
use crate::error::CommandError;
use crate::exit_code::ExitCode;
use crate::render::{MetricsDocument, ReleaseMetrics, RunCounts, StepMetrics, metrics_text};
use crate::timeline::{End, spans};

/// Counts over every recorded release.
pub(crate) fn run(args: &cli::Metrics, ctx: &Context) -> Result<ExitCode, CommandError> {
    let state = ctx.state()?;
    let records = match &args.project {
        Some(name) => {
            let project = ProjectName::parse(name).map_err(|error| CommandError::Argument {
                option: "NAME",
                value: name.clone(),
                expected: "project name",
                why: error.to_string(),
            })?;
            state.records_of(&project)?
        }
        None => state.records()?,
    };
    let mut runs = RunCounts::default();
    let mut steps: BTreeMap<String, Counted> = BTreeMap::new();
    let mut releases = Vec::new();
    for record in &records {
        let facts = Facts::read(record)?;
        count_runs(&facts, &mut runs);
        count_steps(&facts, &mut steps);
        releases.extend(lead_time(record, &facts));
    }
    releases.sort_by(|a, b| a.begun.cmp(&b.begun));
    let steps = steps
        .into_iter()
        .map(|(step, counted)| counted.metrics(step))
        .collect();
    let document = MetricsDocument::new(runs, steps, releases);
    ctx.print(&document, &metrics_text(&document))?;
    Ok(ExitCode::Done)
}

/// Runs by how they ended. One that has no end died, or is under way.
fn count_runs(facts: &Facts, runs: &mut RunCounts) {
    let mut under_way: BTreeMap<&Writer, bool> = BTreeMap::new();
    for record in facts.records() {
        match &record.entry {
            Entry::RunOpened { .. } => {
                runs.begun += 1;
                if under_way.insert(&record.writer, true) == Some(true) {
                    runs.without_end += 1;
                }
            }
            Entry::RunClosed { outcome } => {
                under_way.insert(&record.writer, false);
                match outcome.as_str() {
                    "done" => runs.done += 1,
                    "interrupted" => runs.interrupted += 1,
                    _ => runs.stopped += 1,
                }
            }
            _ => {}
        }
    }
    runs.without_end += under_way.values().filter(|is_open| **is_open).count() as u64;
}

/// What is known of one step over all releases.
#[derive(Default)]
struct Counted {
    durations: Vec<Duration>,
    failures: u64,
    waits: u64,
    retries: u64,
}

/// A unit that failed and is tried by the same step again is one retry more, whichever run does it.
fn count_steps(facts: &Facts, steps: &mut BTreeMap<String, Counted>) {
    let mut failed_before: BTreeMap<(String, String), bool> = BTreeMap::new();
    for span in spans(facts) {
        let counted = steps.entry(span.step.clone()).or_default();
        let unit = (span.step.clone(), span.unit.clone());
        let has_failed = failed_before.insert(unit, span.end != End::Done);
        if has_failed == Some(true) {
            counted.retries += 1;
        }
        match span.end {
            End::Done => counted.durations.push(span.duration()),
            End::Failed => counted.failures += 1,
            End::Waiting => counted.waits += 1,
        }
    }
}

impl Counted {
    fn metrics(mut self, step: String) -> StepMetrics {
        self.durations.sort_unstable();
        let at = |share: f64| {
            let last = self.durations.len().checked_sub(1)?;
            let place = (last as f64 * share).round() as usize;
            self.durations.get(place).map(Duration::as_secs_f64)
        };
        StepMetrics {
            step,
            done: self.durations.len() as u64,
            failures: self.failures,
            waits: self.waits,
            retries: self.retries,
            median_seconds: at(0.5),
            p90_seconds: at(0.9),
            longest_seconds: at(1.0),
        }
    }
}

/// From the first line of a release to the last file that was seen on each index.
fn lead_time(record: &ReleaseRecord, facts: &Facts) -> Vec<ReleaseMetrics> {
    let Some(first) = facts.records().next().map(|record| record.at) else {
        return Vec::new();
    };
    let manifest = record.manifest();
    let mut last = BTreeMap::new();
    for record in facts.records() {
        if let Entry::Done { subject, .. } = &record.entry
            && let Some(index) = subject.step.as_str().strip_prefix("upload:")
        {
            last.insert(index, record.at);
        }
    }
    let rows = last.into_iter().map(|(index, at)| ReleaseMetrics {
        project: manifest.name().to_string(),
        version: manifest.version().to_string(),
        index: index.to_owned(),
        begun: first.to_string(),
        lead_seconds: at.duration_since(first).as_secs_f64(),
    });
    rows.collect()
}
