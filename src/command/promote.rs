//! `pubflow promote`: the very bytes that were tested on one index, to another.

use std::path::{Path, PathBuf};

use pubflow_pipeline::{Facts, ReleaseRecord, StateDir};
use pubflow_spec::{ProjectName, Version};
use pubflow_stages::{Origin, seal};

use crate::cli;
use crate::config::Settings;
use crate::context::Context;
use crate::error::CommandError;
use crate::exit_code::ExitCode;
use crate::job::{Job, publish, pythons, target_named};
use crate::release::{OpenRelease, Recipe};

/// Promotes a sealed release, or given files whose evidence is made anew.
pub(crate) fn run(args: &cli::Promote, ctx: &Context) -> Result<ExitCode, CommandError> {
    let settings = Settings::load(Path::new("."), &ctx.env)?;
    let source = target_named(&args.from, "--from", &settings)?;
    let target = target_named(&args.to, "--to", &settings)?;
    let state = ctx.state()?;
    let record = chosen(&args.subjects, &args.from, &state)?;
    let recipe = Recipe {
        command: "promote".to_owned(),
        index: args.to.clone(),
        from: Some(args.from.clone()),
        verify: !args.upload.no_verify,
        pythons: pythons(&args.verification, &settings),
    };
    let job = Job {
        target: &target.address,
        source: Some(&source.address),
        named: false,
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
            for record in state.records()? {
                if was_published(&record, from)? {
                    return Ok(record);
                }
            }
            Err(CommandError::NonePublished {
                index: from.to_owned(),
            })
        }
        [subject] if subject.contains("==") => {
            let (project, version) = name_and_version(subject)?;
            newest_record(state, &project, &version)?.ok_or_else(|| CommandError::NoRelease {
                release: subject.clone(),
            })
        }
        files => {
            let paths: Vec<PathBuf> = files.iter().map(PathBuf::from).collect();
            Ok(seal(state, &paths, Origin::default())?)
        }
    }
}

/// Whether a record's journal says that it was seen on the index called `index`.
fn was_published(record: &ReleaseRecord, index: &str) -> Result<bool, CommandError> {
    let step = pubflow_pipeline::StepId::new(format!("upload:{index}"));
    let facts = Facts::read(record)?;
    let n_seen = facts.subjects().filter(|(subject, state)| {
        subject.step == step && matches!(state, pubflow_pipeline::JournalState::Done { .. })
    });
    Ok(n_seen.count() > 0)
}

/// The last sealed record of a version.
pub(crate) fn newest_record(
    state: &StateDir,
    project: &ProjectName,
    version: &Version,
) -> Result<Option<ReleaseRecord>, CommandError> {
    Ok(state
        .records_of(project)?
        .into_iter()
        .find(|record| record.manifest().version() == version))
}

/// Reads `NAME==VERSION`.
pub(crate) fn name_and_version(text: &str) -> Result<(ProjectName, Version), CommandError> {
    let wrong = |why: String| CommandError::Argument {
        option: "NAME==VERSION",
        value: text.to_owned(),
        expected: "release",
        why,
    };
    let (name, version) = text
        .split_once("==")
        .ok_or_else(|| wrong("write it as NAME==VERSION".to_owned()))?;
    let project = ProjectName::parse(name.trim()).map_err(|error| wrong(error.to_string()))?;
    let version = Version::parse(version.trim()).map_err(|error| wrong(error.to_string()))?;
    Ok((project, version))
}
