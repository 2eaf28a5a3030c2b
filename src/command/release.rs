//! `pubflow release`: the whole pipeline, from a clean commit to a verified release.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use pubflow_forge::git;
use pubflow_index::IndexAddress;
use pubflow_pipeline::{Facts, ReleaseRecord, StateDir, Step};
use pubflow_python::build::{Comparisons, Isolation, Memory};
use pubflow_python::installer::{InstallerChoice, Network};
use pubflow_stages::{Gate, GateRoom, GateStage, Origin, copy_tree, keep_attestations, seal};

use super::build::{BuildJob, build_and_seal};
use crate::cli;
use crate::config::{Settings, Target, choose_target};
use crate::context::Context;
use crate::error::CommandError;
use crate::exit_code::ExitCode;
use crate::job::{Job, RehearsalPlace, Whole, publish, target_named};
use crate::preflight::{Answer, Asked, Destination, ask};
use crate::records::{project_here, version_here};
use crate::release::{OpenRelease, Recipe, half_public, is_open, recipe_of};
use crate::render::answers_text;
use crate::slice::Slice;
use crate::steps::seen_at;
use crate::token::ChosenBy;

/// Where a release is rehearsed when nobody says anything.
const REHEARSE: &str = "loopback";

/// Makes a release of the project here, or of files that are built already.
pub(crate) fn run(args: &cli::Release, ctx: &Context) -> Result<ExitCode, CommandError> {
    let here = Path::new(".");
    let settings = Settings::load(here, &ctx.env)?;
    let target = choose_target(&args.index.requested(), &settings, &ctx.env, here)?;
    let slice = slice(&args.slice)?;
    let place = place_name(args.rehearse.as_deref(), &settings);
    ctx.note(&format!(
        "index: {} ({})",
        target.address.name, target.origin
    ));
    let whole = whole(&place, slice, &settings, ctx)?;
    prepare(args, &target, &whole, &settings, ctx)?;
    let state = ctx.state()?;
    let record = record(&args.files, &state, ctx)?;
    let recipe = Recipe {
        skip: args.slice.skip.clone(),
        rehearse: Some(place),
        ..Recipe::new(
            "release",
            &target.address,
            (&args.upload, &args.verification),
            &settings,
        )?
    };
    let job = Job {
        target: &target.address,
        source: None,
        named: args.index.requested().name.is_some(),
        chosen_by: ChosenBy::of(&target, &settings),
        recipe,
        upload: &args.upload,
        whole: Some(&whole),
    };
    publish(OpenRelease::open(record, ctx)?, &state, &job, ctx)
}

/// The part of a release that the options name.
pub(super) fn slice(choice: &cli::SliceChoice) -> Result<Slice, CommandError> {
    Slice::parse(
        choice.until.as_deref(),
        choice.from.as_deref(),
        choice.only.as_deref(),
        &choice.skip,
    )
}

/// Where to rehearse: command line, else configuration, else on an index of its own.
pub(super) fn place_name(given: Option<&str>, settings: &Settings) -> String {
    let configured = settings.release.rehearse.as_ref();
    given
        .or(configured.map(|setting| setting.value.as_str()))
        .unwrap_or(REHEARSE)
        .to_owned()
}

/// What a release has besides its uploads.
///
/// # Errors
/// A place that is no index; a source whose state cannot be read, where gates depend on it.
pub(crate) fn whole(
    place: &str,
    slice: Slice,
    settings: &Settings,
    ctx: &Context,
) -> Result<Whole, CommandError> {
    let rehearsal = match place {
        "loopback" => RehearsalPlace::Loopback,
        "none" => RehearsalPlace::Nowhere,
        index => {
            let target = target_named(index, "--rehearse", settings)?;
            RehearsalPlace::Index(Box::new(target.address))
        }
    };
    let approvals = settings.release.approvals.as_ref();
    let items = settings.checklist.iter();
    Ok(Whole {
        gates: gates(settings, ctx)?,
        checklist: items.map(|setting| setting.value.clone()).collect(),
        window: settings.times.window.clone().map(|setting| setting.value),
        soak: settings.times.soak.clone().map(|setting| setting.value),
        pre_release_at: pre_release_at(ctx)?,
        own: settings.steps.clone(),
        rehearsal,
        n_approvals: approvals.map_or(0, |setting| setting.value as usize),
        slice,
    })
}

/// The gates of the project here.
fn gates(settings: &Settings, ctx: &Context) -> Result<Vec<Step>, CommandError> {
    if settings.gates.is_empty() {
        return Ok(Vec::new());
    }
    let gates: Vec<Gate> = settings
        .gates
        .iter()
        .map(|setting| setting.value.clone())
        .collect();
    let logs = ctx.state_path().map(|path| path.join("logs"));
    let room = GateRoom::open(Path::new("."), &gates, logs, &ctx.inherited)?;
    Ok(gates
        .iter()
        .map(|gate| GateStage::step(gate, &room))
        .collect())
}

/// When the newest pre-release of the version here was published from this machine.
pub(super) fn pre_release_at(ctx: &Context) -> Result<Option<Timestamp>, CommandError> {
    let here = Path::new(".");
    let (Some(project), Some(version)) = (project_here(here), version_here(here)) else {
        return Ok(None);
    };
    let Some(state) = ctx.existing_state()? else {
        return Ok(None);
    };
    let mut newest = None;
    for record in state.records_of(&project)? {
        let other = record.manifest().version();
        if !other.is_prerelease() || other.base() != version.base() {
            continue;
        }
        let facts = Facts::read(&record)?;
        let index = recipe_of(&facts).map(|recipe| recipe.index);
        newest = newest.max(index.and_then(|index| seen_at(&facts, &index)));
    }
    Ok(newest)
}

/// Asks everything that can fail later, and stops where something stands in the way.
fn prepare(
    args: &cli::Release,
    target: &Target,
    whole: &Whole,
    settings: &Settings,
    ctx: &Context,
) -> Result<(), CommandError> {
    let rehearsal = rehearsal_index(whole);
    let mut destinations: Vec<Destination<'_>> = rehearsal
        .map(|address| Destination {
            address,
            chosen_by: ChosenBy::User,
            sends: whole.slice.reaches("rehearse"),
        })
        .into_iter()
        .collect();
    destinations.push(Destination {
        address: &target.address,
        chosen_by: ChosenBy::of(target, settings),
        sends: whole.slice.reaches("publish"),
    });
    let asked = Asked {
        token_file: args.upload.token_file.as_deref(),
        builds: args.files.is_empty(),
        ..Asked::about(Path::new("."), settings, &destinations, ctx)?
    };
    let answers = ask(&asked)?;
    refuse(&answers, &whole.slice, ctx)
}

/// The index for trials that a release goes to first.
pub(super) fn rehearsal_index(whole: &Whole) -> Option<&IndexAddress> {
    match &whole.rehearsal {
        RehearsalPlace::Index(address) => Some(address),
        RehearsalPlace::Loopback | RehearsalPlace::Nowhere => None,
    }
}

/// Shows what is to be done, all of it, and stops unless it is only advice.
fn refuse(answers: &[Answer], slice: &Slice, ctx: &Context) -> Result<(), CommandError> {
    let mut standing = Vec::new();
    for answer in answers {
        match (answer.verdict.exit_code(), slice.passes_over(answer.item)) {
            (Some(_), Some(reason)) => {
                ctx.note(&format!("passed over: {} ({reason})", answer.says));
            }
            (Some(exit), None) => standing.push((answer.verdict, exit)),
            (None, _) => {}
        }
    }
    let shown: Vec<&Answer> = answers
        .iter()
        .filter(|answer| answer.next.is_some())
        .collect();
    if !shown.is_empty() {
        ctx.note(answers_text(&shown, ctx.err).trim_end());
    }
    match standing.iter().min_by_key(|(verdict, _)| *verdict) {
        None => Ok(()),
        Some((_, exit)) => Err(CommandError::NotReady {
            n_items: standing.len(),
            exit: *exit,
        }),
    }
}

/// The sealed files that are released: those that were named, those that were built from this commit
/// before, else what is built now.
fn record(
    files: &[PathBuf],
    state: &StateDir,
    ctx: &Context,
) -> Result<ReleaseRecord, CommandError> {
    if !files.is_empty() {
        let record = seal(state, files, Origin::default())?;
        keep_attestations(&record, files)?;
        return Ok(record);
    }
    let here = Path::new(".");
    if let Some(record) = sealed_here(state, ctx)? {
        let key = record.key();
        ctx.note(&format!(
            "{} {} was built from this commit before; its sealed files are taken",
            key.project, key.version
        ));
        return Ok(record);
    }
    let record = build_commit(here, state, ctx)?;
    supersede(&record, state, ctx)?;
    Ok(record)
}

/// How a release that has not ended was begun.
fn begun_release(facts: &Facts) -> Option<Recipe> {
    recipe_of(facts).filter(|recipe| recipe.command == "release" && is_open(facts))
}

/// Gives up what was begun for this version with other bytes, as far as nothing of it is public: a
/// gate that failed is mended by another commit.
fn supersede(ours: &ReleaseRecord, state: &StateDir, ctx: &Context) -> Result<(), CommandError> {
    let key = ours.key();
    for other in state.records_of_version(&key.project, &key.version)? {
        let facts = Facts::read(&other)?;
        let Some(recipe) = begun_release(&facts).filter(|_| other.key() != key) else {
            continue;
        };
        if !half_public(&facts, &recipe.index) {
            let reason = format!("built again, as manifest {}", key.manifest);
            OpenRelease::open(other, ctx)?.abandon(&reason)?;
        }
    }
    Ok(())
}

/// The record whose files were built from the commit here and for the version that stands here: the
/// one that was begun, else the newest. None where a build has to come first.
///
/// # Errors
/// The version was begun from another commit and is open.
pub(super) fn sealed_here(
    state: &StateDir,
    ctx: &Context,
) -> Result<Option<ReleaseRecord>, CommandError> {
    let here = Path::new(".");
    let Some(project) = project_here(here) else {
        return Ok(None);
    };
    let commit = match git::checkout(here, &ctx.inherited)? {
        Some(checkout) if checkout.modified().next().is_none() => Some(checkout.head.commit),
        // Nobody can say what a changed tree was when it was built.
        _ => None,
    };
    let version = version_here(here);
    let mut newest = None;
    for record in state.records_of(&project)? {
        let manifest = record.manifest();
        if version
            .as_ref()
            .is_some_and(|version| version != manifest.version())
        {
            continue;
        }
        let facts = Facts::read(&record)?;
        let begun = begun_release(&facts);
        // Without git nobody can tell two states of a tree apart.
        let is_same = manifest.commit() == commit.as_deref();
        if begun.is_some() && is_same {
            return Ok(Some(record));
        }
        let is_public = begun.is_some_and(|recipe| half_public(&facts, &recipe.index));
        if is_public && version.is_some() {
            let begun = manifest.commit().unwrap_or("an unknown commit").to_owned();
            return Err(CommandError::OtherCommit {
                release: format!("{project}=={}", manifest.version()),
                begun,
                here: commit.unwrap_or_else(|| "a changed tree".to_owned()),
            });
        }
        if is_same && commit.is_some() && newest.is_none() {
            newest = Some(record);
        }
    }
    Ok(newest)
}

/// Builds a clean copy of the commit.
fn build_commit(
    here: &Path,
    state: &StateDir,
    ctx: &Context,
) -> Result<ReleaseRecord, CommandError> {
    let scratch = crate::fetched::temporary_directory()?;
    let project = scratch.path().join("project");
    let tracked = git::tracked(here, &ctx.inherited)?;
    let tracked = tracked.filter(|tracked| !tracked.is_empty());
    copy_tree(here, &project, tracked.as_deref())?;
    let done = build_and_seal(
        &BuildJob {
            project: &project,
            out_dir: here.join("dist"),
            python: None,
            installer: InstallerChoice::Auto,
            network: Network::Online,
            config_settings: Vec::new(),
            isolation: Isolation::Isolated,
            constraints: None,
            memory: Memory::Recent,
            comparisons: Comparisons::default(),
        },
        ctx,
    )?;
    let sealed = state.records_of_version(&done.built.name, &done.built.version)?;
    sealed
        .into_iter()
        .next()
        .ok_or_else(|| CommandError::NoRelease {
            release: format!("{}=={}", done.built.name, done.built.version),
        })
}
