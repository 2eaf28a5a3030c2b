//! Figures over all recorded releases, in JSON and as tables.

use std::time::Duration;

use serde::Serialize;

use super::progress::seconds;
use super::table::table;

/// What `pubflow metrics --format json` prints.
#[derive(Debug, Serialize)]
pub(crate) struct MetricsDocument {
    schema: u32,
    runs: RunCounts,
    /// Share of runs with an end that ended well; null where none has an end.
    success_rate: Option<f64>,
    retries: u64,
    steps: Vec<StepMetrics>,
    releases: Vec<ReleaseMetrics>,
}

/// Runs by how they ended.
#[derive(Debug, Default, Serialize)]
pub(crate) struct RunCounts {
    pub(crate) begun: u64,
    pub(crate) done: u64,
    pub(crate) stopped: u64,
    pub(crate) interrupted: u64,
    pub(crate) without_end: u64,
}

/// One step over all releases.
#[derive(Debug, Serialize)]
pub(crate) struct StepMetrics {
    pub(crate) step: String,
    /// Units that were done.
    pub(crate) done: u64,
    pub(crate) failures: u64,
    /// Times that it had to wait for a person or a time.
    pub(crate) waits: u64,
    /// Tries after a failure.
    pub(crate) retries: u64,
    pub(crate) median_seconds: Option<f64>,
    pub(crate) p90_seconds: Option<f64>,
    pub(crate) longest_seconds: Option<f64>,
}

/// One release on one index.
#[derive(Debug, Serialize)]
pub(crate) struct ReleaseMetrics {
    pub(crate) project: String,
    pub(crate) version: String,
    pub(crate) index: String,
    /// When its first line was written, RFC 3339.
    pub(crate) begun: String,
    /// From then to the last file on the index.
    pub(crate) lead_seconds: f64,
}

impl MetricsDocument {
    /// The document for what was counted.
    pub(crate) fn new(
        runs: RunCounts,
        steps: Vec<StepMetrics>,
        releases: Vec<ReleaseMetrics>,
    ) -> Self {
        let ended = runs.done + runs.stopped + runs.interrupted;
        Self {
            schema: super::SCHEMA,
            success_rate: (ended > 0).then(|| runs.done as f64 / ended as f64),
            retries: steps.iter().map(|step| step.retries).sum(),
            runs,
            steps,
            releases,
        }
    }
}

/// The same as tables.
pub(crate) fn metrics_text(document: &MetricsDocument) -> String {
    let runs = &document.runs;
    if runs.begun == 0 && document.steps.is_empty() {
        return "No run is recorded.\n".to_owned();
    }
    let rate = match document.success_rate {
        Some(rate) => format!("{:.0} % of those with an end ended well", rate * 100.0),
        None => "none has an end".to_owned(),
    };
    let mut text = format!(
        "{} runs: {} done, {} stopped, {} interrupted, {} without an end; {rate}\n{} tries after a failure\n\n",
        runs.begun, runs.done, runs.stopped, runs.interrupted, runs.without_end, document.retries
    );
    let time = |seconds_taken: Option<f64>| match seconds_taken {
        Some(taken) => seconds(Duration::try_from_secs_f64(taken).unwrap_or_default()),
        None => "-".to_owned(),
    };
    let rows = document.steps.iter().map(|step| {
        vec![
            step.step.clone(),
            step.done.to_string(),
            step.failures.to_string(),
            step.waits.to_string(),
            step.retries.to_string(),
            time(step.median_seconds),
            time(step.p90_seconds),
            time(step.longest_seconds),
        ]
    });
    let heading = [
        "step", "done", "failed", "waited", "again", "median", "90 %", "longest",
    ];
    text.push_str(&table(&heading, &rows.collect::<Vec<_>>()));
    if !document.releases.is_empty() {
        let rows = document.releases.iter().map(|release| {
            let name = format!("{} {}", release.project, release.version);
            let begun = release
                .begun
                .get(..16)
                .unwrap_or(&release.begun)
                .replace('T', " ");
            vec![
                name,
                release.index.clone(),
                begun,
                time(Some(release.lead_seconds)),
            ]
        });
        let rows: Vec<Vec<String>> = rows.collect();
        text.push_str(&format!(
            "\n{}",
            table(
                &["release", "index", "begun (UTC)", "until it was out"],
                &rows
            )
        ));
    }
    text
}
