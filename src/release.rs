//! One release under way: its lock, its journal, the run of its plan, and how that ended.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use pubflow_http::is_loopback;
use pubflow_index::IndexAddress;
use pubflow_index::known::Known;
use pubflow_pipeline::{
    Answer, BoxFuture, Confirmation, Consent, Entry, Event, EventSink, Evidence, Facts, FailPoint,
    FailPointAt, Failure, Journal, JournalState, Lock, Note, Outcome, Plan, Policy, ReleaseRecord,
    RunOptions, RunReport, StepId, SystemClock, run,
};
use tokio::sync::watch;

use crate::check_settings::with_waivers_of_project;
use crate::cli;
use crate::config::{IndexSettings, Origin, Setting, Settings, URL_INDEX};
use crate::consent::says_yes;
use crate::context::Context;
use crate::error::CommandError;
use crate::interrupt::note_landed;
use crate::job::pythons;

/// Topic of the note that says how a run can be repeated.
const PLAN: &str = "plan";
/// Topic of the note that says which step is left out, and why.
const WAIVER: &str = "waiver";
/// Topic of the note that says that a release is given up.
const ABANDONED: &str = "abandoned";

/// A release that this process works on; nobody else does meanwhile.
pub(crate) struct OpenRelease {
    /// What is worked on.
    pub(crate) record: ReleaseRecord,
    /// What happened so far.
    pub(crate) journal: Journal,
    _lock: Lock,
}

impl OpenRelease {
    /// Takes the lock and reads the journal.
    ///
    /// # Errors
    /// Another run holds the lock; the journal is damaged or cannot be written.
    pub(crate) fn open(record: ReleaseRecord, ctx: &Context) -> Result<Self, CommandError> {
        let lock = Lock::acquire(&record.lock_path(), &SystemClock)?;
        let writer = crate::writer::writer(&ctx.env)?;
        let journal =
            Journal::open(&record, writer, Arc::new(SystemClock))?.with_fail_point(fail_point(ctx));
        Ok(Self {
            record,
            journal,
            _lock: lock,
        })
    }

    /// Remembers how this run can be repeated, unless the last one was of the same kind.
    ///
    /// # Errors
    /// The journal cannot be written.
    pub(crate) fn remember(&mut self, recipe: &Recipe) -> Result<(), CommandError> {
        if last_recipe(&self.journal).as_ref() != Some(recipe) {
            let note = Note {
                topic: PLAN.to_owned(),
                details: recipe.details(),
            };
            self.journal.append(Entry::Note(note))?;
        }
        Ok(())
    }

    /// Remembers that a step is left out, and why.
    ///
    /// # Errors
    /// The journal cannot be written.
    pub(crate) fn waive(&mut self, step: &str, reason: &str) -> Result<(), CommandError> {
        let details = Evidence::new().with("step", step).with("reason", reason);
        let note = Note {
            topic: WAIVER.to_owned(),
            details,
        };
        let is_known = self
            .journal
            .facts()
            .notes(WAIVER)
            .any(|(_, known)| *known == note);
        if !is_known {
            self.journal.append(Entry::Note(note))?;
        }
        Ok(())
    }

    /// Gives the release up: nothing of it is open until somebody publishes it again.
    ///
    /// # Errors
    /// The journal cannot be written.
    pub(crate) fn abandon(&mut self, reason: &str) -> Result<(), CommandError> {
        let note = Note {
            topic: ABANDONED.to_owned(),
            details: Evidence::new().with("reason", reason),
        };
        self.journal.append(Entry::Note(note))?;
        Ok(())
    }

    /// The files that were seen on the index called `index`, whatever happened since.
    pub(crate) fn uploaded_to(&self, index: &str) -> Vec<String> {
        let step = StepId::new(format!("upload:{index}"));
        let done = self.journal.facts().subjects().filter(|(subject, state)| {
            subject.step == step && matches!(state, JournalState::Done { .. })
        });
        done.map(|(subject, _)| subject.unit.to_string()).collect()
    }

    /// Runs `plan` to its end or to where it has to stop.
    ///
    /// # Errors
    /// [`CommandError::Stopped`] or [`CommandError::Interrupted`], both knowing whether something
    /// irreversible is on the remote.
    pub(crate) async fn run(
        &mut self,
        plan: &Plan,
        options: RunOptions,
        ctx: &Context,
    ) -> Result<RunReport, CommandError> {
        let report = self.attempt(plan, options, ctx).await;
        // What may have landed is treated as landed: only an observation can tell.
        let landed = !report.landed.is_empty() || !report.uncertain.is_empty();
        match &report.outcome {
            Outcome::Done => Ok(report),
            Outcome::Interrupted => Err(CommandError::Interrupted { landed }),
            Outcome::Stopped(failure) => Err(stopped(failure.clone(), &report)),
        }
    }

    /// Runs `plan` and leaves it to the caller what its end means.
    pub(crate) async fn attempt(
        &mut self,
        plan: &Plan,
        options: RunOptions,
        ctx: &Context,
    ) -> RunReport {
        let irreversible: BTreeSet<StepId> = plan
            .steps
            .iter()
            .filter(|step| step.kind.is_irreversible())
            .map(|step| step.id.clone())
            .collect();
        let shown = ctx.progress.sink();
        let events: EventSink = Arc::new(move |event: &Event| {
            if let Event::UnitFinished { step, status, .. } = event
                && status.is_done()
                && irreversible.contains(step)
            {
                note_landed();
            }
            shown(event);
        });
        run(plan, &mut self.journal, &options, events).await
    }
}

/// A run that had to stop, with what is public already in its words.
fn stopped(mut failure: Failure, report: &RunReport) -> CommandError {
    let landed = !report.landed.is_empty() || !report.uncertain.is_empty();
    for (what, units) in [
        ("already public", &report.landed),
        ("perhaps public", &report.uncertain),
    ] {
        if units.is_empty() {
            continue;
        }
        let names: Vec<&str> = units.iter().map(|landed| landed.unit.as_str()).collect();
        let public = format!("{what}: {}", names.join(", "));
        failure.report.why = Some(match failure.report.why.take() {
            Some(why) => format!("{why}\n{public}"),
            None => public,
        });
    }
    CommandError::Stopped {
        failure: Box::new(failure),
        landed,
    }
}

/// How a run can be repeated by `resume`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Recipe {
    /// `publish` or `promote`.
    pub(crate) command: String,
    /// The index that files go to.
    pub(crate) index: String,
    /// The index they come from, for `promote`.
    pub(crate) from: Option<String>,
    /// Whether the installation is tested.
    pub(crate) verify: bool,
    /// The interpreters that were asked for.
    pub(crate) pythons: Vec<String>,
    /// Whether somebody agreed to the index without being asked, so that a resume need not ask.
    pub(crate) consent: bool,
    /// The waivers that were given.
    pub(crate) ignore: Vec<String>,
    /// What a whole release has besides.
    pub(crate) whole: Option<WholeRecipe>,
    /// Uploads at a time.
    pub(crate) jobs: u8,
    /// Seconds to wait until every file is visible.
    pub(crate) timeout: u64,
    /// Where the index was then.
    pub(crate) address: Places,
    /// Where the source index was then.
    pub(crate) from_address: Option<Places>,
}

/// What of a whole release is repeated, no more and no less.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct WholeRecipe {
    /// Where it is rehearsed.
    pub(crate) rehearse: String,
    /// Where that index was then, if it is one.
    pub(crate) rehearse_address: Option<Places>,
    /// The step that it ends with, where it was asked to end early.
    pub(crate) until: Option<String>,
    /// The step that it begins with, where it was asked to begin late.
    pub(crate) begin: Option<String>,
    /// Steps that are left out, as `STEP=REASON`.
    pub(crate) skip: Vec<String>,
    /// Steps of the project that may say no; where they are not at hand, nothing goes on.
    pub(crate) asks: Vec<String>,
}

impl WholeRecipe {
    fn details(&self, details: Evidence) -> Evidence {
        let details = details.with("rehearse", &self.rehearse);
        let details = match &self.rehearse_address {
            Some(places) => places.details("rehearse-", details),
            None => details,
        };
        let ends = [("until", &self.until), ("begin", &self.begin)];
        let details = ends
            .into_iter()
            .filter_map(|(name, step)| Some((name, step.as_ref()?)))
            .fold(details, |details, (name, step)| details.with(name, step));
        with_all(with_all(details, "skip", &self.skip), "asks", &self.asks)
    }

    fn read(details: &Evidence) -> Option<Self> {
        Some(Self {
            rehearse: details.get("rehearse")?.to_owned(),
            rehearse_address: Places::read("rehearse-", details),
            until: details.get("until").map(str::to_owned),
            begin: details.get("begin").map(str::to_owned),
            skip: all(details, "skip"),
            asks: all(details, "asks"),
        })
    }
}

/// Where an index was when a run was begun. Going on somewhere else under the same name would
/// publish to an index that nobody chose for this release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Places {
    upload: String,
    simple: String,
}

impl Places {
    /// The places of an address.
    pub(crate) fn of(address: &IndexAddress) -> Self {
        Self {
            upload: address.upload.to_string(),
            simple: address.simple.to_string(),
        }
    }

    /// The address of the index called `name`, as it is configured now.
    ///
    /// # Errors
    /// It is not configured any more, or is somewhere else.
    pub(crate) fn resolve(
        &self,
        name: &str,
        settings: &Settings,
    ) -> Result<IndexAddress, CommandError> {
        let journal = |value: &str| Setting::new(value.to_owned(), Origin::Journal);
        if name == URL_INDEX {
            let unnamed = IndexSettings {
                upload: Some(journal(&self.upload)),
                simple: Some(journal(&self.simple)),
                ..IndexSettings::default()
            };
            return Ok(unnamed.address(name)?);
        }
        let address = settings.address(&journal(name))?;
        if Self::of(&address) == *self {
            return Ok(address);
        }
        Err(CommandError::Moved {
            index: name.to_owned(),
            then: self.upload.clone(),
            now: address.upload.to_string(),
        })
    }

    /// Whether it is PyPI itself, whatever it is called.
    pub(crate) fn is_pypi(&self) -> bool {
        let url = url::Url::parse(&self.upload).ok();
        let origin = url.map(|url| pubflow_http::Origin::of(&url));
        matches!(origin, Some(Ok(origin)) if Known::by_upload_origin(&origin) == Some(Known::Pypi))
    }

    fn details(&self, prefix: &str, details: Evidence) -> Evidence {
        details
            .with(format!("{prefix}upload"), &self.upload)
            .with(format!("{prefix}simple"), &self.simple)
    }

    fn read(prefix: &str, details: &Evidence) -> Option<Self> {
        Some(Self {
            upload: details.get(&format!("{prefix}upload"))?.to_owned(),
            simple: details.get(&format!("{prefix}simple"))?.to_owned(),
        })
    }
}

impl Recipe {
    /// A run of `command` that sends files to `target`, as its options say.
    ///
    /// # Errors
    /// The project ignores a rule that there is not.
    pub(crate) fn new(
        command: &str,
        target: &IndexAddress,
        (upload, verification): (&cli::UploadOptions, &cli::Verification),
        settings: &Settings,
    ) -> Result<Self, CommandError> {
        Ok(Self {
            command: command.to_owned(),
            index: target.name.as_str().to_owned(),
            from: None,
            verify: !upload.no_verify,
            pythons: pythons(verification, settings),
            consent: false,
            ignore: with_waivers_of_project(&upload.ignore, &settings.check)?,
            whole: None,
            jobs: upload.jobs,
            timeout: upload.timeout,
            address: Places::of(target),
            from_address: None,
        })
    }

    fn details(&self) -> Evidence {
        let details = Evidence::new()
            .with("command", &self.command)
            .with("index", &self.index)
            .with("verify", if self.verify { "yes" } else { "no" })
            .with("consent", if self.consent { "yes" } else { "no" })
            .with("jobs", self.jobs.to_string())
            .with("timeout", self.timeout.to_string());
        let details = with_all(details, "python", &self.pythons);
        let details = self.address.details("", details);
        let details = with_all(details, "ignore", &self.ignore);
        let details = match &self.whole {
            Some(whole) => whole.details(details),
            None => details,
        };
        match (&self.from, &self.from_address) {
            (Some(from), Some(places)) => places.details("from-", details.with("from", from)),
            _ => details,
        }
    }

    fn read(details: &Evidence) -> Option<Self> {
        Some(Self {
            command: details.get("command")?.to_owned(),
            index: details.get("index")?.to_owned(),
            from: details.get("from").map(str::to_owned),
            verify: details.get("verify") != Some("no"),
            consent: details.get("consent") == Some("yes"),
            pythons: all(details, "python"),
            ignore: all(details, "ignore"),
            whole: WholeRecipe::read(details),
            // Journals of before they were kept have neither.
            jobs: number(details, "jobs").unwrap_or(cli::JOBS),
            timeout: number(details, "timeout").unwrap_or(cli::TIMEOUT),
            address: Places::read("", details)?,
            from_address: Places::read("from-", details),
        })
    }
}

fn number<T: std::str::FromStr>(details: &Evidence, name: &str) -> Option<T> {
    details.get(name)?.parse().ok()
}

fn with_all(details: Evidence, name: &str, texts: &[String]) -> Evidence {
    texts
        .iter()
        .fold(details, |details, text| details.with(name, text))
}

fn all(details: &Evidence, name: &str) -> Vec<String> {
    let named = details.iter().filter(|(key, _)| *key == name);
    named.map(|(_, text)| text.to_owned()).collect()
}

/// How the last run of this journal can be repeated.
pub(crate) fn last_recipe(journal: &Journal) -> Option<Recipe> {
    recipe_of(journal.facts())
}

/// The same from facts alone.
pub(crate) fn recipe_of(facts: &Facts) -> Option<Recipe> {
    facts
        .notes(PLAN)
        .last()
        .and_then(|(_, note)| Recipe::read(&note.details))
}

/// Why a release was given up, unless somebody took it up again afterwards.
pub(crate) fn abandoned(facts: &Facts) -> Option<&str> {
    let turns = facts.records().filter_map(|record| match &record.entry {
        Entry::RunOpened { .. } => Some(None),
        Entry::Note(note) if note.topic == PLAN => Some(None),
        Entry::Note(note) if note.topic == ABANDONED => {
            Some(Some(note.details.get("reason").unwrap_or_default()))
        }
        _ => None,
    });
    turns.last().flatten()
}

/// Whether the last run of a journal did not end well, or died before it could begin. A yank that a
/// later turn replaced leaves its intent behind; whether one is open is `command::yank`'s to say.
pub(crate) fn is_open(facts: &Facts) -> bool {
    if abandoned(facts).is_some() {
        return false;
    }
    let intents = facts
        .subjects()
        .filter(|(subject, _)| !subject.step.as_str().starts_with("yank:"))
        .any(|(_, state)| matches!(state, JournalState::Intent { .. }));
    let ends = facts.records().filter_map(|record| match &record.entry {
        Entry::RunOpened { .. } => Some(false),
        Entry::Note(note) if note.topic == PLAN => Some(false),
        Entry::RunClosed { outcome } => Some(outcome == "done"),
        _ => None,
    });
    intents || ends.last() == Some(false)
}

/// Whether some file of the release is, or may be, on `index`.
pub(crate) fn half_public(facts: &Facts, index: &str) -> bool {
    let step = StepId::new(format!("upload:{index}"));
    facts
        .subjects()
        .any(|(subject, state)| subject.step == step && !matches!(state, JournalState::Nothing))
}

/// The budgets for runs against `address`. An index on this machine shows files at once, so there is
/// nothing to be patient for between two looks.
pub(crate) fn policy(address: &IndexAddress, visible_within: Duration) -> Policy {
    let mut policy = Policy {
        visible_within,
        ..Policy::standard()
    };
    if is_loopback(&address.upload) {
        policy.first_poll = Duration::from_millis(50);
        policy.poll = Duration::from_secs(1);
        policy.settle = Duration::from_secs(1);
        policy.act.first = Duration::from_millis(200);
        policy.observe.first = Duration::from_millis(200);
    }
    policy
}

/// Options of a run.
pub(crate) fn options(
    policy: Policy,
    consent: Arc<dyn Consent>,
    interrupt: watch::Receiver<bool>,
) -> RunOptions {
    RunOptions {
        policy,
        clock: Arc::new(SystemClock),
        consent,
        interrupt,
    }
}

/// Asks on the terminal, with the digest table.
pub(crate) struct AskOnTerminal {
    /// Where the question is shown.
    pub(crate) progress: crate::render::Progress,
}

impl Consent for AskOnTerminal {
    fn ask<'a>(&'a self, _: &'a StepId, confirmation: &'a Confirmation) -> BoxFuture<'a, Answer> {
        Box::pin(async move {
            let heading = ["file", "size", "sha256"];
            self.progress
                .line(&crate::render::table(&heading, &confirmation.table));
            self.progress
                .line(&format!("{} [y/N]", confirmation.question));
            match tokio::task::spawn_blocking(says_yes).await {
                Ok(Ok(true)) => Answer::Yes,
                _ => Answer::No,
            }
        })
    }
}

/// Where tests let the process die; honoured in debug builds only.
fn fail_point(ctx: &Context) -> Option<FailPoint> {
    if !cfg!(debug_assertions) {
        return None;
    }
    let (side, line) = ctx.env.get("PUBFLOW_FAIL_POINT")?.split_once(':')?;
    let line = line.parse().ok()?;
    let at = match side {
        "before" => FailPointAt::Before(line),
        "after" => FailPointAt::After(line),
        _ => return None,
    };
    Some(FailPoint::abort(at))
}
