//! The isolated environment that hooks run in, and running them there.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use pubflow_dist::{Limits, unpack_sdist};
use pubflow_metadata::core_metadata::CoreMetadata;
use pubflow_process::{Cancel, Command, Environment, Scratch, log_tail, run};
use pubflow_spec::DistributionKind;

use super::error::{BuildError, BuildReason, BuildStage, HookFailure};
use super::hook::{self, Hook, Outcome, failed};
use super::made::Made;
use super::room::{Furnisher, Room};
use super::source::Source;
use super::stored::{self, Answer, Setup};
use super::{BuildRequest, Isolation, Memory, backend_path};
use crate::installer::{Installer, Job};
use crate::interpreter::{self, Interpreter, InterpreterError};

/// Calls the hooks; see its own words for how.
const RUNNER: &str = include_str!("runner.py");
/// Lines of a hook's output that are shown when it fails.
const SHOWN_LINES: usize = 40;

/// A scratch directory with an environment for hooks in it.
pub(super) struct Workshop<'a> {
    request: &'a BuildRequest<'a>,
    interpreter: Interpreter,
    installer: Installer,
    room: Option<Room>,
    /// What pyproject.toml asked for and is installed.
    requires: Vec<String>,
    /// What hooks asked for besides and is installed.
    extras: BTreeSet<String>,
    logs: Vec<PathBuf>,
    n_directories: usize,
    hash_seed: &'static str,
    started: Instant,
    scratch: Scratch,
}

impl<'a> Workshop<'a> {
    /// Finds interpreter and installer, makes the environment and installs what `source` requires.
    pub(super) fn open(request: &'a BuildRequest<'a>, source: &Source) -> Result<Self, BuildError> {
        let stop = |reason| BuildError::new(BuildStage::Requires, reason);
        let interpreter =
            choose(request, source).map_err(|error| stop(BuildReason::Interpreter(error)))?;
        let installer = Installer::find(request.installer, request.inherited)
            .map_err(|error| stop(BuildReason::Installer(error)))?;
        let temporary = request.inherited.temporary_directory();
        let scratch = Scratch::make("build", request.inherited)
            .map_err(|error| BuildError::io(BuildStage::Requires, &temporary, error))?;
        let mut workshop = Self {
            request,
            interpreter,
            installer,
            room: None,
            requires: Vec::new(),
            extras: BTreeSet::new(),
            logs: Vec::new(),
            n_directories: 0,
            hash_seed: "0",
            started: Instant::now(),
            scratch,
        };
        workshop.prepare().map_err(|error| {
            BuildError::io(BuildStage::Requires, workshop.scratch.path(), error)
        })?;
        workshop.furnish(&source.build_system.requires, BTreeSet::new())?;
        Ok(workshop)
    }

    fn prepare(&self) -> io::Result<()> {
        fs::create_dir_all(self.home().join("tmp"))?;
        fs::create_dir(self.scratch.path().join("logs"))?;
        fs::write(self.scratch.path().join("runner.py"), RUNNER)
    }

    pub(super) fn interpreter(&self) -> &Interpreter {
        &self.interpreter
    }

    pub(super) fn installer_name(&self) -> &'static str {
        self.installer.name()
    }

    /// Lets hooks that come meet sets and dictionaries of texts in another order.
    pub(super) fn change_hash_seed(&mut self) {
        self.hash_seed = "1";
    }

    /// Waits, but for an interruption.
    pub(super) fn pause(&self, time: Duration) {
        let end = Instant::now() + time;
        let is_cancelled = || self.request.cancel.is_some_and(Cancel::is_cancelled);
        while Instant::now() < end && !is_cancelled() {
            std::thread::sleep(Duration::from_millis(50).min(end - Instant::now()));
        }
    }

    /// Builds the sdist of the project.
    pub(super) fn make_sdist(&mut self, source: &Source) -> Result<Made, BuildError> {
        let out = self.directory("sdist")?;
        let hooks = [
            listing(BuildStage::GetRequiresForBuildSdist),
            making(BuildStage::BuildSdist, &out),
        ];
        let mut outcomes = self.call_all(source, &hooks)?.into_iter().skip(1);
        self.take(BuildStage::BuildSdist, outcomes.next(), &out)
    }

    /// Unpacks the sdist; the root of the tree comes back.
    pub(super) fn unpack(&mut self, sdist: &Made) -> Result<PathBuf, BuildError> {
        let into = self.directory("tree")?;
        unpack_sdist(&sdist.path, &into, &Limits::default()).map_err(|error| {
            let filename = sdist.filename.clone();
            BuildError::new(
                BuildStage::Extract,
                BuildReason::Extract { filename, error },
            )
        })
    }

    /// Builds the wheel from the unpacked sdist; the metadata that was prepared for it comes along.
    pub(super) fn make_wheel(
        &mut self,
        source: &Source,
    ) -> Result<(Made, Option<CoreMetadata>), BuildError> {
        let metadata = self.directory("metadata")?;
        let out = self.directory("wheel")?;
        let hooks = [
            listing(BuildStage::GetRequiresForBuildWheel),
            making(BuildStage::PrepareMetadataForBuildWheel, &metadata),
            making(BuildStage::BuildWheel, &out),
        ];
        let mut outcomes = self.call_all(source, &hooks)?.into_iter().skip(1);
        let stage = BuildStage::PrepareMetadataForBuildWheel;
        let prepared = outcomes.next().unwrap_or(Outcome::Missing);
        let prepared = hook::prepared_metadata(stage, prepared, &metadata)?;
        let prepared = prepared.map(|path| {
            let bytes = fs::read(&path).map_err(|error| BuildError::io(stage, &path, error))?;
            Ok(CoreMetadata::parse(&bytes))
        });
        let wheel = self.take(BuildStage::BuildWheel, outcomes.next(), &out)?;
        wheel.require_metadata(BuildStage::BuildWheel)?;
        Ok((wheel, prepared.transpose()?))
    }

    fn take(
        &mut self,
        stage: BuildStage,
        outcome: Option<Outcome>,
        out: &Path,
    ) -> Result<Made, BuildError> {
        let kind = match stage {
            BuildStage::BuildWheel => DistributionKind::Wheel,
            _ => DistributionKind::Sdist,
        };
        let outcome = outcome.unwrap_or(Outcome::Missing);
        let taken = self.directory("taken")?;
        let made = hook::distribution(stage, outcome, out, kind)
            .and_then(|file| Made::take(stage, file, &taken));
        made.map_err(|error| error.with_log(self.last_log()))
    }

    /// Calls hooks of which the first lists requirements, in as few processes as their wishes and
    /// the system allow.
    fn call_all(&mut self, source: &Source, hooks: &[Hook]) -> Result<Vec<Outcome>, BuildError> {
        if self.requires != source.build_system.requires {
            self.furnish(&source.build_system.requires, BTreeSet::new())?;
        }
        let mut outcomes = Vec::new();
        while let Some(open) = hooks.get(outcomes.len()..).filter(|open| !open.is_empty()) {
            let mut batch = self.call(source, open)?;
            if outcomes.is_empty() {
                let listed = batch.first().cloned().unwrap_or(Outcome::Missing);
                let listed = hook::requirements(open[0].stage, listed)
                    .map_err(|error| error.with_log(self.last_log()))?;
                if self.settle(listed)? == Settled::Changed {
                    batch.truncate(1);
                }
            }
            outcomes.extend(batch);
        }
        Ok(outcomes)
    }

    /// Makes the environment one that holds exactly what pyproject.toml and `listed` ask for.
    fn settle(&mut self, listed: Vec<String>) -> Result<Settled, BuildError> {
        let wanted: BTreeSet<String> = listed
            .into_iter()
            .filter(|text| !self.requires.contains(text))
            .collect();
        if wanted == self.extras {
            return Ok(Settled::AsItWas);
        }
        let requires = std::mem::take(&mut self.requires);
        self.furnish(&requires, wanted)?;
        Ok(Settled::Changed)
    }

    /// Takes or makes an environment with these requirements.
    fn furnish(&mut self, requires: &[String], extras: BTreeSet<String>) -> Result<(), BuildError> {
        let scratch = self.directory("environment")?;
        let log = self.log("environment");
        let furnisher = Furnisher {
            installer: &self.installer,
            interpreter: &self.interpreter,
            inherited: self.request.inherited,
            network: self.request.network,
            constraints: self.request.constraints,
            may_remember: self.request.memory == Memory::Recent,
            cancel: self.request.cancel,
        };
        let all: Vec<String> = requires.iter().chain(&extras).cloned().collect();
        let room = match self.request.isolation {
            Isolation::Isolated => furnisher
                .furnish(&all, &scratch, self.job(&log))
                .map_err(|error| BuildError::new(BuildStage::Requires, error))?,
            Isolation::None => furnisher
                .bare(&all, &scratch, self.variables())
                .map_err(|reason| BuildError::new(BuildStage::Requires, reason))?,
        };
        self.room = Some(room);
        self.requires = requires.to_vec();
        self.extras = extras;
        Ok(())
    }

    fn room(&self) -> Result<&Room, BuildError> {
        self.room.as_ref().ok_or_else(|| {
            let error = io::Error::other("the environment is gone");
            BuildError::io(BuildStage::Requires, self.scratch.path(), error)
        })
    }

    /// Calls hooks in one process; at least one outcome comes back, not always all.
    fn call(&mut self, source: &Source, hooks: &[Hook]) -> Result<Vec<Outcome>, BuildError> {
        let first = hooks[0].stage;
        let directory = self.directory("call")?;
        let (input, output) = (directory.join("input.json"), directory.join("output.json"));
        let backend_path = backend_path::resolve(source)?;
        let setup = Setup {
            backend: source.backend(),
            backend_path: &backend_path,
            config_settings: self.request.config_settings,
            requires: &self.requires,
            extras: &self.extras,
        };
        let plan = stored::plan(&setup, hooks)
            .map_err(io::Error::from)
            .and_then(|plan| fs::write(&input, plan));
        plan.map_err(|error| BuildError::io(first, &input, error))?;
        let log = self.log(first.as_str());
        let command = Command::new(self.room()?.python())
            .arg(self.scratch.path().join("runner.py"))
            .args([&input, &output])
            .cwd(&source.root)
            .environment(self.room()?.enter(self.variables()))
            .log(&log)
            .deadline(self.time_left());
        let finished = run(&command, self.request.cancel);
        let answer = fs::read(&output)
            .ok()
            .and_then(|bytes| stored::answer(&bytes).ok());
        let result = match finished {
            Ok(finished) => judge(source, hooks, answer, &finished.status.to_string()),
            Err(error) => {
                let running = answer.and_then(|answer| answer.running);
                let at = stage_of(running.as_deref(), hooks);
                Err(BuildError::new(at, BuildReason::Process(error)))
            }
        };
        result.map_err(|error| error.with_log(log_tail(&log, SHOWN_LINES)))
    }

    /// Variables of hooks, wherever they run.
    fn variables(&self) -> Environment {
        let request = self.request;
        let passed = request.pass_environment.iter().map(String::as_str);
        let variables = Environment::untrusted(request.inherited, &self.home())
            .passing(request.inherited, passed)
            .passing(request.inherited, ["SOURCE_DATE_EPOCH"])
            // Sets and dictionaries of texts in the same order in every build.
            .set("PYTHONHASHSEED", self.hash_seed)
            // Compiled modules in the source tree would end up in the sdist.
            .set("PYTHONDONTWRITEBYTECODE", "1");
        match request.source_date_epoch {
            Some(epoch) => variables.set("SOURCE_DATE_EPOCH", epoch.to_string()),
            None => variables,
        }
    }

    fn home(&self) -> PathBuf {
        self.scratch.path().join("home")
    }

    /// A new directory.
    fn directory(&mut self, purpose: &str) -> Result<PathBuf, BuildError> {
        self.n_directories += 1;
        let name = format!("{:02}-{purpose}", self.n_directories);
        let directory = self.scratch.path().join(name);
        fs::create_dir(&directory)
            .map_err(|error| BuildError::io(BuildStage::Requires, &directory, error))?;
        Ok(directory)
    }

    /// A new log file.
    fn log(&mut self, purpose: &str) -> PathBuf {
        let name = format!("{:02}-{purpose}.log", self.logs.len() + 1);
        let log = self.scratch.path().join("logs").join(name);
        self.logs.push(log.clone());
        log
    }

    fn last_log(&self) -> String {
        let log = self.logs.last();
        log.map(|log| log_tail(log, SHOWN_LINES))
            .unwrap_or_default()
    }

    fn job<'b>(&self, log: &'b Path) -> Job<'b>
    where
        'a: 'b,
    {
        Job {
            log,
            deadline: self.time_left(),
            cancel: self.request.cancel,
        }
    }

    fn time_left(&self) -> Duration {
        self.request.deadline.saturating_sub(self.started.elapsed())
    }

    /// Writes everything that was printed to one file, under a heading for each process.
    pub(super) fn write_log(&self, to: Option<&Path>) -> Result<(), BuildError> {
        let Some(to) = to else {
            return Ok(());
        };
        let write = || -> io::Result<()> {
            let mut file = fs::File::create(to)?;
            for log in &self.logs {
                let name = log.file_stem().unwrap_or_default().to_string_lossy();
                io::Write::write_all(&mut file, format!("== {name}\n").as_bytes())?;
                // A process that was never started has no log.
                if let Ok(mut written) = fs::File::open(log) {
                    io::copy(&mut written, &mut file)?;
                }
            }
            Ok(())
        };
        write().map_err(|error| BuildError::io(BuildStage::BuildWheel, to, error))
    }
}

#[derive(PartialEq, Eq)]
enum Settled {
    AsItWas,
    Changed,
}

fn listing(stage: BuildStage) -> Hook {
    Hook {
        stage,
        directory: None,
    }
}

fn making(stage: BuildStage, directory: &Path) -> Hook {
    Hook {
        stage,
        directory: Some(directory.to_path_buf()),
    }
}

/// The outcomes of one process, or why there are none.
fn judge(
    source: &Source,
    hooks: &[Hook],
    answer: Option<Answer>,
    status: &str,
) -> Result<Vec<Outcome>, BuildError> {
    let import_failed = |why: String| {
        let backend = source.backend().to_owned();
        BuildError::new(
            BuildStage::BackendImport,
            BuildReason::BackendImport { backend, why },
        )
    };
    let died = || format!("its process ended with {status} without a result");
    let Some(answer) = answer else {
        return Err(import_failed(died()));
    };
    if let Some(why) = answer.import_error {
        return Err(import_failed(why));
    }
    let mut outcomes = Vec::new();
    for (outcome, hook) in answer.outcomes.into_iter().zip(hooks) {
        outcomes.push(outcome.map_err(|failure| failed(hook.stage, failure))?);
    }
    match answer.running.as_deref() {
        Some("import") => Err(import_failed(died())),
        Some(_) => {
            let stage = hooks.get(outcomes.len()).unwrap_or(&hooks[0]).stage;
            Err(failed(stage, HookFailure::Died(died())))
        }
        None if outcomes.is_empty() => Err(import_failed(died())),
        None => Ok(outcomes),
    }
}

/// The stage at which a process was when it was killed.
fn stage_of(running: Option<&str>, hooks: &[Hook]) -> BuildStage {
    let hook = hooks
        .iter()
        .find(|hook| Some(hook.stage.as_str()) == running);
    hook.map_or(BuildStage::BackendImport, |hook| hook.stage)
}

fn choose(request: &BuildRequest<'_>, source: &Source) -> Result<Interpreter, InterpreterError> {
    let requires_python = source.requires_python.as_ref();
    let Some(wanted) = request.python else {
        return interpreter::find_default(request.inherited, requires_python);
    };
    let named = interpreter::find_named(wanted, request.inherited)?;
    match requires_python {
        Some(set) if !named.satisfies(requires_python) => Err(InterpreterError::NoneFits {
            requires_python: set.to_string(),
            found: vec![named.version.to_string()],
        }),
        _ => Ok(named),
    }
}
