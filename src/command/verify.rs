//! `pubflow verify`: installs files in fresh environments and tests them; what fits no interpreter
//! of this machine is judged by its bytes.

use std::io::Write;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use pubflow_check::{CheckOptions, check_paths};
use pubflow_finding::{Finding, Severity};
use pubflow_python::installer::Network;
use pubflow_python::verify::VerifySubject;
use pubflow_stages::Interpreters;

use crate::cli::{self, Format};
use crate::config::Settings;
use crate::context::Context;
use crate::error::CommandError;
use crate::exit_code::ExitCode;
use crate::fetched::{ReleaseOnIndex, temporary_directory};
use crate::job::pythons;
use crate::predecessor::predecessor;
use crate::records::name_and_version;
use crate::render::{Style, verification};
use crate::selection::distributions_in;
use crate::smoke::{projects_of, smoke_test};

/// Verifies files, or the files of a release as an index serves them.
pub(crate) fn run(args: &cli::Verify, ctx: &Context) -> Result<ExitCode, CommandError> {
    let settings = Settings::load(Path::new("."), &ctx.env)?;
    let fetched = temporary_directory()?;
    let files = files(args, &settings, fetched.path(), ctx)?;
    let last = temporary_directory()?;
    let previous = match &args.upgrade_from {
        Some(text) => predecessor(text, &files, last.path(), ctx)?.files,
        None => Vec::new(),
    };
    let interpreters = Interpreters {
        wanted: pythons(&args.verification, &settings),
        inherited: ctx.inherited.clone(),
        smoke: smoke_test(
            &settings,
            Path::new("."),
            &projects_of(files.iter().map(PathBuf::as_path)),
        ),
        previous,
        installer: args.installer.choice(),
        network: match args.offline {
            true => Network::Offline,
            false => Network::Online,
        },
    };
    ctx.note("installing in fresh environments and testing");
    let mut subjects = ctx.block_on(async |mut interrupt| {
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
    read_what_was_not_installed(&mut subjects)?;
    name_as_served(&mut subjects, fetched.path());
    for output in &args.output {
        let text = verification(&subjects, output.format, Style::none());
        write(
            &output.file,
            text.as_bytes(),
            std::fs::OpenOptions::new().truncate(true),
        )?;
    }
    if let Some(summary) = ctx.env.get("GITHUB_STEP_SUMMARY") {
        let text = verification(&subjects, Format::Markdown, Style::none());
        write(
            Path::new(summary),
            text.as_bytes(),
            std::fs::OpenOptions::new().append(true),
        )?;
    }
    ctx.print_text(&verification(&subjects, ctx.format, ctx.out))?;
    let passes = subjects
        .iter()
        .all(|subject| subject.worst() < Some(Severity::Error));
    Ok(if passes {
        ExitCode::Done
    } else {
        ExitCode::Findings
    })
}

/// What was named, directories written out and releases fetched.
fn files(
    args: &cli::Verify,
    settings: &Settings,
    into: &Path,
    ctx: &Context,
) -> Result<Vec<PathBuf>, CommandError> {
    let mut files = Vec::new();
    for subject in &args.subjects {
        let path = Path::new(subject);
        if subject.contains("==") && !path.exists() {
            files.extend(fetch(subject, args, settings, into, ctx)?);
        } else if path.is_dir() {
            let found = distributions_in(path)?;
            if found.is_empty() {
                return Err(CommandError::Argument {
                    option: "SUBJECTS",
                    value: subject.clone(),
                    expected: "file or directory with distributions",
                    why: "there is no wheel and no sdist in it".to_owned(),
                });
            }
            files.extend(found);
        } else {
            files.push(path.to_owned());
        }
    }
    Ok(files)
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

/// Adds what can be told from the bytes of files that fit no interpreter here.
fn read_what_was_not_installed(subjects: &mut [VerifySubject]) -> Result<(), CommandError> {
    let paths: Vec<PathBuf> = subjects
        .iter()
        .filter(|subject| subject.python.is_none())
        .map(|subject| subject.path.clone())
        .collect();
    if paths.is_empty() {
        return Ok(());
    }
    let options = CheckOptions {
        threads: std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN),
        against: None,
    };
    for report in check_paths(&paths, &options)? {
        let mut mine = subjects.iter_mut().filter(|one| one.path == report.path);
        if let Some(subject) = mine.find(|subject| subject.python.is_none()) {
            let found = report.findings.into_iter();
            let worth_saying = found.filter(|one| one.severity > Severity::Note);
            subject.findings.extend(worth_saying);
        }
    }
    Ok(())
}

/// Files that were fetched are called as the index calls them; the directory they lay in is gone
/// when the result is read.
fn name_as_served(subjects: &mut [VerifySubject], directory: &Path) {
    let prefix = format!("{}{}", directory.display(), std::path::MAIN_SEPARATOR);
    let rename = |finding: &mut Finding| {
        finding.place.path = finding.place.path.replace(&prefix, "");
        finding.by_hand = finding
            .by_hand
            .take()
            .map(|line| line.replace(&prefix, "./"));
    };
    for subject in subjects {
        if let Ok(name) = subject.path.strip_prefix(directory) {
            subject.path = name.to_owned();
        }
        subject.findings.iter_mut().for_each(rename);
        for check in &mut subject.checks {
            check.findings.iter_mut().for_each(rename);
        }
    }
}

fn write(
    path: &Path,
    content: &[u8],
    options: &mut std::fs::OpenOptions,
) -> Result<(), CommandError> {
    options
        .write(true)
        .create(true)
        .open(path)
        .and_then(|mut file| file.write_all(content))
        .map_err(|source| CommandError::Io {
            path: path.to_owned(),
            done: "written",
            source,
        })
}
