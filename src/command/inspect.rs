//! `pubflow inspect`: everything that one distribution tells without being installed.

use std::fs;
use std::io;
use std::num::NonZeroUsize;
use std::path::Path;
use std::thread::available_parallelism;

use pubflow_check::{CheckError, check_distribution};
use pubflow_dist::overview::Overview;
use pubflow_dist::{Archive, Distribution, Limits, OpenError, sha256_file};

use crate::cli;
use crate::context::Context;
use crate::error::CommandError;
use crate::exit_code::ExitCode;
use crate::render::{self, Inspected, inspection_document, inspection_page, inspection_text};

/// Shows a distribution as text, as JSON or as a page.
pub(crate) fn run(args: &cli::Inspect, ctx: &Context) -> Result<ExitCode, CommandError> {
    let path = args.file.as_path();
    let threads = available_parallelism().unwrap_or(NonZeroUsize::MIN);
    let distribution =
        Distribution::open_on(path, &Limits::default(), threads).map_err(unreadable)?;
    let findings = check_distribution(&distribution);
    let inspected = Inspected {
        path,
        bytes: fs::metadata(path)
            .map_err(|source| wrong(path, source))?
            .len(),
        sha256: sha256_file(path).map_err(|source| wrong(path, source))?,
        overview: &Overview::of(&distribution).map_err(unreadable)?,
        findings: &findings,
        distribution: &distribution,
    };
    match &args.html {
        Some(to) => write_page(to, &inspection_page(&inspected), ctx)?,
        None => ctx.print(
            &inspection_document(&inspected),
            &inspection_text(&inspected, args.files, ctx.out),
        )?,
    }
    Ok(
        if distribution.archive().is_some_and(Archive::is_readable) {
            ExitCode::Done
        } else {
            ExitCode::Findings
        },
    )
}

fn write_page(to: &Path, page: &str, ctx: &Context) -> Result<(), CommandError> {
    if to == Path::new("-") {
        return render::print(page).map_err(|source| CommandError::Output { source });
    }
    fs::write(to, page).map_err(|source| CommandError::Io {
        path: to.to_owned(),
        done: "written",
        source,
    })?;
    ctx.note(&format!("written to {}", to.display()));
    Ok(())
}

/// A distribution that the system does not let us read.
pub(super) fn unreadable(error: OpenError) -> CommandError {
    wrong(&error.path, error.source)
}

fn wrong(path: &Path, source: io::Error) -> CommandError {
    CommandError::Check(CheckError {
        path: path.to_owned(),
        source,
    })
}
