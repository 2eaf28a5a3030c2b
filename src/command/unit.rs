//! `pubflow build --unit ID`: one part of a release, with a fragment for `pubflow collect`.

use std::path::{Path, PathBuf};
use std::time::Duration;

use pubflow_check::{CheckOptions, check_paths};
use pubflow_process::{Cancel, Scratch};
use pubflow_stages::{BuildUnit, Fragment, UnitFile, UnitRun, look_at, plan_digest, run_unit};

use super::build::{BuildJob, build_only, cancel_on, head_of, place};
use crate::check_settings::Selections;
use crate::cli::RuleChoice;
use crate::config::Settings;
use crate::context::Context;
use crate::error::CommandError;
use crate::exit_code::ExitCode;
use crate::render::{JoinedDocument, joined_text};

/// Compilers for several interpreters and platforms are slow.
const DEADLINE: Duration = Duration::from_secs(6 * 3600);

/// Builds the unit `id` of the project of `job`, whose output directory holds it afterwards.
pub(super) fn run(id: &str, job: &BuildJob<'_>, ctx: &Context) -> Result<ExitCode, CommandError> {
    let settings = Settings::load(job.project, &ctx.env)?;
    let units = settings.build.units();
    let unit = units.iter().find(|unit| unit.id == id);
    let unit = unit.ok_or_else(|| CommandError::Argument {
        option: "--unit",
        value: id.to_owned(),
        expected: "unit of this project",
        why: format!(
            "`build.units` has {}",
            units
                .iter()
                .map(|one| one.id.as_str())
                .collect::<Vec<_>>()
                .join(", ")
        ),
    })?;
    let head = head_of(job.project, ctx)?;
    let files = match unit.command.is_empty() {
        true => {
            let built = build_only(job, ctx)?;
            let files = [built.sdist.path.clone(), built.wheel.path.clone()];
            look_at(unit, &files)?
        }
        false => run_command(unit, job, head.epoch, ctx)?,
    };
    let fragment =
        Fragment::new(unit, head.commit, plan_digest(&units), &files).write(&job.out_dir)?;
    ctx.note(&format!("wrote {}", fragment.display()));
    report(&files, &[], ctx)
}

fn run_command(
    unit: &BuildUnit,
    job: &BuildJob<'_>,
    epoch: Option<u64>,
    ctx: &Context,
) -> Result<Vec<UnitFile>, CommandError> {
    let scratch = Scratch::make("unit", &ctx.inherited).map_err(|source| CommandError::Io {
        path: std::env::temp_dir(),
        done: "written",
        source,
    })?;
    ctx.note(&format!(
        "building the unit {}: {}",
        unit.id,
        unit.command.join(" ")
    ));
    let made = ctx.block_on(async |interrupt| {
        let cancel = Cancel::new();
        let watcher = tokio::spawn(cancel_on(interrupt, cancel.clone()));
        let made = tokio::task::block_in_place(|| {
            run_unit(&UnitRun {
                unit,
                project: job.project,
                out: scratch.path(),
                source_date_epoch: epoch,
                inherited: &ctx.inherited,
                deadline: DEADLINE,
                cancel: Some(&cancel),
            })
        });
        watcher.abort();
        match made {
            Err(_) if cancel.is_cancelled() => Err(CommandError::Interrupted { landed: false }),
            made => Ok(made?),
        }
    })?;
    let paths = place(made.iter().map(|file| file.path.as_path()), &job.out_dir)?;
    let placed = made.into_iter().zip(paths);
    Ok(placed
        .map(|(file, path)| UnitFile { path, ..file })
        .collect())
}

/// Prints the files with what the check says of them.
pub(super) fn report(
    files: &[UnitFile],
    notes: &[String],
    ctx: &Context,
) -> Result<ExitCode, CommandError> {
    let paths: Vec<PathBuf> = files.iter().map(|file| file.path.clone()).collect();
    let mut subjects = check_paths(&paths, &CheckOptions::default())?;
    Selections::new(&RuleChoice::default(), None, &ctx.env)?.apply(&mut subjects)?;
    let document = JoinedDocument::new(files, &subjects, notes);
    ctx.print(&document, &joined_text(files, &subjects, notes, ctx.out))?;
    Ok(ExitCode::Done)
}

/// The directory of a unit where none is named.
pub(super) fn usual_place(project: &Path, id: &str) -> PathBuf {
    project.join("dist").join(id)
}
