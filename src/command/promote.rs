//! `pubflow promote`: the very bytes that were tested on one index, to another.

use std::path::{Path, PathBuf};

use pubflow_pipeline::{ReleaseRecord, StateDir};
use pubflow_stages::{Origin, seal};

use crate::check_settings::with_waivers_of_project;
use crate::cli;
use crate::config::Settings;
use crate::context::Context;
use crate::error::CommandError;
use crate::exit_code::ExitCode;
use crate::job::{Job, publish, pythons, target_named};
use crate::records::{find_release_here, require_release, version_here, was_published};
use crate::release::{OpenRelease, Places, Recipe};
use crate::token::ChosenBy;

/// Promotes a sealed release, or given files whose evidence is made anew.
pub(crate) fn run(args: &cli::Promote, ctx: &Context) -> Result<ExitCode, CommandError> {
    let settings = Settings::load(Path::new("."), &ctx.env)?;
    let to = args.to.as_deref().unwrap_or("pypi");
    if to == args.from {
        return Err(CommandError::Argument {
            option: "--to",
            value: to.to_owned(),
            expected: "other index than --from",
            why: "a promotion moves files from one index to another".to_owned(),
        });
    }
    let source = target_named(&args.from, "--from", &settings)?;
    let target = target_named(to, "--to", &settings)?;
    let state = ctx.state()?;
    let record = chosen(&args.subjects, &args.from, &state)?;
    let recipe = Recipe {
        command: "promote".to_owned(),
        index: to.to_owned(),
        from: Some(args.from.clone()),
        verify: !args.upload.no_verify,
        pythons: pythons(&args.verification, &settings),
        consent: false,
        ignore: with_waivers_of_project(&args.upload.ignore, &settings.check)?,
        address: Places::of(&target.address),
        from_address: Some(Places::of(&source.address)),
    };
    let job = Job {
        target: &target.address,
        source: Some(&source.address),
        named: args.to.is_some(),
        chosen_by: ChosenBy::User,
        recipe,
        upload: &args.upload,
    };
    publish(OpenRelease::open(record, ctx)?, &state, &job, ctx)
}

/// The record to promote: by name and version, by files, or the newest that was tested on `from`.
fn chosen(
    subjects: &[String],
    from: &str,
    state: &StateDir,
) -> Result<ReleaseRecord, CommandError> {
    match subjects {
        [] => {
            let found = find_release_here(state, |record| was_published(record, from))?;
            let record = found.ok_or_else(|| CommandError::NonePublished {
                index: from.to_owned(),
            })?;
            require_version_here(&record, from)?;
            Ok(record)
        }
        [release] if release.contains("==") => {
            require_release(state, release, |record| was_published(record, from))
        }
        files => {
            let paths: Vec<PathBuf> = files.iter().map(PathBuf::from).collect();
            Ok(seal(state, &paths, Origin::default())?)
        }
    }
}

/// Stops where the project here has moved on: what was tested is not what its files say.
fn require_version_here(record: &ReleaseRecord, from: &str) -> Result<(), CommandError> {
    let manifest = record.manifest();
    match version_here(Path::new(".")) {
        Some(here) if here != *manifest.version() => Err(CommandError::OtherVersion {
            release: format!("{}=={}", manifest.name(), manifest.version()),
            here: here.to_string(),
            index: from.to_owned(),
        }),
        _ => Ok(()),
    }
}
