//! `pubflow check`: findings of projects, distributions and metadata files, offline.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use pubflow_check::{CheckOptions, SubjectReport, check_paths, is_project};
use pubflow_finding::Severity;

use crate::cli;
use crate::context::Context;
use crate::error::CommandError;
use crate::exit_code::ExitCode;
use crate::render::{CheckDocument, findings_text};

/// Checks what was named, or the project here and its `dist/`.
pub(crate) fn run(args: &cli::Check, ctx: &Context) -> Result<ExitCode, CommandError> {
    let here = PathBuf::from(".");
    let paths = if args.paths.is_empty() {
        vec![here]
    } else {
        args.paths.clone()
    };
    if args.paths.is_empty() && !is_project(&paths[0]) {
        return Err(CommandError::NothingToCheck);
    }
    let options = CheckOptions {
        threads: std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN),
    };
    let subjects = check_paths(&paths, &options)?;
    let passes = subjects.iter().all(|subject| subject.passes(args.strict));
    ctx.print(
        &CheckDocument::new(&subjects, args.strict),
        &text(&subjects, args, ctx),
    )?;
    Ok(if passes {
        ExitCode::Done
    } else {
        ExitCode::Findings
    })
}

fn text(subjects: &[SubjectReport], args: &cli::Check, ctx: &Context) -> String {
    let mut text = String::new();
    let (mut n_errors, mut n_warnings, mut n_notes) = (0, 0, 0);
    for subject in subjects {
        for finding in &subject.findings {
            *match finding.severity {
                Severity::Error => &mut n_errors,
                Severity::Warning => &mut n_warnings,
                Severity::Note => &mut n_notes,
            } += 1;
        }
        let shown: Vec<_> = subject
            .findings
            .iter()
            .filter(|finding| args.notes || finding.severity > Severity::Note)
            .collect();
        let verdict = match subject.passes(args.strict) {
            true => ctx.out.green("pass"),
            false => ctx.out.red("fail"),
        };
        text.push_str(&format!(
            "{verdict} {} ({})\n",
            subject.path.display(),
            subject.kind.as_str()
        ));
        text.push_str(&findings_text(
            &subject.path.display().to_string(),
            &shown,
            ctx.out,
        ));
    }
    let hidden = if n_notes > 0 && !args.notes {
        format!(", {n_notes} notes (--notes shows them)")
    } else {
        String::new()
    };
    text.push_str(&format!(
        "{} checked: {n_errors} errors, {n_warnings} warnings{hidden}\n",
        subjects.len()
    ));
    text
}
