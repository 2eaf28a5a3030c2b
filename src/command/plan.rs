//! `pubflow plan`: what a release would do, where, and with which bytes. Nothing is written.

use std::path::Path;

use pubflow_pipeline::{Facts, JournalState, Observed, ReleaseKey, Subject};
use pubflow_stages::{Origin, open_files, seal};

use super::release::{place_name, rehearsal_index, sealed_here, slice, whole};
use crate::cli;
use crate::config::{Settings, choose_target};
use crate::consent::title;
use crate::context::Context;
use crate::error::CommandError;
use crate::exit_code::ExitCode;
use crate::fetched::temporary_directory;
use crate::job::{Job, RehearsalPlace, Whole};
use crate::records::{project_here, version_here};
use crate::release::Recipe;
use crate::render::{PlanDocument, PlannedStep, PlannedUnit, plan_text};
use crate::slice::Grouped;
use crate::steps::{Credentials, Making};
use crate::token::ChosenBy;

/// Shows the plan.
pub(crate) fn run(args: &cli::Plan, ctx: &Context) -> Result<ExitCode, CommandError> {
    let here = Path::new(".");
    let settings = Settings::load(here, &ctx.env)?;
    let target = choose_target(&args.index.requested(), &settings, &ctx.env, here)?;
    let place = place_name(args.rehearse.as_deref(), &settings);
    let whole = whole(&place, slice(&args.slice)?, &settings, ctx)?;
    // Files that were named are looked at in a state that goes away.
    let scratch = temporary_directory()?;
    let known = match ctx.existing_state()? {
        Some(state) if args.files.is_empty() => {
            sealed_here(&state, ctx)?.map(|record| (state, record))
        }
        _ => None,
    };
    let sealed = match known {
        Some(known) => Some(known),
        None if args.files.is_empty() => None,
        None => {
            let state = ctx.with_state(scratch.path().join("state")).state()?;
            let record = seal(&state, &args.files, Origin::default())?;
            Some((state, record))
        }
    };
    let upload = cli::UploadOptions {
        jobs: cli::JOBS,
        timeout: cli::TIMEOUT,
        ..cli::UploadOptions::default()
    };
    let job = Job {
        target: &target.address,
        source: None,
        named: args.index.requested().name.is_some(),
        chosen_by: ChosenBy::of(&target, &settings),
        recipe: Recipe {
            skip: args.slice.skip.clone(),
            rehearse: Some(place),
            ..Recipe::new(
                "release",
                &target.address,
                (&upload, &args.verification),
                &settings,
            )?
        },
        upload: &upload,
        whole: Some(&whole),
    };
    let (key, steps) = match &sealed {
        Some((state, record)) => {
            let facts = Facts::read(record)?;
            let files = open_files(state, record)?;
            let making = Making {
                record,
                facts: &facts,
                files: &files,
                waivers: &[],
                ctx,
            };
            let interrupt = ctx.never_interrupted();
            let grouped = making.grouped(&job, &Credentials::default(), &interrupt)?;
            let rows =
                ctx.block_on_reading(async { Ok(rows(&grouped, &facts, args.offline).await) })?;
            (Some(record.key()), rows)
        }
        None => (None, outline(&whole, &job)),
    };
    let release = match &key {
        Some(ReleaseKey {
            project, version, ..
        }) => format!("{project} {version}"),
        None => named_here(here),
    };
    let document = PlanDocument {
        release,
        manifest: key.map(|key| key.manifest.to_string()),
        index: title(&target.address),
        steps,
    };
    ctx.print(&document.to_json(), &plan_text(&document, ctx.out))?;
    Ok(ExitCode::Done)
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
    for Grouped { group, step } in steps {
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
            group: (*group).to_owned(),
            step: step.id.to_string(),
            title: step.title.clone(),
            kind: kind(step.kind).to_owned(),
            units,
        });
    }
    rows
}

fn kind(kind: pubflow_pipeline::Kind) -> &'static str {
    use pubflow_pipeline::{Kind, Undo};
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

/// The steps before anything is built: what they are, without the files.
fn outline(whole: &Whole, job: &Job<'_>) -> Vec<PlannedStep> {
    let row = |group: &str, step: String, title: String, kind: &str| PlannedStep {
        group: group.to_owned(),
        step,
        title,
        kind: kind.to_owned(),
        units: Vec::new(),
    };
    let target = job.target.name.as_str();
    let mut rows = vec![row(
        "build",
        "build".to_owned(),
        "build sdist and wheel from the commit, and seal them".to_owned(),
        "local",
    )];
    for gate in &whole.gates {
        rows.push(row("gate", gate.id.to_string(), gate.title.clone(), "gate"));
    }
    rows.push(row(
        "check",
        "check".to_owned(),
        "check the sealed files".to_owned(),
        "gate",
    ));
    rows.push(row(
        "preflight",
        format!("preflight:{target}"),
        format!("ask {target} what it would refuse"),
        "probe",
    ));
    let publishing = |rows: &mut Vec<PlannedStep>, group: &str, index: &str, upload: &str| {
        for (stage, title, kind) in [
            ("upload", format!("upload to {index}"), upload),
            (
                "wait",
                format!("wait until {index} shows every file"),
                "probe",
            ),
            ("verify", format!("install from {index} and test"), "probe"),
        ] {
            rows.push(row(group, format!("{stage}:{index}"), title, kind));
        }
    };
    match &whole.rehearsal {
        RehearsalPlace::Nowhere => {}
        RehearsalPlace::Loopback => rows.push(row(
            "rehearse",
            "rehearse:loopback".to_owned(),
            "rehearse on an index of its own".to_owned(),
            "gate",
        )),
        RehearsalPlace::Index(_) => {
            let index = rehearsal_index(whole).map_or("", |address| address.name.as_str());
            publishing(&mut rows, "rehearse", index, "effect, compensable");
        }
    }
    if whole.n_approvals > 0 {
        rows.push(row(
            "approve",
            format!("approve:{target}"),
            format!("approval for {target}: {} needed", whole.n_approvals),
            "gate",
        ));
    }
    publishing(&mut rows, "publish", target, "effect, irreversible");
    for own in &whole.own {
        let kind = match own.step.observe {
            Some(_) => "effect, compensable",
            None => "gate",
        };
        let title = format!("{}, behind {}", own.step.title, own.after);
        rows.push(row("step", format!("step:{}", own.step.name), title, kind));
    }
    rows
}
