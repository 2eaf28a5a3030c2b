//! `pubflow doctor`: what a release needs, and what is missing.

use pubflow_forge::git::checkout;

use super::release::{destinations, place, rehearsal};
use crate::cli;
use crate::config::{Settings, choose_target};
use crate::context::Context;
use crate::error::CommandError;
use crate::exit_code::ExitCode;
use crate::preflight::{Answer, Asked, ask};
use crate::render::{AnswersDocument, answers_text};
use crate::slice::Slice;

/// Asks everything, and shows every answer.
pub(crate) fn run(args: &cli::Doctor, ctx: &Context) -> Result<ExitCode, CommandError> {
    let directory = &args.directory;
    let settings = Settings::load(directory, &ctx.env)?;
    let target = choose_target(&args.index.requested(), &settings, &ctx.env, directory)?;
    let rehearsal = rehearsal(&place(None, &settings), &target.address, &settings)?;
    let all = Slice::default();
    let destinations = destinations((&target, None), rehearsal.index(), &all, &settings);
    let checkout = checkout(directory, &ctx.inherited)?;
    let asked = Asked::about(directory, &settings, &destinations, checkout.as_ref(), ctx);
    let answers = ask(&asked)?;
    let shown: Vec<&Answer> = answers.iter().collect();
    let gravest = answers.iter().map(|answer| answer.verdict).min();
    ctx.print(
        &AnswersDocument::new(&answers),
        &answers_text(&shown, ctx.out),
    )?;
    let exit = gravest.and_then(crate::preflight::Verdict::exit_code);
    Ok(exit.unwrap_or(ExitCode::Done))
}
