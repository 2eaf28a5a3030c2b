//! What `publish`, `promote` and `resume` have in common: one set of sealed files, one target, one
//! plan.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use pubflow_index::known::Known;
use pubflow_index::{Index, IndexAddress, Lease};
use pubflow_pipeline::{Facts, FailureClass, ReleaseKey, RunReport, StateDir, Step, StepId, Yes};
use pubflow_spec::{ProjectName, Sha256};
use pubflow_stages::{ChecklistItem, SealedFile, Soak, Waiver, Window, open_files};
use url::Url;

use crate::cli;
use crate::config::{Settings, StepSetting, Target};
use crate::consent::{Consent, ambient_identity, title};
use crate::context::Context;
use crate::error::CommandError;
use crate::exit_code::ExitCode;
use crate::records::published_otherwise;
use crate::release::{
    AskOnTerminal, OpenRelease, Recipe, half_public, is_open, options, policy, recipe_of,
};
use crate::render::{RunDocument, run_text, table};
use crate::slice::{Grouped, Slice};
use crate::steps::{Credentials, Making};
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
    /// What a whole release has besides.
    pub(crate) whole: Option<&'a Whole>,
}

/// What a whole release does before it publishes.
pub(crate) struct Whole {
    /// The gates that judge the source.
    pub(crate) gates: Vec<Step>,
    /// Items that people and rules answer.
    pub(crate) checklist: Vec<ChecklistItem>,
    /// When releases go out.
    pub(crate) window: Option<Window>,
    /// How long the files, or a pre-release, have to be out before.
    pub(crate) soak: Option<Soak>,
    /// When a pre-release of the version was published from here.
    pub(crate) pre_release_at: Option<Timestamp>,
    /// Steps of the project's own.
    pub(crate) own: Vec<StepSetting>,
    /// Where it is rehearsed.
    pub(crate) rehearsal: RehearsalPlace,
    /// How many people have to approve.
    pub(crate) n_approvals: usize,
    /// Which part is run.
    pub(crate) slice: Slice,
}

/// Where a release is rehearsed.
pub(crate) enum RehearsalPlace {
    /// On an index inside this process.
    Loopback,
    /// On an index for trials, which somebody chose.
    Index(Box<IndexAddress>, ChosenBy),
    /// Nowhere.
    Nowhere,
}

impl RehearsalPlace {
    /// The index for trials that a release goes to first, and who chose it.
    pub(crate) fn index(&self) -> Option<(&IndexAddress, ChosenBy)> {
        match self {
            Self::Index(address, chosen_by) => Some((address, *chosen_by)),
            Self::Loopback | Self::Nowhere => None,
        }
    }
}

impl Job<'_> {
    /// What was said about the target.
    pub(crate) fn consent(&self) -> Consent<'_> {
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
    let is_there = report.landed.iter().any(|landed| {
        let index = landed.step.as_str().strip_prefix("upload:");
        index == Some(job.target.name.as_str())
    });
    if let Some(page) = page_of(job.target, &key).filter(|_| is_there) {
        ctx.note(&format!(
            "{} {} is public: {page}",
            key.project, key.version
        ));
    }
    if Known::by_name(&job.target.name) == Some(Known::TestPypi) && job.source.is_none() && is_there
    {
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
    let waivers = waivers(&job.recipe.ignore)?;
    // What will be sent decides which tokens are asked for; the steps themselves are made again with
    // them.
    let outline = {
        let interrupt = ctx.never_interrupted();
        let making = Making {
            record: &release.record,
            facts: release.journal.facts(),
            files: &files,
            waivers: &waivers,
            ctx,
        };
        making.grouped(job, &Credentials::default(), &interrupt)?
    };
    require_what_was_asked(job, &outline, release)?;
    // Outside of every run, so that Ctrl-C at the prompt ends the process.
    let credentials = credentials(job, (release, &files), &outline, state, ctx)?;
    if job.recipe.verify && ambient_identity(ctx) {
        ctx.note("this job can mint publishing identities, so nothing is imported here; run `pubflow verify` in another job");
    }
    if let Some(whole) = job.whole {
        for skip in &whole.slice.skips {
            release.waive(&skip.step, &skip.reason)?;
        }
    }
    // From here on there is something to resume.
    let mut recipe = Recipe {
        consent: job.named || job.upload.yes || ambient_identity(ctx),
        ..job.recipe.clone()
    };
    if let Some(whole) = &mut recipe.whole {
        let asking = outline.iter().filter(|grouped| grouped.part.asks());
        whole.asks = asking.map(|grouped| grouped.step.id.to_string()).collect();
    }
    release.remember(&recipe)?;
    let report = ctx.block_on(async |interrupt| {
        let making = Making {
            record: &release.record,
            facts: release.journal.facts(),
            files: &files,
            waivers: &waivers,
            ctx,
        };
        let plan = making.plan(job, &credentials, &interrupt)?;
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
        for lease in [&credentials.target, &credentials.rehearsal]
            .into_iter()
            .flatten()
        {
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

/// What is sent in a run: nothing to an index that no file goes to.
fn credentials(
    job: &Job<'_>,
    (release, files): (&OpenRelease, &[SealedFile]),
    outline: &[Grouped],
    state: &StateDir,
    ctx: &Context,
) -> Result<Credentials, CommandError> {
    let mut credentials = Credentials::default();
    let uploads = |address: &IndexAddress| {
        let id = StepId::new(format!("upload:{}", address.name));
        outline.iter().any(|grouped| grouped.step.id == id)
    };
    if uploads(job.target) {
        require_no_other(state, release, job)?;
        if !job.consent().is_given(ctx) {
            let manifest = release.record.manifest();
            return Err(CommandError::NoConsent {
                release: format!("{}=={}", manifest.name(), manifest.version()),
                index: title(job.target),
            });
        }
        let wanted = Wanted {
            address: job.target,
            chosen_by: job.chosen_by,
            project: release.record.manifest().name(),
            token_file: job.upload.token_file.as_deref(),
        };
        credentials.target = credential(&wanted, files, ctx)?;
    }
    if let Some((address, chosen_by)) = job.whole.and_then(|whole| whole.rehearsal.index())
        && uploads(address)
    {
        let wanted = Wanted {
            address,
            chosen_by,
            project: release.record.manifest().name(),
            // What was given by hand is for where the release goes.
            token_file: None,
        };
        credentials.rehearsal = credential(&wanted, files, ctx)?;
    }
    Ok(credentials)
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

/// Another version that is half on PyPI comes to its end first: users would meet the halves side by
/// side. Trials and indexes of one's own never stand in the way.
fn require_no_other(
    state: &StateDir,
    release: &OpenRelease,
    job: &Job<'_>,
) -> Result<(), CommandError> {
    if !job.recipe.address.is_pypi() {
        return Ok(());
    }
    let ours = release.record.key();
    for other in state.records_of(&ours.project)? {
        let (key, facts) = (other.key(), Facts::read(&other)?);
        let Some(recipe) = recipe_of(&facts).filter(|_| key.version != ours.version) else {
            continue;
        };
        if recipe.address.is_pypi() && is_open(&facts) && half_public(&facts, &recipe.index) {
            return Err(CommandError::HalfPublic {
                release: format!("{}=={}", key.project, key.version),
                index: recipe.index,
            });
        }
    }
    Ok(())
}

/// Gates, approvals and own steps that a release was begun with are the project's; where its settings
/// are not at hand, going on would leave them out.
fn require_what_was_asked(
    job: &Job<'_>,
    steps: &[Grouped],
    release: &OpenRelease,
) -> Result<(), CommandError> {
    let asked = job.recipe.whole.iter().flat_map(|whole| &whole.asks);
    let is_here = |id: &&String| {
        let mut steps = steps.iter();
        steps.any(|grouped| grouped.step.id.as_str() == id.as_str())
    };
    let Some(step) = asked.clone().find(|id| !is_here(id)) else {
        return Ok(());
    };
    let key = release.record.key();
    Err(CommandError::NotAsked {
        release: format!("{}=={}", key.project, key.version),
        step: step.clone(),
    })
}

/// The credential for one index of a run; none where every file is there already.
fn credential(
    wanted: &Wanted<'_>,
    files: &[SealedFile],
    ctx: &Context,
) -> Result<Option<Lease>, CommandError> {
    let missing = ctx.block_on_reading(async {
        let index = ctx.index(wanted.address.clone())?;
        Ok(is_anything_missing(&index, wanted.project, files).await)
    })?;
    if !missing {
        return Ok(None);
    }
    let found = credential_for(wanted, ctx)?;
    Ok(Some(found.ok_or_else(|| CommandError::NoToken {
        index: wanted.address.name.to_string(),
    })?))
}

/// Whether any file is not on the index yet, as far as it can be told.
async fn is_anything_missing(index: &Index, project: &ProjectName, files: &[SealedFile]) -> bool {
    let page = index.project(project).await;
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
