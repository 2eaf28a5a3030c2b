//! `pubflow check`: findings of projects, distributions and metadata files, offline.

use std::fs;
use std::io::Write;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use pubflow_check::{
    CheckOptions, FixLevel, FixedFile, check_paths, fix_pyproject, fixable_files, is_project,
    written_out,
};
use pubflow_finding::Finding;

use crate::check_settings::{Selections, project_of};
use crate::cli::{self, Format};
use crate::context::Context;
use crate::error::CommandError;
use crate::exit_code::ExitCode;
use crate::fetched::temporary_directory;
use crate::predecessor::predecessor;
use crate::render::{self, CheckResult, Style, file_diff, rendered};

/// Checks what was named, or the project here and its `dist/`.
pub(crate) fn run(args: &cli::Check, ctx: &Context) -> Result<ExitCode, CommandError> {
    let paths = match args.paths.is_empty() {
        true => vec![PathBuf::from(".")],
        false => written_out(&args.paths)?,
    };
    if paths.is_empty() || (args.paths.is_empty() && !is_project(&paths[0])) {
        return Err(CommandError::NothingToCheck);
    }
    let mut selections = Selections::new(&args.rules, args.target.as_deref(), &ctx.env)?;
    if args.fixes.diff {
        return show_diff(&paths, args, &mut selections, ctx);
    }
    let cured = match args.fixes.fix || args.fixes.unsafe_fixes {
        true => fix(&paths, args, &mut selections)?,
        false => Vec::new(),
    };
    let fetched = temporary_directory()?;
    let against = match &args.against {
        Some(text) => Some(predecessor(text, &paths, fetched.path(), ctx)?),
        None => None,
    };
    let options = CheckOptions {
        threads: std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN),
        against,
    };
    let mut subjects = check_paths(&paths, &options)?;
    selections.apply(&mut subjects)?;
    let result = |style| CheckResult {
        subjects: &subjects,
        cured: &cured,
        strict: args.strict,
        notes: args.notes || selections.names_a_rule(),
        statistics: args.statistics,
        style,
    };
    for output in &args.output {
        write_file(
            &output.file,
            rendered(&result(Style::none()), output.format).as_bytes(),
        )?;
    }
    say_in_actions(&result(Style::none()), ctx);
    ctx.print_text(&rendered(&result(ctx.out), ctx.format))?;
    let passes = subjects.iter().all(|subject| subject.passes(args.strict));
    Ok(if passes {
        ExitCode::Done
    } else {
        ExitCode::Findings
    })
}

/// The files that have fixes, before and after.
fn fixed_files(
    paths: &[PathBuf],
    args: &cli::Check,
    selections: &mut Selections,
) -> Result<Vec<(PathBuf, FixedFile)>, CommandError> {
    let level = match args.fixes.unsafe_fixes {
        true => FixLevel::Unsafe,
        false => FixLevel::Safe,
    };
    let mut files = Vec::new();
    for (path, kind) in fixable_files(paths)? {
        let selection = selections.of_project(&project_of(&path, kind))?;
        let fixed = fix_pyproject(&path, level, selection).map_err(|source| CommandError::Io {
            path: path.clone(),
            done: "read",
            source,
        })?;
        if fixed.is_changed() {
            files.push((path, fixed));
        }
    }
    Ok(files)
}

/// Applies fixes and says which.
fn fix(
    paths: &[PathBuf],
    args: &cli::Check,
    selections: &mut Selections,
) -> Result<Vec<Finding>, CommandError> {
    let mut cured = Vec::new();
    for (path, fixed) in fixed_files(paths, args, selections)? {
        replace_file(&path, &fixed.after)?;
        cured.extend(fixed.cured);
    }
    Ok(cured)
}

/// Prints what `--fix` would change; exit 1 when there is something.
fn show_diff(
    paths: &[PathBuf],
    args: &cli::Check,
    selections: &mut Selections,
    ctx: &Context,
) -> Result<ExitCode, CommandError> {
    let files = fixed_files(paths, args, selections)?;
    let diff = |(path, fixed): &(PathBuf, FixedFile)| {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        file_diff(path, &text(&fixed.before), &text(&fixed.after), ctx.out)
    };
    ctx.print_text(&files.iter().map(diff).collect::<String>())?;
    if files.is_empty() {
        ctx.note("nothing to fix");
        return Ok(ExitCode::Done);
    }
    let n_fixes: usize = files.iter().map(|(_, fixed)| fixed.cured.len()).sum();
    let option = match args.fixes.unsafe_fixes {
        true => "--unsafe-fixes",
        false => "--fix",
    };
    ctx.note(&format!(
        "{n_fixes} to be fixed; `pubflow check {option}` writes it"
    ));
    Ok(ExitCode::Findings)
}

/// Puts a new content in the place of a file, whole or not at all, with the permissions it had. A
/// link stays a link.
fn replace_file(path: &Path, content: &[u8]) -> Result<(), CommandError> {
    let failed = |source| CommandError::Io {
        path: path.to_owned(),
        done: "written",
        source,
    };
    let real = fs::canonicalize(path).map_err(failed)?;
    let directory = real.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(directory).map_err(failed)?;
    file.write_all(content).map_err(failed)?;
    let permissions = fs::metadata(&real).map_err(failed)?.permissions();
    file.as_file()
        .set_permissions(permissions)
        .map_err(failed)?;
    file.as_file().sync_all().map_err(failed)?;
    file.persist(&real).map_err(|error| failed(error.error))?;
    Ok(())
}

fn write_file(path: &Path, content: &[u8]) -> Result<(), CommandError> {
    fs::write(path, content).map_err(|source| CommandError::Io {
        path: path.to_owned(),
        done: "written",
        source,
    })
}

/// In GitHub Actions: annotations beside the lines, and a summary of the job. Annotations go to
/// standard error, which Actions reads too, so that results stay what they are.
fn say_in_actions(result: &CheckResult, ctx: &Context) {
    if ctx.env.get("GITHUB_ACTIONS") != Some("true") {
        return;
    }
    if ctx.format != Format::Github {
        let annotations = rendered(result, Format::Github);
        if !annotations.is_empty() {
            render::note(annotations.trim_end());
        }
    }
    if let Some(summary) = ctx.env.get("GITHUB_STEP_SUMMARY") {
        let text = rendered(result, Format::Markdown);
        let written = fs::OpenOptions::new()
            .append(true)
            .create(true)
            .open(summary)
            .and_then(|mut file| file.write_all(text.as_bytes()));
        if let Err(error) = written {
            ctx.note(&format!(
                "warning: the job summary was not written: {error}"
            ));
        }
    }
}
