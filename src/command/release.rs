//! `pubflow release`: the whole pipeline, from a clean commit to a verified release.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use pubflow_forge::git::{Checkout, checkout, tracked};
use pubflow_index::IndexAddress;
use pubflow_index::known::Known;
use pubflow_pipeline::{Facts, ReleaseRecord, StateDir};
use pubflow_stages::{Origin as Provenance, PRE_RELEASE, copy_tree, keep_attestations, seal};

use super::build::{BuildJob, build_and_seal};
use crate::cli;
use crate::config::{Origin, Setting, Settings, Target, choose_target};
use crate::consent::{ambient_identity, is_production};
use crate::context::Context;
use crate::error::CommandError;
use crate::exit_code::ExitCode;
use crate::gates_here::GatesHere;
use crate::job::{Job, RehearsalPlace, Whole, publish};
use crate::part::Part;
use crate::preflight::{Answer, Asked, Destination, ask};
use crate::records::{project_here, version_here};
use crate::release::{OpenRelease, Places, Recipe, WholeRecipe, half_public, is_open, recipe_of};
use crate::render::answers_text;
use crate::slice::Slice;
use crate::steps::seen_at;
use crate::token::ChosenBy;

/// Where a release is rehearsed when nobody says anything.
const REHEARSE: &str = "loopback";

/// Makes a release of the project here, or of files that are built already.
pub(crate) fn run(args: &cli::Release, ctx: &Context) -> Result<ExitCode, CommandError> {
    let here = Path::new(".");
    let choice = &args.choice;
    let settings = Settings::load(here, &ctx.env)?;
    let target = choose_target(&choice.index.requested(), &settings, &ctx.env, here)?;
    ctx.note(&format!(
        "index: {} ({})",
        target.address.name, target.origin
    ));
    let (whole, whole_recipe) = chosen(choice, &target, &settings, ctx)?;
    let checkout = checkout(here, &ctx.inherited)?;
    prepare(args, (&target, &whole), &settings, checkout.as_ref(), ctx)?;
    if ambient_identity(ctx) {
        ctx.note("note: this job can mint publishing identities, and project code runs in it: build, gates and own steps; `pubflow publish` of built files runs none");
    }
    let state = ctx.state()?;
    let record = record(&choice.files, checkout.as_ref(), &state, ctx)?;
    let options = (&args.upload, &choice.verification);
    let job = Job {
        target: &target.address,
        source: None,
        named: choice.index.requested().name.is_some(),
        chosen_by: ChosenBy::of(&target, &settings),
        recipe: Recipe {
            whole: Some(whole_recipe),
            ..Recipe::new("release", &target.address, options, &settings)?
        },
        upload: &args.upload,
        whole: Some(&whole),
    };
    publish(OpenRelease::open(record, ctx)?, &state, &job, ctx)
}

/// What the options choose of a release, and how that is repeated.
pub(super) fn chosen(
    choice: &cli::ReleaseChoice,
    target: &Target,
    settings: &Settings,
    ctx: &Context,
) -> Result<(Whole, WholeRecipe), CommandError> {
    let part = &choice.slice;
    let ends = |one: &Option<String>| part.only.clone().or_else(|| one.clone());
    let place = place(choice.rehearse.as_deref(), settings);
    let recipe = WholeRecipe {
        rehearse: place.value.clone(),
        rehearse_address: None,
        until: ends(&part.until),
        begin: ends(&part.from),
        skip: part.skip.clone(),
        asks: Vec::new(),
    };
    let whole = whole(&recipe, &place, &target.address, settings, ctx)?;
    let trial = whole.rehearsal.index();
    let address = trial.map(|(address, _)| Places::of(address));
    let recipe = WholeRecipe {
        rehearse_address: address,
        ..recipe
    };
    Ok((whole, recipe))
}

/// Where to rehearse: command line, else configuration, else on an index of its own.
pub(super) fn place(given: Option<&str>, settings: &Settings) -> Setting<String> {
    let setting = |place: &str, origin| Setting::new(place.to_owned(), origin);
    given
        .map(|place| setting(place, Origin::CommandLine("--rehearse")))
        .or_else(|| settings.release.rehearse.clone())
        .unwrap_or_else(|| setting(REHEARSE, Origin::Default))
}

/// A release that was begun, as it was begun.
///
/// # Errors
/// The index for trials is not where it was.
pub(super) fn begun(
    recipe: &WholeRecipe,
    target: &IndexAddress,
    settings: &Settings,
    ctx: &Context,
) -> Result<Whole, CommandError> {
    if let Some(places) = &recipe.rehearse_address {
        places.resolve(&recipe.rehearse, settings)?;
    }
    let place = Setting::new(recipe.rehearse.clone(), Origin::Journal);
    whole(recipe, &place, target, settings, ctx)
}

fn whole(
    recipe: &WholeRecipe,
    place: &Setting<String>,
    target: &IndexAddress,
    settings: &Settings,
    ctx: &Context,
) -> Result<Whole, CommandError> {
    let approvals = settings.release.approvals.as_ref();
    let items = settings.checklist.iter();
    let gates = match settings.gates.is_empty() {
        true => Vec::new(),
        false => GatesHere::open(settings, ctx)?.steps(),
    };
    Ok(Whole {
        gates,
        checklist: items.map(|setting| setting.value.clone()).collect(),
        window: settings.times.window.clone().map(|setting| setting.value),
        soak: settings.times.soak.clone().map(|setting| setting.value),
        pre_release_at: pre_release_at(settings, ctx)?,
        own: settings.steps.clone(),
        rehearsal: rehearsal(place, target, settings)?,
        n_approvals: approvals.map_or(0, |setting| setting.value as usize),
        slice: Slice::parse(recipe.until.clone(), recipe.begin.clone(), &recipe.skip)?,
    })
}

/// Where to rehearse. Nobody is asked before a rehearsal, so it never goes where files are public for
/// good; and what is meant for whatever the target is goes to the target alone.
pub(super) fn rehearsal(
    place: &Setting<String>,
    target: &IndexAddress,
    settings: &Settings,
) -> Result<RehearsalPlace, CommandError> {
    match place.value.as_str() {
        "loopback" => return Ok(RehearsalPlace::Loopback),
        "none" => return Ok(RehearsalPlace::Nowhere),
        _ => {}
    }
    let trial = Target {
        address: settings.address(place)?,
        origin: place.origin.clone(),
    };
    let address = &trial.address;
    let is_public = is_production(address) || Known::by_name(&address.name) == Some(Known::Pypi);
    if is_public || address.name == target.name || address.upload == target.upload {
        return Err(CommandError::NotForTrials {
            index: address.name.to_string(),
            origin: trial.origin,
        });
    }
    let chosen_by = match ChosenBy::of(&trial, settings) {
        ChosenBy::Project => ChosenBy::Project,
        ChosenBy::User | ChosenBy::Besides => ChosenBy::Besides,
    };
    Ok(RehearsalPlace::Index(Box::new(trial.address), chosen_by))
}

/// When the newest pre-release of the version here was published from this machine; asked only where
/// a soak time counts from there.
pub(super) fn pre_release_at(
    settings: &Settings,
    ctx: &Context,
) -> Result<Option<Timestamp>, CommandError> {
    let soak = settings.times.soak.as_ref();
    if soak.is_none_or(|soak| soak.value.after != PRE_RELEASE) {
        return Ok(None);
    }
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
        newest = newest.max(index.and_then(|index| seen_at(&record, &facts, &index)));
    }
    Ok(newest)
}

/// Asks everything that can fail later, and stops where something stands in the way.
fn prepare(
    args: &cli::Release,
    (target, whole): (&Target, &Whole),
    settings: &Settings,
    checkout: Option<&Checkout>,
    ctx: &Context,
) -> Result<(), CommandError> {
    let token_file = args.upload.token_file.as_deref();
    let trial = whole.rehearsal.index();
    let destinations = destinations((target, token_file), trial, &whole.slice, settings);
    let asked = Asked {
        builds: args.choice.files.is_empty(),
        ..Asked::about(Path::new("."), settings, &destinations, checkout, ctx)
    };
    let answers = ask(&asked)?;
    refuse(&answers, &whole.slice, ctx)
}

/// The indexes that a release goes to, in its order.
pub(super) fn destinations<'a>(
    (target, token_file): (&'a Target, Option<&'a Path>),
    trial: Option<(&'a IndexAddress, ChosenBy)>,
    slice: &Slice,
    settings: &Settings,
) -> Vec<Destination<'a>> {
    let trial = trial.map(|(address, chosen_by)| Destination {
        address,
        chosen_by,
        sends: slice.reaches(Part::Rehearse),
        // What was given by hand is for where the release goes.
        token_file: None,
    });
    let last = Destination {
        address: &target.address,
        chosen_by: ChosenBy::of(target, settings),
        sends: slice.reaches(Part::Publish),
        token_file,
    };
    trial.into_iter().chain([last]).collect()
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
    checkout: Option<&Checkout>,
    state: &StateDir,
    ctx: &Context,
) -> Result<ReleaseRecord, CommandError> {
    if !files.is_empty() {
        let record = seal(state, files, Provenance::default())?;
        keep_attestations(&record, files)?;
        return Ok(record);
    }
    let here = Path::new(".");
    if let Some(record) = sealed_here(checkout, state)? {
        let key = record.key();
        ctx.note(&format!(
            "{} {} was built from this commit before; its sealed files are taken",
            key.project, key.version
        ));
        return Ok(record);
    }
    let record = build_commit(here, ctx)?;
    supersede(&record, state, ctx)?;
    Ok(record)
}

/// How a release that has not ended was begun.
fn begun_release(facts: &Facts) -> Option<Recipe> {
    recipe_of(facts).filter(|recipe| recipe.whole.is_some() && is_open(facts))
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
/// The version was begun from another commit, and a part of it is or may be public.
pub(super) fn sealed_here(
    checkout: Option<&Checkout>,
    state: &StateDir,
) -> Result<Option<ReleaseRecord>, CommandError> {
    let here = Path::new(".");
    let Some(project) = project_here(here) else {
        return Ok(None);
    };
    // Nobody can say what a changed tree was when it was built.
    let clean = checkout.filter(|checkout| checkout.modified().next().is_none());
    let commit = clean.map(|checkout| checkout.head.commit.as_str());
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
        let is_same = manifest.commit() == commit;
        if begun.is_some() && is_same {
            return Ok(Some(record));
        }
        let is_public = begun.is_some_and(|recipe| half_public(&facts, &recipe.index));
        if is_public && version.is_some() {
            let begun = manifest.commit().unwrap_or("an unknown commit").to_owned();
            return Err(CommandError::OtherCommit {
                release: format!("{project}=={}", manifest.version()),
                begun,
                here: commit.unwrap_or("a changed tree").to_owned(),
            });
        }
        if is_same && commit.is_some() && newest.is_none() {
            newest = Some(record);
        }
    }
    Ok(newest)
}

/// Builds a clean copy of the commit.
fn build_commit(here: &Path, ctx: &Context) -> Result<ReleaseRecord, CommandError> {
    let scratch = crate::fetched::temporary_directory()?;
    let project = scratch.path().join("project");
    let tracked = tracked(here, &ctx.inherited)?;
    let tracked = tracked.filter(|tracked| !tracked.is_empty());
    copy_tree(here, &project, tracked.as_deref())?;
    let done = build_and_seal(&BuildJob::plain(&project, here.join("dist")), ctx)?;
    Ok(done.record)
}
