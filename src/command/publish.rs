//! `pubflow publish`: check, upload, wait, verify, for one index. Never builds.

use std::path::Path;

use pubflow_stages::{Origin, keep_attestations, seal};

use crate::cli;
use crate::config::{Settings, choose_target};
use crate::context::Context;
use crate::error::CommandError;
use crate::exit_code::ExitCode;
use crate::job::{Job, publish};
use crate::release::{OpenRelease, Recipe};
use crate::selection::chosen_files;
use crate::token::ChosenBy;

/// Publishes the files that were named, or the newest sealed set in `dist/`.
pub(crate) fn run(args: &cli::Publish, ctx: &Context) -> Result<ExitCode, CommandError> {
    let here = Path::new(".");
    let settings = Settings::load(here, &ctx.env)?;
    let target = choose_target(&args.index.requested(), &settings, &ctx.env, here)?;
    let state = ctx.state()?;
    let paths = chosen_files(&args.files, &state)?;
    let record = seal(&state, &paths, Origin::default())?;
    keep_attestations(&record, &paths)?;
    let recipe = Recipe::new(
        "publish",
        &target.address,
        (&args.upload, &args.verification),
        &settings,
    )?;
    let named = args.index.requested().name.is_some();
    ctx.note(&format!(
        "index: {} ({})",
        target.address.name, target.origin
    ));
    let job = Job {
        target: &target.address,
        source: None,
        named,
        chosen_by: ChosenBy::of(&target, &settings),
        recipe,
        upload: &args.upload,
        whole: None,
    };
    publish(OpenRelease::open(record, ctx)?, &state, &job, ctx)
}
