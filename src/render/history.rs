//! The runs of the past in JSON and as rows.

use jiff::Timestamp;
use pubflow_pipeline::{ReleaseKey, Writer};
use serde::Serialize;

/// What `pubflow history --format json` prints.
#[derive(Debug, Serialize)]
pub(crate) struct HistoryDocument {
    schema: u32,
    runs: Vec<RunRow>,
}

impl HistoryDocument {
    /// The document for `runs`, the latest first.
    pub(crate) fn new(runs: Vec<RunRow>) -> Self {
        Self {
            schema: super::SCHEMA,
            runs,
        }
    }
}

/// One run of a plan.
#[derive(Debug, Serialize)]
pub(crate) struct RunRow {
    project: String,
    version: String,
    manifest: String,
    title: String,
    /// When it began, RFC 3339.
    #[serde(serialize_with = "rfc3339")]
    pub(crate) begun: Timestamp,
    /// How long it took, in seconds; null where it has no end.
    seconds: Option<f64>,
    /// `done`, `stopped` or `interrupted`; null where it has no end.
    outcome: Option<String>,
    /// The last thing that went wrong in it.
    failure: Option<String>,
    writer: String,
}

impl RunRow {
    /// A run that began.
    pub(crate) fn begun(key: &ReleaseKey, title: &str, at: Timestamp, writer: &Writer) -> Self {
        Self {
            project: key.project.to_string(),
            version: key.version.to_string(),
            manifest: key.manifest.to_string(),
            title: title.to_owned(),
            begun: at,
            seconds: None,
            outcome: None,
            failure: None,
            writer: writer.to_string(),
        }
    }

    /// It came to its end.
    pub(crate) fn ended(&mut self, outcome: &str, at: Timestamp) {
        self.outcome = Some(outcome.to_owned());
        self.seconds = Some(at.duration_since(self.begun).as_secs_f64());
    }

    /// Something went wrong in it.
    pub(crate) fn failed(&mut self, message: &str) {
        self.failure = Some(message.to_owned());
    }

    /// The cells of its row.
    pub(crate) fn cells(&self) -> Vec<String> {
        let took = self.seconds.map(|seconds| format!("{seconds:.1} s"));
        let outcome = match (&self.outcome, &self.failure) {
            (Some(outcome), Some(failure)) if outcome != "done" => format!("{outcome}: {failure}"),
            (Some(outcome), _) => outcome.clone(),
            (None, _) => "has no end".to_owned(),
        };
        vec![
            self.begun.strftime("%Y-%m-%d %H:%M:%S").to_string(),
            took.unwrap_or_else(|| "-".to_owned()),
            self.title.clone(),
            outcome,
            self.writer.clone(),
        ]
    }
}

fn rfc3339<S: serde::Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(at)
}
