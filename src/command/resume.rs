//! `pubflow resume`: finishes what an interrupted release left open.

use std::path::Path;

use pubflow_pipeline::{Facts, ReleaseRecord, StateDir};

use super::promote::{name_and_version, newest_record};
use super::yank::open_yank;
use crate::cli;
use crate::config::Settings;
use crate::context::Context;
use crate::error::CommandError;
use crate::exit_code::ExitCode;
use crate::job::{Job, publish, target_named};
use crate::release::{OpenRelease, is_open, last_recipe, recipe_of};
use crate::render::{NothingOpenDocument, print_json};

/// Repeats the last run of the named release, or of the newest one that is open. What is done is
/// seen to be done and not done again.
pub(crate) fn run(args: &cli::Resume, ctx: &Context) -> Result<ExitCode, CommandError> {
    let settings = Settings::load(Path::new("."), &ctx.env)?;
    let state = ctx.state()?;
    let record = match &args.release {
        Some(release) => {
            let (project, version) = name_and_version(release)?;
            newest_record(&state, &project, &version)?.ok_or_else(|| CommandError::NoRelease {
                release: release.clone(),
            })?
        }
        None => match newest_open(&state)? {
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
    let Some(recipe) = last_recipe(&release.journal) else {
        return Err(CommandError::NeverBegun { release: name });
    };
    ctx.note(&format!(
        "resuming {} of {name} to {}",
        recipe.command, recipe.index
    ));
    let target = target_named(&recipe.index, "journal", &settings)?;
    let source = recipe
        .from
        .as_deref()
        .map(|from| target_named(from, "journal", &settings))
        .transpose()?;
    let upload = cli::UploadOptions {
        token_file: args.token_file.clone(),
        yes: args.yes,
        jobs: 4,
        timeout: 1800,
        ..cli::UploadOptions::default()
    };
    let job = Job {
        target: &target.address,
        source: source.as_ref().map(|source| &source.address),
        named: false,
        recipe,
        upload: &upload,
    };
    publish(release, &state, &job, ctx)
}

/// The last sealed record whose last run did not come to its end.
fn newest_open(state: &StateDir) -> Result<Option<ReleaseRecord>, CommandError> {
    for record in state.records()? {
        let facts = Facts::read(&record)?;
        let is_yanking = open_yank(&record, &facts).is_some();
        if is_yanking || (recipe_of(&facts).is_some() && is_open(&facts)) {
            return Ok(Some(record));
        }
    }
    Ok(None)
}
