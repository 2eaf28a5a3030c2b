//! `pubflow yank`: preflight, the best means the index offers, then watch until every file shows it.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use pubflow_index::kind::YankMeans;
use pubflow_index::{FileState, Index, IndexFile, ProjectPage, ReleaseState};
use pubflow_pipeline::{
    Entry, Evidence, Facts, JournalState, Manifest, ManifestFile, Note, Plan, Record,
    ReleaseRecord, StateDir, Step, StepId, Subject, Yes,
};
use pubflow_spec::{DistributionFilename, ProjectName, Version};
use pubflow_stages::{IndexTarget, YankChange, YankStage, no_yank, observe_failure};

use crate::cli;
use crate::config::{Settings, Target, choose_target};
use crate::context::Context;
use crate::error::CommandError;
use crate::exit_code::ExitCode;
use crate::records::{name_and_version, newest_record};
use crate::release::{OpenRelease, abandoned, options, policy};
use crate::render::{RunDocument, run_text};
use crate::token::{ChosenBy, Wanted, credential_for};

/// Topic of the notes that count how often a yank was asked for.
const ASKED: &str = "yank";

/// Yanks a release or takes its yank back.
pub(crate) fn run(args: &cli::Yank, ctx: &Context) -> Result<ExitCode, CommandError> {
    let settings = Settings::load(Path::new("."), &ctx.env)?;
    let (project, version) = name_and_version(&args.release)?;
    let target = choose_target(&args.index.requested(), &settings, &ctx.env, Path::new("."))?;
    let change = match &args.reason {
        Some(reason) if !args.undo => YankChange::Yank {
            reason: reason.clone(),
        },
        _ => YankChange::Undo,
    };
    if let YankMeans::NotOffered { why } = target.address.kind.row().yank {
        return Err(CommandError::Stopped {
            failure: Box::new(no_yank(target.address.name.as_str(), why)),
            landed: false,
        });
    }
    let client = Arc::new(ctx.index(target.address.clone())?);
    let page = page_of(&client, &project, ctx)?;
    let mut files = page
        .as_ref()
        .map(|page| files_of(page, &version))
        .unwrap_or_default();
    if files.is_empty() {
        return Err(CommandError::NotOnIndex {
            release: args.release.clone(),
            index: target.address.name.to_string(),
        });
    }
    let state = ctx.state()?;
    if newest_record(&state, &project, &version)?.is_none() {
        learn_digests(&client, &project, &mut files, ctx)?;
    }
    let record = record_for(&state, &project, &version, &files)?;
    let mut release = OpenRelease::open(record, ctx)?;
    let wish = Wish {
        release: (project, version),
        files,
        change,
        within: Duration::from_secs(args.timeout),
    };
    let index = IndexTarget {
        index: client,
        credential: None,
    };
    let turn = remember(&mut release, &wish, &index)?;
    if let Some(page) = &page {
        ctx.note(&afterwards(page, &wish.release.1, &wish.change));
    }
    let credential = credential_needed(&target, &settings, (args, &wish.release.0), ctx)?;
    let report = ctx.block_on(async |interrupt| {
        let index = IndexTarget {
            index: Arc::new(ctx.index(target.address.clone())?),
            credential,
        };
        let step = wish.step(&index, turn);
        let plan = Plan {
            release: release.record.key(),
            title: step.title.clone(),
            steps: vec![step],
        };
        let policy = policy(&target.address, wish.within);
        let options = options(policy, Arc::new(Yes), interrupt);
        release.run(&plan, options, ctx).await
    })?;
    let key = release.record.key();
    ctx.print(
        &RunDocument::new(&key, target.address.name.as_str(), &report),
        &run_text(&key, &report, ctx.out),
    )?;
    if let YankChange::Yank { reason } = &wish.change {
        ctx.note(&follow_up(&wish.release, page.as_deref(), reason));
    }
    Ok(ExitCode::Done)
}

/// What the index lists of the project, if it knows it.
fn page_of(
    client: &Index,
    project: &ProjectName,
    ctx: &Context,
) -> Result<Option<Arc<ProjectPage>>, CommandError> {
    ctx.block_on_reading(async {
        let page = client.project(project).await;
        page.map_err(|error| CommandError::Stopped {
            failure: Box::new(observe_failure(&client.address().name, &error)),
            landed: false,
        })
    })
}

/// What is left to do after a yank: a version that is right, a word to the users, the forge.
fn follow_up(
    (project, version): &(ProjectName, Version),
    page: Option<&ProjectPage>,
    reason: &str,
) -> String {
    let is_taken = |candidate: &Version| {
        page.is_some_and(|page| page.release_state(candidate) != ReleaseState::Absent)
    };
    // A post release sorts behind what it mends and before the next version.
    let hotfix = (1..100)
        .filter_map(|n| Version::parse(&format!("{}.post{n}", without_post(version))).ok())
        .find(|candidate| candidate > version && !is_taken(candidate));
    let hotfix = hotfix.map_or_else(
        || "a higher version".to_owned(),
        |version| version.to_string(),
    );
    format!(
        "next:\n\
         \x20 1. release {hotfix} or the next version: a yanked file name is never free again\n\
         \x20 2. tell the users: \"{project} {version} is yanked: {reason}. It stays installable by its exact version; move on.\"\n\
         \x20 3. mark the release on the forge and in the changelog, and look for pins: `{project}=={version}`"
    )
}

/// The version without its post-release part.
fn without_post(version: &Version) -> String {
    let text = version.to_string();
    match text.split_once(".post") {
        Some((before, _)) => before.to_owned(),
        None => text,
    }
}

/// What was asked for, on which files.
struct Wish {
    release: (ProjectName, Version),
    files: Vec<IndexFile>,
    change: YankChange,
    within: Duration,
}

impl Wish {
    fn step(&self, index: &IndexTarget, turn: usize) -> Step {
        let names = self.files.iter().map(|file| file.filename.clone());
        let (project, version) = &self.release;
        YankStage::step(
            index,
            (project, version),
            names.collect(),
            self.change.clone(),
            (turn, self.within),
        )
    }

    /// Whether turn `turn` was done and the index shows otherwise by now: somebody took it back.
    fn was_taken_back(&self, facts: &Facts, index: &IndexTarget, turn: usize) -> bool {
        let wants_yanked = matches!(self.change, YankChange::Yank { .. });
        let is_shown = |file: &IndexFile| file.yanked.is_some() == wants_yanked;
        let step = self.step(index, turn);
        let was_done = facts.subjects().any(|(subject, state)| {
            subject.step == step.id
                && subject.key == step.key
                && matches!(state, JournalState::Done { .. })
        });
        was_done && !self.files.iter().all(is_shown)
    }
}

/// A token where the index does the yank itself; none where a person does it.
fn credential_needed(
    target: &Target,
    settings: &Settings,
    (args, project): (&cli::Yank, &ProjectName),
    ctx: &Context,
) -> Result<Option<pubflow_index::Lease>, CommandError> {
    match target.address.kind.row().yank {
        YankMeans::AdminApi => {
            let wanted = Wanted {
                address: &target.address,
                chosen_by: ChosenBy::of(target, settings),
                project,
                token_file: args.token_file.as_deref(),
            };
            credential_for(&wanted, ctx)
        }
        _ => Ok(None),
    }
}

fn files_of(page: &ProjectPage, version: &Version) -> Vec<IndexFile> {
    let of_version = |file: &&IndexFile| {
        DistributionFilename::parse(&file.filename)
            .is_ok_and(|filename| filename.version() == version)
    };
    page.files.iter().filter(of_version).cloned().collect()
}

/// Works out the digests that the index does not list from the files themselves: a record without
/// files could not be told from another.
fn learn_digests(
    client: &Index,
    project: &ProjectName,
    files: &mut [IndexFile],
    ctx: &Context,
) -> Result<(), CommandError> {
    ctx.block_on_reading(async {
        for file in files.iter_mut().filter(|file| file.sha256.is_none()) {
            match client.observe(project, &file.filename).await {
                FileState::Present { sha256, .. } => file.sha256 = Some(sha256),
                FileState::Absent => {}
                FileState::Unknown(error) => {
                    return Err(CommandError::Stopped {
                        failure: Box::new(observe_failure(&client.address().name, &error)),
                        landed: false,
                    });
                }
            }
        }
        Ok(())
    })
}

/// The record of this release, or one made of what the index lists, so that the yank is journaled.
fn record_for(
    state: &StateDir,
    project: &ProjectName,
    version: &Version,
    files: &[IndexFile],
) -> Result<ReleaseRecord, CommandError> {
    if let Some(record) = newest_record(state, project, version)? {
        return Ok(record);
    }
    let files = files.iter().filter_map(|file| {
        Some(ManifestFile {
            filename: file.filename.clone(),
            size: file.size.unwrap_or(0),
            sha256: file.sha256?,
        })
    });
    let manifest = Manifest::new(
        project.clone(),
        version.clone(),
        None,
        files.collect(),
        std::collections::BTreeMap::new(),
    )?;
    Ok(state.seal(&manifest)?)
}

/// Which turn this is: asking for the same again is the same turn, asking for the opposite another,
/// and so is asking again for what somebody else has taken back.
fn remember(
    release: &mut OpenRelease,
    wish: &Wish,
    target: &IndexTarget,
) -> Result<usize, CommandError> {
    let (facts, index) = (release.journal.facts(), target.name());
    let (verb, reason) = match &wish.change {
        YankChange::Yank { reason } => ("yank", reason.as_str()),
        YankChange::Undo => ("undo", ""),
    };
    let details = Evidence::new()
        .with("index", index)
        .with("verb", verb)
        .with("reason", reason);
    let asked: Vec<&Evidence> = facts
        .notes(ASKED)
        .map(|(_, note)| &note.details)
        .filter(|asked| asked.get("index") == Some(index))
        .collect();
    let n_turns = asked.len();
    let is_asked_again = asked.last() == Some(&&details);
    if is_asked_again && !wish.was_taken_back(facts, target, n_turns) {
        return Ok(n_turns);
    }
    release.journal.append(Entry::Note(Note {
        topic: ASKED.to_owned(),
        details,
    }))?;
    Ok(n_turns + 1)
}

/// What was last asked for on one index.
struct LastWish<'a> {
    asked: &'a Record,
    details: &'a Evidence,
    is_done: bool,
}

impl<'a> LastWish<'a> {
    fn read(facts: &'a Facts, index: &str) -> Option<Self> {
        let (asked, note) = facts
            .notes(ASKED)
            .filter(|(_, note)| note.details.get("index") == Some(index))
            .last()?;
        let is_done = subjects_on(facts, index)
            .filter_map(|(subject, _)| facts.how(subject))
            .any(|(_, at)| at >= asked.at);
        Some(Self {
            asked,
            details: &note.details,
            is_done,
        })
    }

    fn is_yank(&self) -> bool {
        self.details.get("verb") == Some("yank")
    }
}

/// Everything that the journal knows of yanking on one index.
fn subjects_on<'a>(
    facts: &'a Facts,
    index: &str,
) -> impl Iterator<Item = (&'a Subject, JournalState)> {
    let step = StepId::new(format!("yank:{index}"));
    facts
        .subjects()
        .filter(move |(subject, _)| subject.step == step)
}

/// What the journal says of yanking on the index called `index`; nothing where it was never asked
/// for, or was taken back.
pub(crate) fn yank_in_journal(facts: &Facts, index: &str) -> Option<&'static str> {
    let wish = LastWish::read(facts, index)?;
    match (wish.is_yank(), wish.is_done) {
        (true, true) => Some("yanked"),
        (true, false) => Some("yank begun"),
        (false, true) => None,
        (false, false) => Some("un-yank begun"),
    }
}

/// The command that finishes a yank which was begun and neither done nor refused.
pub(crate) fn open_yank(record: &ReleaseRecord, facts: &Facts) -> Option<cli::Yank> {
    let mut indexes = facts
        .notes(ASKED)
        .filter_map(|(_, note)| note.details.get("index"));
    // A yank that was given up is not open; one that was asked for afterwards is.
    if abandoned(facts).is_some() {
        return None;
    }
    let (index, wish) = indexes.find_map(|index| {
        let wish = LastWish::read(facts, index)?;
        let is_under_way = subjects_on(facts, index)
            .any(|(_, state)| matches!(state, JournalState::Intent { .. }));
        let has_ended = facts.records().any(|record| {
            record.at >= wish.asked.at && matches!(record.entry, Entry::RunClosed { .. })
        });
        (!wish.is_done && (is_under_way || !has_ended)).then_some((index, wish))
    })?;
    let key = record.key();
    Some(cli::Yank {
        release: format!("{}=={}", key.project, key.version),
        reason: wish
            .is_yank()
            .then(|| wish.details.get("reason").unwrap_or_default().to_owned()),
        undo: !wish.is_yank(),
        timeout: 600,
        token_file: None,
        index: cli::IndexChoice {
            index: Some(index.to_owned()),
            ..cli::IndexChoice::default()
        },
    })
}

/// What installers choose once the change is made.
fn afterwards(page: &ProjectPage, version: &Version, change: &YankChange) -> String {
    let mut versions: Vec<Version> = page
        .files
        .iter()
        .filter(|file| file.yanked.is_none())
        .filter_map(|file| {
            DistributionFilename::parse(&file.filename)
                .ok()
                .map(|filename| filename.version().clone())
        })
        .collect();
    match change {
        YankChange::Yank { .. } => versions.retain(|other| other != version),
        YankChange::Undo => versions.push(version.clone()),
    }
    let stable = versions
        .iter()
        .filter(|version| !version.is_prerelease())
        .max();
    match stable.or(versions.iter().max()) {
        Some(newest) => {
            format!("afterwards installers choose {newest}; `==` pins still install {version}")
        }
        None => format!(
            "afterwards installers find no version at all; `==` pins still install {version}"
        ),
    }
}
