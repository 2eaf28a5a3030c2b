//! What `publish`, `promote` and `resume` have in common: one set of sealed files, one target, one
//! plan.

use std::sync::Arc;
use std::time::Duration;

use pubflow_index::known::Known;
use pubflow_index::{Index, IndexAddress};
use pubflow_pipeline::{FailureClass, Plan, ReleaseKey, RunReport, StateDir, Yes};
use pubflow_stages::{
    CheckStage, Depth, EvidenceStage, IndexTarget, Interpreters, PreflightStage, SealedFile,
    UploadStage, VerifyStage, WaitStage, Waiver, open_files,
};

use pubflow_spec::Sha256;
use url::Url;

use crate::cli;
use crate::config::{Settings, Target};
use crate::consent::{Consent, ambient_identity, title};
use crate::context::Context;
use crate::error::CommandError;
use crate::exit_code::ExitCode;
use crate::records::published_otherwise;
use crate::release::{AskOnTerminal, OpenRelease, Recipe, options, policy};
use crate::render::{RunDocument, run_text, table};
use crate::token::{ChosenBy, Wanted, credential_for};

/// One run of `publish` or `promote`, with everything settled but the files.
pub(crate) struct Job<'a> {
    /// Where files go.
    pub(crate) target: &'a IndexAddress,
    /// Where they were tested, for a promotion.
    pub(crate) source: Option<&'a IndexAddress>,
    /// Whether the user named the target on the command line, now or when the run was begun.
    pub(crate) named: bool,
    /// Who chose the target's place.
    pub(crate) chosen_by: ChosenBy,
    /// How it can be repeated.
    pub(crate) recipe: Recipe,
    /// Options of the upload.
    pub(crate) upload: &'a cli::UploadOptions,
}

impl Job<'_> {
    fn consent(&self) -> Consent<'_> {
        Consent {
            target: self.target,
            yes: self.upload.yes,
            named: self.named,
        }
    }
}

/// Runs the job and prints how it ended.
pub(crate) fn publish(
    mut release: OpenRelease,
    state: &StateDir,
    job: &Job<'_>,
    ctx: &Context,
) -> Result<ExitCode, CommandError> {
    let release_key = release.record.key();
    let from = job
        .source
        .map(|source| format!(" from {}", source.name))
        .unwrap_or_default();
    ctx.note(&format!(
        "{} {} {}{from} to {}",
        job.recipe.command, release_key.project, release_key.version, job.target.name
    ));
    let public = release.uploaded_to(job.target.name.as_str());
    let report = run(&mut release, state, job, ctx).map_err(|error| match error {
        // The engine has looked itself.
        error @ (CommandError::Stopped { .. } | CommandError::Interrupted { .. }) => error,
        error if public.is_empty() => error,
        error => CommandError::Landed {
            source: Box::new(error),
            public,
        },
    })?;
    let key = release_key;
    ctx.print(
        &RunDocument::new(&key, job.target.name.as_str(), &report),
        &run_text(&key, &report, ctx.out),
    )?;
    if let Some(source) = job.source {
        let table = comparison(&release, source, job.target, ctx)?;
        ctx.note(table.trim_end());
    }
    if let Some(page) = page_of(job.target, &key) {
        ctx.note(&format!(
            "{} {} is public: {page}",
            key.project, key.version
        ));
    }
    if Known::by_name(&job.target.name) == Some(Known::TestPypi) && job.source.is_none() {
        ctx.note("next: `pubflow promote` moves these very bytes to PyPI");
    }
    Ok(ExitCode::Done)
}

/// What a promotion ends with: every file with its digest here, on the source and on the target.
fn comparison(
    release: &OpenRelease,
    source: &IndexAddress,
    target: &IndexAddress,
    ctx: &Context,
) -> Result<String, CommandError> {
    let manifest = release.record.manifest();
    let pages = ctx.block_on_reading(async {
        let mut pages = Vec::new();
        for address in [source, target] {
            let page = ctx.index(address.clone())?.project(manifest.name()).await;
            pages.push(page.ok().flatten());
        }
        Ok(pages)
    })?;
    let short = |sha256: Sha256| format!("{:.12}", sha256.to_string());
    let rows = manifest.files().iter().map(|file| {
        let there = pages.iter().map(|page| {
            let listed = page.as_deref().and_then(|page| page.find(&file.filename));
            match listed.map(|listed| listed.sha256) {
                Some(Some(sha256)) => short(sha256),
                Some(None) => "no digest".to_owned(),
                None => "-".to_owned(),
            }
        });
        [file.filename.clone(), short(file.sha256)]
            .into_iter()
            .chain(there)
            .collect()
    });
    let heading = ["file", "here", source.name.as_str(), target.name.as_str()];
    Ok(table(&heading, &rows.collect::<Vec<Vec<String>>>()))
}

/// Where people look at a release.
fn page_of(address: &IndexAddress, key: &ReleaseKey) -> Option<Url> {
    let path = format!("project/{}/{}/", key.project.normalized(), key.version);
    address.web.as_ref()?.join(&path).ok()
}

fn run(
    release: &mut OpenRelease,
    state: &StateDir,
    job: &Job<'_>,
    ctx: &Context,
) -> Result<RunReport, CommandError> {
    let files = open_files(state, &release.record)?;
    if !job.consent().is_given(ctx) {
        let manifest = release.record.manifest();
        return Err(CommandError::NoConsent {
            release: format!("{}=={}", manifest.name(), manifest.version()),
            index: title(job.target),
        });
    }
    let waivers = waivers(&job.recipe.ignore)?;
    let missing = ctx.block_on_reading(async {
        let index = ctx.index(job.target.clone())?;
        Ok(is_anything_missing(&index, release, &files).await)
    })?;
    // Outside of every run, so that Ctrl-C at the prompt ends the process.
    let credential = match missing {
        true => {
            let wanted = Wanted {
                address: job.target,
                chosen_by: job.chosen_by,
                project: release.record.manifest().name(),
                token_file: job.upload.token_file.as_deref(),
            };
            let found = credential_for(&wanted, ctx)?;
            Some(found.ok_or_else(|| CommandError::NoToken {
                index: job.target.name.to_string(),
            })?)
        }
        false => None,
    };
    // From here on there is something to resume.
    let recipe = Recipe {
        consent: job.named || job.upload.yes || ambient_identity(ctx),
        ..job.recipe.clone()
    };
    release.remember(&recipe)?;
    let report = ctx.block_on(async |interrupt| {
        let target = IndexTarget {
            index: Arc::new(ctx.index(job.target.clone())?),
            credential: credential.clone(),
        };
        let plan = plan(job, &target, release, (&files, &waivers), ctx)?;
        let consent: Arc<dyn pubflow_pipeline::Consent> = match job.consent().asks(ctx) {
            true => Arc::new(AskOnTerminal {
                progress: ctx.progress.clone(),
            }),
            false => Arc::new(Yes),
        };
        let policy = policy(job.target, Duration::from_secs(job.upload.timeout));
        let ended = release
            .run(&plan, options(policy, consent, interrupt), ctx)
            .await;
        // Also after a failure: what was minted for this run is good for nothing else.
        if let Some(lease) = &credential {
            lease.burn().await;
        }
        ended
    });
    report.map_err(|error| {
        let by_us = published_otherwise(state, &release.record)
            .is_ok_and(|indexes| indexes.contains(job.target.name.as_str()));
        ways_out(error, job.target, by_us)
    })
}

/// Other bytes under our name: says whether they are ours of another build, and how to go on. A
/// version that is burnt on a trial index is no reason to give up the release.
fn ways_out(mut error: CommandError, target: &IndexAddress, by_us: bool) -> CommandError {
    let CommandError::Stopped { failure, .. } = &mut error else {
        return error;
    };
    if failure.class != FailureClass::Conflict {
        return error;
    }
    if by_us {
        let ours = format!(
            "another build of this version was published to {} from here before",
            target.name
        );
        failure.report.why = Some(match failure.report.why.take() {
            Some(why) => format!("{ours}\n{why}"),
            None => ours,
        });
    }
    if Known::by_name(&target.name) == Some(Known::TestPypi) {
        failure.report.next = Some(
            "a name that was used there is used for ever; three ways on:\n\
             raise the version and build again\n\
             build a trial as a development version, X.Y.Z.dev1, and publish that\n\
             rehearse without this index: `pubflow rehearse`, then `pubflow publish --pypi`"
                .to_owned(),
        );
    }
    error
}

/// The steps of a run, in the order of the stage table.
fn plan(
    job: &Job<'_>,
    target: &IndexTarget,
    release: &OpenRelease,
    (files, waivers): (&[SealedFile], &[Waiver]),
    ctx: &Context,
) -> Result<Plan, CommandError> {
    let manifest = release.record.manifest();
    let (project, version) = (manifest.name(), manifest.version());
    let within = Duration::from_secs(job.upload.timeout);
    let depth = depth(job, ctx);
    let verify = |target: &IndexTarget| {
        let interpreters = Interpreters {
            wanted: job.recipe.pythons.clone(),
            inherited: ctx.inherited.clone(),
        };
        VerifyStage::step(target, project, files, depth, interpreters)
    };
    let mut steps = vec![
        CheckStage::step(files, waivers),
        PreflightStage::step(target, (project, version), files, waivers),
    ];
    if let Some(source) = job.source {
        let source = IndexTarget {
            index: Arc::new(ctx.index(source.clone())?),
            credential: None,
        };
        steps.push(EvidenceStage::step(&source, project, files));
        steps.push(verify(&source));
    }
    let question = job
        .consent()
        .asks(ctx)
        .then(|| format!("publish {project} {version} to {}?", title(job.target)));
    steps.push(UploadStage::step(
        target,
        project,
        files,
        usize::from(job.upload.jobs),
        question,
    ));
    steps.push(WaitStage::step(target, (project, version), files, within));
    steps.push(verify(target));
    let title = format!(
        "{} {project} {version} to {}",
        job.recipe.command,
        target.name()
    );
    Ok(Plan {
        release: release.record.key(),
        title,
        steps,
    })
}

/// How deep to verify: where this process could mint a publishing identity, no foreign code runs.
fn depth(job: &Job<'_>, ctx: &Context) -> Depth {
    if !job.recipe.verify {
        return Depth::Digests;
    }
    if ambient_identity(ctx) {
        ctx.note("this job can mint publishing identities, so nothing is imported here; run `pubflow verify` in another job");
        return Depth::Digests;
    }
    Depth::Install
}

/// Whether any file is not on the index yet, as far as it can be told.
async fn is_anything_missing(index: &Index, release: &OpenRelease, files: &[SealedFile]) -> bool {
    let page = index.project(release.record.manifest().name()).await;
    let Ok(Some(page)) = page else { return true };
    !files.iter().all(|file| {
        page.find(file.filename.as_str())
            .and_then(|listed| listed.sha256)
            .is_some_and(|sha256| sha256 == file.sha256)
    })
}

/// The waivers of `--ignore CODE=REASON`.
fn waivers(texts: &[String]) -> Result<Vec<Waiver>, CommandError> {
    let read = |text: &String| {
        let (code, reason) = text.split_once('=')?;
        let reason = reason.trim();
        (!reason.is_empty()).then(|| Waiver {
            code: code.trim().to_owned(),
            reason: reason.to_owned(),
        })
    };
    texts
        .iter()
        .map(|text| {
            let waiver = read(text).filter(|waiver| pubflow_stages::rule(&waiver.code).is_some());
            waiver.ok_or_else(|| CommandError::Argument {
                option: "--ignore",
                value: text.clone(),
                expected: "CODE=REASON with a rule's code and a reason",
                why: "a waiver is kept with the release, so it needs a reason; `pubflow rule` lists the codes".to_owned(),
            })
        })
        .collect()
}

/// Interpreters asked for: command line, else configuration, else lowest and highest.
pub(crate) fn pythons(args: &cli::Verification, settings: &Settings) -> Vec<String> {
    if !args.pythons.is_empty() {
        return args.pythons.clone();
    }
    settings
        .smoke
        .pythons
        .as_ref()
        .map_or_else(Vec::new, |setting| setting.value.clone())
}

/// The target that a recipe names.
pub(crate) fn target_named(
    name: &str,
    option: &'static str,
    settings: &Settings,
) -> Result<Target, CommandError> {
    let origin = crate::config::Origin::CommandLine(option);
    let address = settings.address(&crate::config::Setting::new(
        name.to_owned(),
        origin.clone(),
    ))?;
    Ok(Target { address, origin })
}
