//! `pubflow resume`: finishes what an interrupted release left open.

use std::path::Path;

use pubflow_pipeline::{Facts, ReleaseRecord};

use super::yank::open_yank;
use crate::cli;
use crate::config::Settings;
use crate::context::Context;
use crate::error::CommandError;
use crate::exit_code::ExitCode;
use crate::job::{Job, publish};
use crate::records::{find_release_here, require_release};
use crate::release::{OpenRelease, abandoned, is_open, last_recipe, recipe_of};
use crate::render::{NothingOpenDocument, print_json};
use crate::token::ChosenBy;

/// Repeats the last run of the named release, or of the newest one that is open. What is done is
/// seen to be done and not done again.
pub(crate) fn run(args: &cli::Resume, ctx: &Context) -> Result<ExitCode, CommandError> {
    let settings = Settings::load(Path::new("."), &ctx.env)?;
    let state = ctx.state()?;
    let record = match &args.release {
        Some(release) => require_release(&state, release, has_open_work)?,
        None => match find_release_here(&state, has_open_work)? {
            Some(record) => record,
            None => {
                ctx.note("nothing is open");
                if ctx.json() {
                    print_json(&NothingOpenDocument::new())
                        .map_err(|source| CommandError::Output { source })?;
                }
                return Ok(ExitCode::Done);
            }
        },
    };
    if let Some(yank) = open_yank(&record, &Facts::read(&record)?) {
        ctx.note(&format!("resuming the yank of {}", yank.release));
        let token_file = args.token_file.clone();
        return super::yank::run(&cli::Yank { token_file, ..yank }, ctx);
    }
    let release = OpenRelease::open(record, ctx)?;
    let key = release.record.key();
    let name = format!("{}=={}", key.project, key.version);
    if let Some(reason) = abandoned(release.journal.facts()) {
        let reason = reason.to_owned();
        return Err(CommandError::Abandoned {
            release: name,
            reason,
        });
    }
    let Some(recipe) = last_recipe(&release.journal) else {
        return Err(CommandError::NeverBegun { release: name });
    };
    ctx.note(&format!(
        "resuming {} of {name} to {}",
        recipe.command, recipe.index
    ));
    let target = recipe.address.resolve(&recipe.index, &settings)?;
    let source = match (&recipe.from, &recipe.from_address) {
        (Some(from), Some(places)) => Some(places.resolve(from, &settings)?),
        _ => None,
    };
    let upload = cli::UploadOptions {
        token_file: args.token_file.clone(),
        yes: args.yes,
        ignore: recipe.ignore.clone(),
        jobs: recipe.jobs,
        timeout: recipe.timeout,
        ..cli::UploadOptions::default()
    };
    let whole = recipe
        .whole
        .as_ref()
        .map(|whole| super::release::begun(whole, &target, &settings, ctx))
        .transpose()?;
    let job = Job {
        target: &target,
        source: source.as_ref(),
        named: recipe.consent,
        chosen_by: match !recipe.consent && settings.is_placed_by_project(&recipe.index) {
            true => ChosenBy::Project,
            false => ChosenBy::User,
        },
        recipe,
        upload: &upload,
        whole: whole.as_ref(),
    };
    publish(release, &state, &job, ctx)
}

/// Whether the last run, or a yank, did not come to its end.
pub(super) fn has_open_work(record: &ReleaseRecord) -> Result<bool, CommandError> {
    let facts = Facts::read(record)?;
    let is_yanking = open_yank(record, &facts).is_some();
    Ok(is_yanking || (recipe_of(&facts).is_some() && is_open(&facts)))
}
