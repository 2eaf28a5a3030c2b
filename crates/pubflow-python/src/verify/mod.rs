//! Smoke tests: installs a distribution into a fresh environment and looks whether it works there.
//!
//! For each file and interpreter: our own file is installed without dependencies, then what it needs
//! from the one default index, then its modules are imported and its scripts loaded and asked for
//! help, all with time limits and with nothing of the user in reach. Findings say what users would
//! meet; only what keeps pubflow from looking is an error.
//!
//! What can be told from the bytes of a wheel alone is left to `pubflow-check`; where files come from
//! and what a finding costs is left to the stages.
//!
//! Spec: "Recording installed projects", "Entry points", PEP 440 for comparing versions.

mod budget;
mod by_hand;
mod cause;
mod commands;
mod consistency;
mod fit;
mod installed;
mod judge;
mod left_behind;
mod modules;
mod preparation;
mod provider;
mod report;
mod requirements;
mod resolve;
mod retry;
mod rooms;
mod rules;
mod runner;
mod scripts;
mod sdist;
mod seclusion;
mod smoke;
mod standard_library;
mod stored;
mod subject;
mod upgrade;
mod verdicts;

use std::io;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use pubflow_dist::{Distribution, Limits, OpenError, Wheel};
use pubflow_finding::{Finding, Findings, Severity};
use pubflow_process::{Cancel, Inherited, ProcessError};
use pubflow_spec::SpecifierSet;
use thiserror::Error;

use crate::build::BuildError;
use crate::installer::{Installer, InstallerChoice, InstallerError, Network};
use crate::interpreter::{Choice, Interpreter, InterpreterError, select};

pub use rules::RULES;
pub use smoke::{Budgets, ScriptTest, SmokeTest};

use rules::NOT_TRIED;
use seclusion::Seclusion;

/// What is verified, and how.
#[derive(Debug, Clone)]
pub struct VerifyRequest<'a> {
    /// Wheels and sdists; an sdist is verified by building a wheel from it.
    pub files: &'a [PathBuf],
    /// Interpreters to choose from, newest first, as [`find`](crate::interpreter::find) gives them.
    pub interpreters: &'a [Interpreter],
    /// Which of those that a file fits are taken.
    pub choice: Choice,
    /// Which installer makes environments.
    pub installer: InstallerChoice,
    /// Whether dependencies may come from the network.
    pub network: Network,
    /// What pubflow was started with.
    pub inherited: &'a Inherited,
    /// Directory outside of any source tree that environments are made in; it must exist.
    pub scratch: &'a Path,
    /// What is tried.
    pub smoke: &'a SmokeTest,
    /// Wheels of the last release, to be upgraded from; empty for no such test.
    pub previous: &'a [PathBuf],
    /// Time limits.
    pub limits: VerifyLimits,
    /// Verifications that run at the same time.
    pub jobs: NonZeroUsize,
    /// Ends everything from another thread.
    pub cancel: Option<&'a Cancel>,
}

/// Time limits of a verification.
#[derive(Debug, Clone, Copy)]
pub struct VerifyLimits {
    /// For the import of one module and the loading of one script.
    pub import: Duration,
    /// For all imports of one file on one interpreter.
    pub imports: Duration,
    /// For one answer of one script.
    pub script: Duration,
    /// For one of the user's own commands.
    pub command: Duration,
    /// For one call of the installer, downloads included.
    pub install: Duration,
}

impl Default for VerifyLimits {
    fn default() -> Self {
        Self {
            import: Duration::from_secs(30),
            imports: Duration::from_secs(300),
            script: Duration::from_secs(10),
            command: Duration::from_secs(300),
            install: Duration::from_secs(600),
        }
    }
}

/// What was found out about one file on one interpreter.
#[derive(Debug, Clone)]
pub struct VerifySubject {
    /// The file, as it was given.
    pub path: PathBuf,
    /// Implementation and version, such as `cpython-3.12.1`; none when no interpreter here fits.
    pub python: Option<String>,
    /// The extra it was installed with.
    pub extra: Option<String>,
    /// What is wrong with it, sorted.
    pub findings: Vec<Finding>,
    /// What was looked at, in order.
    pub checks: Vec<CheckOutcome>,
}

impl VerifySubject {
    /// The worst severity found.
    #[must_use]
    pub fn worst(&self) -> Option<Severity> {
        self.findings.iter().map(|finding| finding.severity).max()
    }
}

/// One row of the report about a subject.
#[derive(Debug, Clone)]
pub struct CheckOutcome {
    /// What was looked at: `install`, `dependencies`, `consistency`, `files`, `metadata`, `imports`,
    /// `version`, `scripts`, `help`, `extras`, `budgets`, `commands`, `removal`, `upgrade`.
    pub name: &'static str,
    /// How it went.
    pub outcome: Outcome,
    /// What it was about in a few words, such as `12 modules`; empty when there is nothing to say.
    pub detail: String,
    /// How long it took.
    pub duration: Duration,
    /// What was found by it, in the order it came up.
    pub findings: Vec<Finding>,
}

/// How a check went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing was found.
    Passed,
    /// Something was found that costs this much.
    Found(Severity),
    /// It was not done; the detail says why.
    Skipped,
}

/// Why a verification could not be done. What is wrong with a distribution is a finding instead.
#[derive(Debug, Error)]
pub enum VerifyError {
    /// A file cannot be read.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// A file is neither a wheel nor an sdist by its name.
    #[error("`{}` is neither a wheel nor an sdist", path.display())]
    NoDistribution {
        /// The file.
        path: PathBuf,
    },
    /// The name of a wheel cannot be read, so no interpreter can be chosen for it.
    #[error("`{}` is no file name of a wheel, so no installer takes it", path.display())]
    Filename {
        /// The file.
        path: PathBuf,
    },
    /// No wheel could be built from an sdist.
    #[error("no wheel can be built from `{}`", path.display())]
    Sdist {
        /// The sdist.
        path: PathBuf,
        /// Why.
        #[source]
        source: Box<BuildError>,
    },
    /// An sdist cannot be unpacked.
    #[error("`{}` cannot be unpacked", path.display())]
    Unpack {
        /// The sdist.
        path: PathBuf,
        /// Why.
        #[source]
        source: Box<pubflow_dist::UnpackError>,
    },
    /// There is no interpreter to verify with.
    #[error(transparent)]
    Interpreter(#[from] InterpreterError),
    /// The installer cannot be used.
    #[error(transparent)]
    Installer(#[from] InstallerError),
    /// Dependencies cannot be had from the index; this says nothing about the distribution.
    #[error("the dependencies cannot be had from the index that this machine installs from")]
    Dependencies {
        /// The end of the installer's output.
        log: String,
    },
    /// A child could not be run to its end.
    #[error(transparent)]
    Process(#[from] ProcessError),
    /// The scratch directory cannot be used.
    #[error("the scratch directory cannot be used: {source}")]
    Scratch {
        /// The system's words.
        source: io::Error,
    },
}

impl VerifyError {
    /// The end of a child's output that explains it, where there is one.
    #[must_use]
    pub fn log(&self) -> Option<&str> {
        match self {
            Self::Installer(error) => error.log(),
            Self::Dependencies { log } => Some(log),
            _ => None,
        }
    }
}

/// Verifies each file on the interpreters that fit it. Subjects come in the order of the files, and
/// for each file newest interpreter last.
///
/// # Errors
/// [`VerifyError`]: files that cannot be read, no interpreter at all, an installer or an index that
/// does not work, or an interruption. Defects of a distribution are findings.
pub fn verify(request: &VerifyRequest<'_>) -> Result<Vec<VerifySubject>, VerifyError> {
    if request.interpreters.is_empty() {
        return Err(InterpreterError::NoneFound.into());
    }
    let installer = Installer::find(request.installer, request.inherited)?;
    let mut tasks = Vec::new();
    let mut subjects = Vec::new();
    for path in request.files {
        let opened = Arc::new(open(path, request)?);
        let fitting = fitting(&opened.wheel, path, request)?;
        if fitting.is_empty() {
            subjects.push((tasks.len(), not_tried(path, &opened.wheel, request)));
        }
        for interpreter in fitting {
            for extra in request.smoke.variants() {
                tasks.push(Task {
                    path,
                    opened: opened.clone(),
                    interpreter: interpreter.clone(),
                    extra,
                });
            }
        }
    }
    let tools = Tools {
        installer,
        seclusion: Seclusion::find(request.inherited, request.scratch),
    };
    let mut done = run_tasks(&tasks, &tools, request)?;
    for (place, subject) in subjects.into_iter().rev() {
        done.insert(place, subject);
    }
    Ok(done)
}

/// What every task works with.
struct Tools {
    installer: Installer,
    seclusion: Seclusion,
}

/// One file on one interpreter, with one extra or none.
struct Task<'a> {
    path: &'a Path,
    opened: Arc<Opened>,
    interpreter: Interpreter,
    extra: Option<String>,
}

/// A wheel, and the directory it was built in when it was built for this.
struct Opened {
    wheel: Wheel,
    _kept: Option<tempfile::TempDir>,
}

impl Task<'_> {
    fn wheel(&self) -> &Wheel {
        &self.opened.wheel
    }
}

fn run_tasks(
    tasks: &[Task<'_>],
    tools: &Tools,
    request: &VerifyRequest<'_>,
) -> Result<Vec<VerifySubject>, VerifyError> {
    let next = AtomicUsize::new(0);
    let results = Mutex::new(Vec::with_capacity(tasks.len()));
    std::thread::scope(|scope| {
        for _ in 0..request.jobs.get().min(tasks.len()) {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(task) = tasks.get(index) else {
                        return;
                    };
                    let result = subject::verify_on(task, tools, request);
                    let is_over = result.is_err();
                    if let Ok(mut results) = results.lock() {
                        results.push((index, result));
                    }
                    if is_over {
                        return;
                    }
                }
            });
        }
    });
    let mut results = results.into_inner().unwrap_or_default();
    results.sort_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, result)| result).collect()
}

fn open(path: &Path, request: &VerifyRequest<'_>) -> Result<Opened, VerifyError> {
    match Distribution::open(path, &Limits::default())? {
        Distribution::Wheel(wheel) => Ok(Opened {
            wheel: *wheel,
            _kept: None,
        }),
        Distribution::Sdist(_) => sdist::wheel_of(path, request),
        Distribution::Unknown(_) => Err(VerifyError::NoDistribution {
            path: path.to_path_buf(),
        }),
    }
}

/// The chosen interpreters among those that the wheel's tags and Requires-Python let in, oldest
/// first.
fn fitting(
    wheel: &Wheel,
    path: &Path,
    request: &VerifyRequest<'_>,
) -> Result<Vec<Interpreter>, VerifyError> {
    let filename = wheel.filename().map_err(|_| VerifyError::Filename {
        path: path.to_path_buf(),
    })?;
    let requires_python = requires_python(wheel);
    let admitted: Vec<Interpreter> = request
        .interpreters
        .iter()
        .filter(|one| fit::fits(&filename.tags, one) && one.satisfies(requires_python.as_ref()))
        .cloned()
        .collect();
    let mut chosen: Vec<Interpreter> = select(&admitted, None, request.choice)
        .unwrap_or_default()
        .into_iter()
        .cloned()
        .collect();
    chosen.sort_by(|a, b| a.version.cmp(&b.version));
    Ok(chosen)
}

fn requires_python(wheel: &Wheel) -> Option<SpecifierSet> {
    SpecifierSet::parse(wheel.metadata()?.first("Requires-Python")?).ok()
}

/// A file that no interpreter of this machine fits.
fn not_tried(path: &Path, wheel: &Wheel, request: &VerifyRequest<'_>) -> VerifySubject {
    let mut findings = Findings::for_path(path.to_string_lossy());
    let here: Vec<String> = request
        .interpreters
        .iter()
        .map(Interpreter::label)
        .collect();
    let wanted = match requires_python(wheel) {
        Some(set) => format!(" and `Requires-Python: {set}`"),
        None => String::new(),
    };
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let finding = Finding::new(
        &NOT_TRIED,
        format!("`{name}` fits no interpreter of this machine, so it was not installed"),
    )
    .why(format!(
        "its compatibility tags{wanted} are met by none of {}",
        here.join(", ")
    ))
    .next("run `pubflow verify` on a machine that it is made for");
    findings.add(finding);
    VerifySubject {
        path: path.to_path_buf(),
        python: None,
        extra: None,
        findings: findings.into_sorted(),
        checks: Vec::new(),
    }
}
