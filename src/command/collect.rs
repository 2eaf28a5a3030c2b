//! `pubflow collect`: joins what other machines have built, checks and seals it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use pubflow_pipeline::StateDir;
use pubflow_spec::{DistributionFilename, ProjectName, Version};
use pubflow_stages::{
    Collected, Expected, Origin, UnitFile, Wanted, collect, plan_digest, release_of, seal_expecting,
};

use super::build::{head_of, place};
use super::unit::report;
use crate::cli;
use crate::config::{BuildSettings, Settings};
use crate::context::Context;
use crate::error::CommandError;
use crate::exit_code::ExitCode;

/// The entry of `expect` that stands for the tags of the last release.
const LIKE_THE_LAST: &str = "same-tags-as-last";

/// Joins the directories and says what the release is.
pub(crate) fn run(args: &cli::Collect, ctx: &Context) -> Result<ExitCode, CommandError> {
    let here = Path::new(".");
    let settings = Settings::load(here, &ctx.env)?;
    let state = ctx.state()?;
    let wanted = wanted(&settings.build, ctx)?;
    let collected = collect(&args.directories, &wanted)?;
    let mut notes = Vec::new();
    for name in &collected.unvouched {
        notes.push(format!(
            "no fragment speaks for {name}: it is taken as it is"
        ));
    }
    if let Some(note) = compare_with_last(&settings.build, &collected, &state)? {
        notes.push(note);
    }
    let paths = place(
        collected.files.iter().map(|file| file.path.as_path()),
        &args.out_dir,
    )?;
    let expected: Vec<_> = paths
        .iter()
        .zip(&collected.files)
        .map(|(path, file)| (path.clone(), file.sha256))
        .collect();
    let tools = BTreeMap::from([("pubflow".to_owned(), env!("CARGO_PKG_VERSION").to_owned())]);
    let commit = collected.commit.clone();
    let record = seal_expecting(&state, &expected, Origin { commit, tools })?;
    let (key, n_units) = (record.key(), collected.units.len());
    ctx.note(&format!(
        "sealed {} {}: {} files of {n_units} units",
        key.project,
        key.version,
        paths.len()
    ));
    let files: Vec<UnitFile> = collected
        .files
        .into_iter()
        .zip(paths)
        .map(|(file, path)| UnitFile { path, ..file })
        .collect();
    report(&files, &notes, ctx)
}

/// What the joined set has to be: every unit of the configuration, all from the commit that is checked
/// out here, where there is one.
fn wanted(settings: &BuildSettings, ctx: &Context) -> Result<Wanted, CommandError> {
    let expect = settings.expect.as_ref();
    let expect = expect.map_or_else(Vec::new, |setting| setting.value.clone());
    let exact: Vec<String> = expect
        .into_iter()
        .filter(|one| one != LIKE_THE_LAST)
        .collect();
    let (units, plan) = match &settings.units {
        None => (Vec::new(), None),
        Some(setting) => (
            setting.value.iter().map(|unit| unit.id.clone()).collect(),
            Some(plan_digest(&setting.value)),
        ),
    };
    Ok(Wanted {
        units,
        plan,
        commit: head_of(Path::new("."), ctx)?.commit,
        expected: Expected::of(&exact),
    })
}

/// Compares the tags with those of the newest release before this one that is recorded here.
fn compare_with_last(
    settings: &BuildSettings,
    collected: &Collected,
    state: &StateDir,
) -> Result<Option<String>, CommandError> {
    let asks = |setting: &crate::config::Setting<Vec<String>>| {
        setting.value.iter().any(|one| one == LIKE_THE_LAST)
    };
    if !settings.expect.as_ref().is_some_and(asks) {
        return Ok(None);
    }
    let paths: Vec<PathBuf> = collected
        .files
        .iter()
        .map(|file| file.path.clone())
        .collect();
    let (project, version) = release_of(&paths)?;
    let Some(last) = last_release(state, &project, &version)? else {
        return Ok(Some(format!(
            "no release before {version} is recorded here, so the tags were compared with none"
        )));
    };
    let last: Vec<&DistributionFilename> = last.iter().collect();
    let names: Vec<&DistributionFilename> =
        collected.files.iter().map(|file| &file.filename).collect();
    let compared = Expected::like(&last).compare(&names);
    compared.map_err(|source| pubflow_stages::CollectError::Unexpected { source })?;
    Ok(None)
}

/// The files of the highest version below `version` that is recorded.
fn last_release(
    state: &StateDir,
    project: &ProjectName,
    version: &Version,
) -> Result<Option<Vec<DistributionFilename>>, CommandError> {
    let records = state.records_of(project)?.into_iter();
    let earlier = records.filter(|record| record.manifest().version() < version);
    let last = earlier.max_by(|a, b| a.manifest().version().cmp(b.manifest().version()));
    Ok(last.map(|record| {
        let files = record.manifest().files().iter();
        files
            .filter_map(|file| DistributionFilename::parse(&file.filename).ok())
            .collect()
    }))
}
