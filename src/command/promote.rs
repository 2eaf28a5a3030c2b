//! `pubflow promote`: the very bytes that were tested on one index, to another.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use pubflow_index::IndexAddress;
use pubflow_pipeline::{Manifest, ReleaseRecord, StateDir};
use pubflow_spec::{ProjectName, Sha256, Version};
use pubflow_stages::{
    IndexTarget, Origin, WantedFile, fetch_files, keep_attestations, seal, seal_expecting,
};

use crate::cli;
use crate::config::Settings;
use crate::context::Context;
use crate::error::CommandError;
use crate::exit_code::ExitCode;
use crate::job::{Job, publish, target_named};
use crate::records::{
    digest, find_release_here, name_and_version, require_release, version_here, was_published,
};
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
    let record = chosen(args, &source.address, &state, ctx)?;
    let recipe = Recipe {
        from: Some(args.from.clone()),
        from_address: Some(Places::of(&source.address)),
        ..Recipe::new(
            "promote",
            &target.address,
            (&args.upload, &args.verification),
            &settings,
        )?
    };
    let job = Job {
        target: &target.address,
        source: Some(&source.address),
        named: args.to.is_some(),
        chosen_by: ChosenBy::User,
        recipe,
        upload: &args.upload,
        whole: None,
    };
    publish(OpenRelease::open(record, ctx)?, &state, &job, ctx)
}

/// The record to promote: by manifest, by name and version, by files, or the newest that was tested on
/// the source.
fn chosen(
    args: &cli::Promote,
    source: &IndexAddress,
    state: &StateDir,
    ctx: &Context,
) -> Result<ReleaseRecord, CommandError> {
    let from = &args.from;
    if let Some(path) = &args.manifest {
        let manifest = read_manifest(path)?;
        let release = (manifest.name().clone(), manifest.version().clone());
        let wanted = manifest.files().iter().map(|file| WantedFile {
            filename: Some(file.filename.clone()),
            sha256: file.sha256,
        });
        return fetched(
            source,
            release,
            &wanted.collect::<Vec<_>>(),
            (state, args, ctx),
        );
    }
    match args.subjects.as_slice() {
        [] => {
            let found = find_release_here(state, |record| was_published(record, from))?;
            let record = found.ok_or_else(|| CommandError::NonePublished {
                index: from.to_owned(),
            })?;
            require_version_here(&record, from)?;
            Ok(record)
        }
        [release] if release.contains("==") && !args.sha256.is_empty() => {
            let wanted: Result<Vec<_>, _> = args.sha256.iter().map(|text| wanted(text)).collect();
            let release = name_and_version(release)?;
            fetched(source, release, &wanted?, (state, args, ctx))
        }
        [release] if release.contains("==") => {
            require_release(state, release, |record| was_published(record, from))
        }
        _ if !args.sha256.is_empty() => Err(CommandError::Argument {
            option: "--sha256",
            value: args.sha256.join(" "),
            expected: "digest for what is promoted",
            why: "it goes with one NAME==VERSION; files from here have their own digests"
                .to_owned(),
        }),
        files => {
            let paths: Vec<PathBuf> = files.iter().map(PathBuf::from).collect();
            let record = seal(state, &paths, Origin::default())?;
            keep_attestations(&record, &paths)?;
            Ok(record)
        }
    }
}

/// The record of files that are stored here, or fetched from the source by their known digests.
fn fetched(
    source: &IndexAddress,
    (project, version): (ProjectName, Version),
    wanted: &[WantedFile],
    (state, args, ctx): (&StateDir, &cli::Promote, &Context),
) -> Result<ReleaseRecord, CommandError> {
    let mut digests: Vec<Sha256> = wanted.iter().map(|file| file.sha256).collect();
    digests.sort_unstable();
    for record in state.records_of_version(&project, &version)? {
        let mut stored: Vec<Sha256> = record
            .manifest()
            .files()
            .iter()
            .map(|file| file.sha256)
            .collect();
        stored.sort_unstable();
        if stored == digests {
            return Ok(record);
        }
    }
    let folder = tempfile::tempdir().map_err(|source| CommandError::Io {
        path: ctx.inherited.temporary_directory(),
        done: "written",
        source,
    })?;
    ctx.note(&format!(
        "fetching {} files of {project} {version} from {}",
        wanted.len(),
        source.name
    ));
    let files = ctx.block_on_reading(async {
        let index = IndexTarget {
            index: Arc::new(ctx.index(source.clone())?),
            credential: None,
        };
        let jobs = usize::from(args.upload.jobs);
        let fetched = fetch_files(&index, (&project, &version), wanted, folder.path(), jobs).await;
        fetched.map_err(|failure| CommandError::Stopped {
            failure: Box::new(failure),
            landed: false,
        })
    })?;
    Ok(seal_expecting(state, &files, Origin::default())?)
}

fn read_manifest(path: &Path) -> Result<Manifest, CommandError> {
    let text = std::fs::read_to_string(path).map_err(|source| CommandError::Io {
        path: path.to_owned(),
        done: "read",
        source,
    })?;
    Manifest::parse(&text).map_err(|error| CommandError::Argument {
        option: "--manifest",
        value: path.display().to_string(),
        expected: "manifest",
        why: error.to_string(),
    })
}

fn wanted(text: &str) -> Result<WantedFile, CommandError> {
    Ok(WantedFile {
        filename: None,
        sha256: digest("--sha256", text)?,
    })
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
