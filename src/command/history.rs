//! `pubflow history`: the runs of the past, as the journals tell them.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use pubflow_pipeline::{Entry, Facts, ReleaseRecord, Writer};
use pubflow_spec::ProjectName;

use crate::cli;
use crate::context::Context;
use crate::error::CommandError;
use crate::exit_code::ExitCode;
use crate::render::{HistoryDocument, RunRow, table};

/// Lists runs, the latest first.
pub(crate) fn run(args: &cli::History, ctx: &Context) -> Result<ExitCode, CommandError> {
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
    let mut runs = Vec::new();
    for record in &records {
        runs.extend(runs_of(record, &Facts::read(record)?));
    }
    runs.sort_by_key(|run| Reverse(run.begun));
    let n_left_out = runs.len().saturating_sub(args.limit);
    runs.truncate(args.limit);
    let text = text(&runs, n_left_out);
    ctx.print(&HistoryDocument::new(runs), &text)?;
    Ok(ExitCode::Done)
}

/// The runs of one release. A run that has no end died, or is under way.
fn runs_of(record: &ReleaseRecord, facts: &Facts) -> Vec<RunRow> {
    let key = record.key();
    let mut runs: Vec<RunRow> = Vec::new();
    let mut under_way: BTreeMap<&Writer, usize> = BTreeMap::new();
    for line in facts.records() {
        match &line.entry {
            Entry::RunOpened { title } => {
                under_way.insert(&line.writer, runs.len());
                runs.push(RunRow::begun(&key, title, line.at, &line.writer));
            }
            Entry::RunClosed { outcome } => {
                let run = under_way.remove(&line.writer);
                if let Some(run) = run.and_then(|run| runs.get_mut(run)) {
                    run.ended(outcome, line.at);
                }
            }
            Entry::Failed { message, .. } => {
                let run = under_way.get(&line.writer);
                if let Some(run) = run.and_then(|run| runs.get_mut(*run)) {
                    run.failed(message);
                }
            }
            Entry::Intent(_) | Entry::Done { .. } | Entry::Note(_) | Entry::Unknown { .. } => {}
        }
    }
    runs
}

fn text(runs: &[RunRow], n_left_out: usize) -> String {
    if runs.is_empty() {
        return "No run is recorded.\n".to_owned();
    }
    let rows: Vec<Vec<String>> = runs.iter().map(RunRow::cells).collect();
    let mut text = table(&["begun (UTC)", "took", "run", "outcome", "by"], &rows);
    if n_left_out > 0 {
        text.push_str(&format!("\n{n_left_out} earlier: `--limit N` shows more\n"));
    }
    text
}
