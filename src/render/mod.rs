//! Everything that is written to the terminal: results on stdout, progress and errors on stderr.

mod abandon;
mod answers;
mod approval;
mod build;
mod cache;
mod clean;
mod comparison;
mod concise;
mod diff;
mod event_json;
mod excerpt;
mod filled;
mod finding_json;
mod findings;
mod formats;
mod github;
mod gitlab;
mod history;
mod html;
mod inspection;
mod joined;
mod json;
mod jsonl;
mod junit;
mod leftovers;
mod login;
mod markdown;
mod metrics;
pub(crate) mod parse;
mod plan;
mod preview;
mod progress;
mod readiness;
mod report;
mod rules;
mod run;
mod sarif;
mod serving;
mod settings;
mod size;
mod state;
mod statistics;
mod status;
mod style;
mod table;
mod text;
mod verify;
mod watch;

pub(crate) use abandon::{AbandonDocument, Place};
pub(crate) use answers::{AnswersDocument, answers_text};
pub(crate) use approval::ApprovalDocument;
pub(crate) use build::BuildDocument;
pub(crate) use cache::{CacheDocument, ClearedDocument};
pub(crate) use comparison::{
    Compared, ReleaseFiles, comparison_document, comparison_markdown, comparison_text,
};
pub(crate) use diff::file_diff;
pub(crate) use findings::findings_text;
pub(crate) use formats::{CheckResult, rendered};
pub(crate) use history::{HistoryDocument, RunRow};
pub(crate) use inspection::{Inspected, inspection_document, inspection_page, inspection_text};
pub(crate) use joined::{JoinedDocument, joined_text};
pub(crate) use leftovers::CleanDocument;
pub(crate) use login::{LoginDocument, LogoutDocument};
pub(crate) use metrics::{MetricsDocument, ReleaseMetrics, RunCounts, StepMetrics, metrics_text};
pub(crate) use plan::{PlanDocument, PlannedStep, PlannedUnit, plan_text};
pub(crate) use preview::{PreviewAnswer, PreviewError, PreviewQuestion, preview_page};
pub(crate) use progress::{Progress, ProgressForm, seconds};
pub(crate) use readiness::{
    ApprovalJson, BlockerJson, BlockerKind, ChecksJson, EvidenceJson, FileJson, GateJson, ItemJson,
    ReadinessDocument, RiskJson, SpanJson, Verdict, WaiverJson, readiness_markdown, readiness_page,
    readiness_text,
};
pub(crate) use report::{ErrorDocument, error_text};
pub(crate) use rules::{ErrorCodeDocument, RuleJson, RulesDocument, rule_text};
pub(crate) use run::{NothingOpenDocument, RehearsalDocument, RehearsalRow, RunDocument, run_text};
pub(crate) use serving::ServingDocument;
pub(crate) use settings::{SettingJson, SettingsDocument};
pub(crate) use state::{
    AuditDocument, RepairDocument, SweepDocument, TransferDocument, audit_text,
};
pub(crate) use statistics::StatisticsDocument;
pub(crate) use status::{StatusDocument, StatusRow};
pub(crate) use style::Style;
pub(crate) use table::table;
pub(crate) use verify::verification;
pub(crate) use watch::{News, WatchDocument};

use std::io::{self, Write};

/// The `schema` number of every JSON document; raised when a key changes its meaning.
pub(crate) const SCHEMA: u32 = 1;

/// Writes a result to standard output.
///
/// # Errors
/// The stream's error; a closed pipe is one.
pub(crate) fn print(text: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(text.as_bytes())?;
    stdout.flush()
}

/// Writes a JSON document and a line end to standard output.
///
/// # Errors
/// The stream's error.
pub(crate) fn print_json<T: serde::Serialize>(document: &T) -> io::Result<()> {
    let mut text = serde_json::to_string_pretty(document).map_err(io::Error::other)?;
    text.push('\n');
    print(&text)
}

/// Writes a JSON document on one line, for readers that wait for it.
///
/// # Errors
/// The stream's error.
pub(crate) fn print_json_line<T: serde::Serialize>(document: &T) -> io::Result<()> {
    let mut text = serde_json::to_string(document).map_err(io::Error::other)?;
    text.push('\n');
    print(&text)
}

/// Writes a line to standard error; a closed stream is no reason to stop a release.
pub(crate) fn note(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}
