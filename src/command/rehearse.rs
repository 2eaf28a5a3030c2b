//! `pubflow rehearse`: the whole release for real, on an index inside this process. The worktree is
//! left untouched, nothing leaves the machine but what build requirements and dependencies need.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use pubflow_check::{SubjectKind, is_project};
use pubflow_finding::Severity;
use pubflow_forge::git;
use pubflow_stages::{Depth, copy_tree, open_files};
use tempfile::TempDir;

use super::build::{BuildJob, Done, build_and_seal};
use super::index::read_faults;
use crate::cli;
use crate::config::{ConfigError, Settings};
use crate::context::Context;
use crate::error::CommandError;
use crate::exit_code::ExitCode;
use crate::job::pythons;
use crate::rehearsal::Rehearsal;
use crate::release::OpenRelease;
use crate::render::{RehearsalDocument, RehearsalRow, findings_text, seconds, table};

/// Rehearses the release of a project.
pub(crate) fn run(args: &cli::Rehearse, ctx: &Context) -> Result<ExitCode, CommandError> {
    let wanted = match Settings::load(&args.directory, &ctx.env) {
        Ok(settings) => pythons(&args.verification, &settings),
        // The build says more of a broken pyproject.toml.
        Err(ConfigError::Syntax { .. }) => args.verification.pythons.clone(),
        Err(error) => return Err(error.into()),
    };
    if args.directory.is_dir() && !is_project(&args.directory) {
        return Err(CommandError::Argument {
            option: "DIR",
            value: args.directory.display().to_string(),
            expected: "Python project",
            why: "there is no pyproject.toml, setup.py or setup.cfg in it".to_owned(),
        });
    }
    let faults = args.faults.as_deref().map(read_faults).transpose()?;
    let stage = Stage::set(&args.directory, ctx)?;
    let own = ctx.with_state(stage.path("state"));
    let project = stage.path("project");
    let job = BuildJob::plain(&project, stage.path("dist"));
    let started = Instant::now();
    let built = build_and_seal(&job, &own)?;
    refuse_errors(&built, &args.directory, ctx)?;
    let mut rows = vec![RehearsalRow::new(
        "build sdist and wheel",
        "done",
        started.elapsed(),
    )];
    let mut release = OpenRelease::open(built.record, &own)?;
    let rehearsal = Rehearsal {
        depth: if args.no_verify {
            Depth::Digests
        } else {
            Depth::Install
        },
        wanted,
        faults,
        files: open_files(&own.state()?, &release.record)?,
        project: built.built.name.clone(),
        version: built.built.version.clone(),
    };
    let reports =
        ctx.block_on(async |interrupt| rehearsal.play(&mut release, interrupt, &own).await)?;
    let steps = reports.iter().flat_map(|report| &report.steps);
    rows.extend(steps.map(RehearsalRow::of));
    let cells: Vec<Vec<String>> = rows.iter().map(RehearsalRow::cells).collect();
    let total: Duration = started.elapsed();
    let text = format!(
        "{}\n{}\n{} {} went through the whole release in {}. Your files were not touched and nothing was published.\n",
        ctx.out.bold("Rehearsal"),
        table(&["what", "result", "time"], &cells),
        rehearsal.project,
        rehearsal.version,
        seconds(total)
    );
    ctx.print(
        &RehearsalDocument::new(&rehearsal.project, &rehearsal.version, rows, total),
        &text,
    )?;
    Ok(ExitCode::Done)
}

/// Stops where the check found errors in the project itself: a rehearsal that goes through says that
/// the release can be made.
fn refuse_errors(done: &Done, project: &Path, ctx: &Context) -> Result<(), CommandError> {
    let errors: Vec<_> = done
        .subjects
        .iter()
        .filter(|subject| subject.kind == SubjectKind::Pyproject)
        .flat_map(|subject| &subject.findings)
        .filter(|finding| finding.severity == Severity::Error)
        .collect();
    if errors.is_empty() {
        return Ok(());
    }
    let shown = project.display().to_string();
    ctx.note(findings_text(&shown, &errors, ctx.err).trim_end());
    Err(CommandError::ProjectErrors {
        n_errors: errors.len(),
    })
}

/// A scratch directory with a copy of the project.
struct Stage {
    scratch: TempDir,
}

impl Stage {
    fn set(project: &Path, ctx: &Context) -> Result<Self, CommandError> {
        if !project.is_dir() {
            return Err(CommandError::NoProject {
                path: project.to_owned(),
            });
        }
        let scratch = tempfile::tempdir().map_err(|source| CommandError::Io {
            path: project.to_owned(),
            done: "copied: there is no scratch directory",
            source,
        })?;
        let listed = git::files(project, &ctx.inherited)?;
        // Nothing that git knows of: the project lies in a folder that some repository ignores.
        let listed = listed.filter(|listed| !listed.is_empty());
        copy_tree(project, &scratch.path().join("project"), listed.as_deref())?;
        Ok(Self { scratch })
    }

    fn path(&self, name: &str) -> PathBuf {
        self.scratch.path().join(name)
    }
}
