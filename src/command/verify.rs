//! `pubflow verify`: installs files in fresh environments and tests them.

use std::path::{Path, PathBuf};

use pubflow_python::verify::VerifySubject;
use pubflow_stages::Interpreters;

use crate::cli;
use crate::config::Settings;
use crate::context::Context;
use crate::error::CommandError;
use crate::exit_code::ExitCode;
use crate::fetched::{ReleaseOnIndex, temporary_directory};
use crate::job::pythons;
use crate::records::name_and_version;
use crate::render::{VerifyDocument, findings_text, seconds, table};

/// Verifies files, or the files of a release as an index serves them.
pub(crate) fn run(args: &cli::Verify, ctx: &Context) -> Result<ExitCode, CommandError> {
    let settings = Settings::load(Path::new("."), &ctx.env)?;
    let fetched = temporary_directory()?;
    let mut files = Vec::new();
    for subject in &args.subjects {
        if subject.contains("==") && !Path::new(subject).exists() {
            files.extend(fetch(subject, args, &settings, fetched.path(), ctx)?);
        } else {
            files.push(PathBuf::from(subject));
        }
    }
    let interpreters = Interpreters {
        wanted: pythons(&args.verification, &settings),
        inherited: ctx.inherited.clone(),
    };
    ctx.note("installing in fresh environments and testing");
    let subjects = ctx.block_on(async |mut interrupt| {
        tokio::select! {
            tried = interpreters.try_files(files) => match tried {
                Ok(tried) => Ok(tried?),
                Err(error) => Err(CommandError::Runtime { source: std::io::Error::other(error) }),
            },
            _ = interrupt.wait_for(|stop| *stop) => {
                Err(CommandError::Interrupted { landed: false })
            }
        }
    })?;
    let passes = subjects
        .iter()
        .all(|subject| subject.worst() < Some(pubflow_finding::Severity::Error));
    ctx.print(&VerifyDocument::new(&subjects), &text(&subjects, ctx))?;
    Ok(if passes {
        ExitCode::Done
    } else {
        ExitCode::Findings
    })
}

/// Fetches every file of `NAME==VERSION` from the chosen index.
fn fetch(
    subject: &str,
    args: &cli::Verify,
    settings: &Settings,
    into: &Path,
    ctx: &Context,
) -> Result<Vec<PathBuf>, CommandError> {
    let (project, version) = name_and_version(subject)?;
    let requested = args.index.requested();
    let release = ReleaseOnIndex::observe(&project, &version, &requested, settings, ctx)?;
    (0..release.files.len())
        .map(|place| release.fetch(place, into, ctx))
        .collect()
}

fn text(subjects: &[VerifySubject], ctx: &Context) -> String {
    let mut text = String::new();
    for subject in subjects {
        let python = subject
            .python
            .as_deref()
            .unwrap_or("no fitting interpreter");
        let verdict = match subject.worst() {
            Some(pubflow_finding::Severity::Error) => ctx.out.red("fail"),
            _ => ctx.out.green("pass"),
        };
        let name = subject
            .path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default();
        text.push_str(&format!("{verdict} {name} on {python}\n"));
        let rows: Vec<Vec<String>> = subject
            .checks
            .iter()
            .map(|check| {
                vec![
                    format!("  {}", check.name),
                    outcome(check),
                    seconds(check.duration),
                    check.detail.clone(),
                ]
            })
            .collect();
        text.push_str(&table(&["  check", "result", "time", ""], &rows));
        let findings: Vec<_> = subject.findings.iter().collect();
        text.push_str(&findings_text(&name, &findings, ctx.out));
    }
    text
}

fn outcome(check: &pubflow_python::verify::CheckOutcome) -> String {
    use pubflow_python::verify::Outcome;
    match check.outcome {
        Outcome::Passed => "pass".to_owned(),
        Outcome::Found(severity) => severity.to_string(),
        Outcome::Skipped => "skipped".to_owned(),
    }
}
