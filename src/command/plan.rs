//! `pubflow plan`: what a release would do, where, and with which bytes. Nothing is written.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use pubflow_forge::git::checkout;
use pubflow_pipeline::{
    Facts, JournalState, Kind, Manifest, ManifestFile, Observed, ReleaseRecord, Subject, Undo,
};
use pubflow_spec::{ProjectName, Sha256, Version};
use pubflow_stages::{Origin, listed_files, seal};

use super::release::{chosen, sealed_here};
use crate::cli;
use crate::config::{Settings, choose_target};
use crate::consent::title;
use crate::context::Context;
use crate::error::CommandError;
use crate::exit_code::ExitCode;
use crate::fetched::temporary_directory;
use crate::job::Job;
use crate::records::{project_here, version_here};
use crate::release::Recipe;
use crate::render::{PlanDocument, PlannedStep, PlannedUnit, plan_text};
use crate::slice::Grouped;
use crate::steps::{Credentials, Making};
use crate::token::ChosenBy;

/// Shows the plan.
pub(crate) fn run(args: &cli::Plan, ctx: &Context) -> Result<ExitCode, CommandError> {
    let here = Path::new(".");
    let choice = &args.choice;
    let settings = Settings::load(here, &ctx.env)?;
    let target = choose_target(&choice.index.requested(), &settings, &ctx.env, here)?;
    let (whole, whole_recipe) = chosen(choice, &target, &settings, ctx)?;
    let upload = cli::UploadOptions {
        jobs: cli::JOBS,
        timeout: cli::TIMEOUT,
        ..cli::UploadOptions::default()
    };
    let options = (&upload, &choice.verification);
    let job = Job {
        target: &target.address,
        source: None,
        named: choice.index.requested().name.is_some(),
        chosen_by: ChosenBy::of(&target, &settings),
        recipe: Recipe {
            whole: Some(whole_recipe),
            ..Recipe::new("release", &target.address, options, &settings)?
        },
        upload: &upload,
        whole: Some(&whole),
    };
    // What is not sealed yet is looked at in a state that goes away.
    let scratch = temporary_directory()?;
    let (record, is_built) = record(&choice.files, scratch.path(), ctx)?;
    let facts = Facts::read(&record)?;
    let files = match is_built {
        true => listed_files(&record)?,
        false => Vec::new(),
    };
    let making = Making {
        record: &record,
        facts: &facts,
        files: &files,
        waivers: &[],
        ctx,
    };
    let interrupt = ctx.never_interrupted();
    let grouped = making.grouped(&job, &Credentials::default(), &interrupt)?;
    let mut steps =
        ctx.block_on_reading(async { Ok(rows(&grouped, &facts, args.offline).await) })?;
    let key = record.key();
    let (release, manifest) = match is_built {
        true => (
            format!("{} {}", key.project, key.version),
            Some(key.manifest.to_string()),
        ),
        false => {
            steps.insert(0, build_row());
            (named_here(here), None)
        }
    };
    let document = PlanDocument {
        release,
        manifest,
        index: title(&target.address),
        steps,
    };
    ctx.print(&document.to_json(), &plan_text(&document, ctx.out))?;
    Ok(ExitCode::Done)
}

/// The record that a release would take, and whether its files are there. Before a build it stands for
/// what would be built, so that the steps are made as a release makes them.
fn record(
    files: &[PathBuf],
    scratch: &Path,
    ctx: &Context,
) -> Result<(ReleaseRecord, bool), CommandError> {
    let here = Path::new(".");
    let aside = || ctx.with_state(scratch.join("state")).state();
    if !files.is_empty() {
        return Ok((seal(&aside()?, files, Origin::default())?, true));
    }
    if let Some(state) = ctx.existing_state()? {
        let checkout = checkout(here, &ctx.inherited)?;
        if let Some(record) = sealed_here(checkout.as_ref(), &state)? {
            return Ok((record, true));
        }
    }
    let project = project_here(here)
        .unwrap_or_else(|| ProjectName::parse("project").expect("`project` is a name"));
    let version =
        version_here(here).unwrap_or_else(|| Version::parse("0").expect("`0` is a version"));
    let to_be_built = ManifestFile {
        filename: "to-be-built".to_owned(),
        size: 0,
        sha256: Sha256::of(b""),
    };
    let manifest = Manifest::new(project, version, None, vec![to_be_built], BTreeMap::new())?;
    Ok((aside()?.seal(&manifest)?, false))
}

fn build_row() -> PlannedStep {
    PlannedStep {
        part: "build".to_owned(),
        step: "build".to_owned(),
        title: "build sdist and wheel from the commit, and seal them".to_owned(),
        kind: "local".to_owned(),
        units: Vec::new(),
    }
}

/// What pyproject.toml says of the release that would be built.
fn named_here(here: &Path) -> String {
    let name = project_here(here).map_or_else(|| "the project".to_owned(), |name| name.to_string());
    match version_here(here) {
        Some(version) => format!("{name} {version}"),
        None => format!("{name} (its version comes from the build)"),
    }
}

/// The steps over files that are known, with what the journal and the indexes say of each.
async fn rows(steps: &[Grouped], facts: &Facts, offline: bool) -> Vec<PlannedStep> {
    let mut rows = Vec::new();
    for Grouped { part, step } in steps {
        let mut units = Vec::new();
        for unit in step.units() {
            let subject = Subject {
                step: step.id.clone(),
                unit: unit.id.clone(),
                key: step.key,
            };
            let journal = match facts.state(&subject) {
                JournalState::Nothing => "nothing",
                JournalState::Intent { .. } => "begun",
                JournalState::Done { .. } => "done",
            };
            let remote = match (step.kind.is_effect(), offline) {
                (false, _) => None,
                (true, true) => Some("not asked".to_owned()),
                (true, false) => Some(match step.work.observe(unit).await {
                    Observed::Absent => "absent".to_owned(),
                    Observed::Identical => "identical".to_owned(),
                    Observed::Different { found } => format!("DIFFERENT: {found}"),
                    Observed::Unknown(failure) => format!("unknown: {failure}"),
                }),
            };
            units.push(PlannedUnit {
                unit: unit.id.to_string(),
                sha256: unit.identity.map(|sha256| sha256.to_string()),
                journal: journal.to_owned(),
                remote,
            });
        }
        rows.push(PlannedStep {
            part: part.name().to_owned(),
            step: step.id.to_string(),
            title: step.title.clone(),
            kind: kind(step.kind).to_owned(),
            units,
        });
    }
    rows
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Pure => "pure",
        Kind::Local => "local",
        Kind::Probe => "probe",
        Kind::Gate => "gate",
        Kind::Effect(Undo::Reversible) => "effect, reversible",
        Kind::Effect(Undo::Compensable) => "effect, compensable",
        Kind::Effect(Undo::Irreversible) => "effect, irreversible",
    }
}
