//! `pubflow state`: looks after what is remembered about releases.

use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use pubflow_pipeline::{Facts, ReleaseRecord, SystemClock, Transferred};

use super::resume::has_open_work;
use crate::cli::{self, State};
use crate::context::Context;
use crate::error::CommandError;
use crate::exit_code::ExitCode;
use crate::records::require_release;
use crate::render::{AuditDocument, RepairDocument, SweepDocument, TransferDocument, audit_text};

/// Runs one of its verbs.
pub(crate) fn run(verb: &State, ctx: &Context) -> Result<ExitCode, CommandError> {
    match verb {
        State::Verify => verify(ctx),
        State::Repair => repair(ctx),
        State::Export(args) => export(args, ctx),
        State::Import(args) => import(args, ctx),
        State::Sweep(args) => sweep(args, ctx),
    }
}

fn verify(ctx: &Context) -> Result<ExitCode, CommandError> {
    let audit = ctx.state()?.audit()?;
    let is_sound = audit.damage.is_empty();
    ctx.print(&AuditDocument::new(&audit), &audit_text(&audit, ctx.out))?;
    Ok(if is_sound {
        ExitCode::Done
    } else {
        ExitCode::Damaged
    })
}

fn repair(ctx: &Context) -> Result<ExitCode, CommandError> {
    let repaired = ctx.state()?.repair(&SystemClock)?;
    let mut text = String::new();
    for one in &repaired {
        text.push_str(&format!(
            "{}\n  moved to {}\n",
            one.damage,
            one.moved_to.display()
        ));
        if let Some(n_lines) = one.n_lines_kept {
            text.push_str(&format!("  {n_lines} lines before it stay in force\n"));
        }
    }
    text.push_str(match repaired.is_empty() {
        true => "Nothing is damaged.\n",
        false => "\nnext: `pubflow resume`; what is public is found on the indexes, by digest\n",
    });
    ctx.print(&RepairDocument::new(&repaired), &text)?;
    Ok(ExitCode::Done)
}

fn export(args: &cli::StateExport, ctx: &Context) -> Result<ExitCode, CommandError> {
    let state = ctx.state()?;
    let record = require_release(&state, &args.release, has_open_work)?;
    let transferred = state.export(&record, &args.file)?;
    told("exported", &transferred, ctx)
}

fn import(args: &cli::StateImport, ctx: &Context) -> Result<ExitCode, CommandError> {
    let transferred = ctx.state()?.import(&args.file, &SystemClock)?;
    told("imported", &transferred, ctx)
}

fn told(done: &str, transferred: &Transferred, ctx: &Context) -> Result<ExitCode, CommandError> {
    let key = transferred.record.key();
    let n_sealed = transferred.record.manifest().files().len();
    let text = format!(
        "{done} {} {}, manifest {}\n{} of {n_sealed} sealed files and {} journal segments written\n",
        key.project, key.version, key.manifest, transferred.n_files, transferred.n_segments
    );
    ctx.print(&TransferDocument::new(done, transferred), &text)?;
    Ok(ExitCode::Done)
}

fn sweep(args: &cli::StateSweep, ctx: &Context) -> Result<ExitCode, CommandError> {
    let state = ctx.state()?;
    let now = SystemTime::now();
    let mut forgotten = Vec::new();
    if let Some(days) = args.older_than {
        let age = Duration::from_secs(u64::from(days) * 24 * 60 * 60);
        for record in state.records()? {
            if !has_open_work(&record)? && is_older(&record, now, age)? {
                let key = record.key();
                state.forget(&record, &SystemClock)?;
                forgotten.push(format!("{}=={}", key.project, key.version));
            }
        }
    }
    let swept = state.sweep(now)?;
    let mut text: String = forgotten
        .iter()
        .map(|release| format!("forgot {release}\n"))
        .collect();
    text.push_str(&format!(
        "removed {} files, {} bytes\n",
        swept.n_files, swept.n_bytes
    ));
    ctx.print(&SweepDocument::new(forgotten, swept), &text)?;
    Ok(ExitCode::Done)
}

/// Whether nothing happened with a release for `age`: neither a line of its journal nor a sealing.
fn is_older(record: &ReleaseRecord, now: SystemTime, age: Duration) -> Result<bool, CommandError> {
    let last_line = Facts::read(record)?.records().map(|line| line.at).last();
    let since = |at: SystemTime| now.duration_since(at).unwrap_or_default();
    let is_quiet = last_line.is_none_or(|at: Timestamp| since(at.into()) >= age);
    Ok(is_quiet && since(record.sealed_at()) >= age)
}
