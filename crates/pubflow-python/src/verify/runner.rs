//! Runs the smoke script over a plan, again and again when an import ends the interpreter.
//!
//! One process imports everything: starting Python costs more than most imports. Only a module that
//! hangs or ends the process costs another start, which goes on behind it.

use std::io::{self, Read};
use std::path::Path;
use std::time::{Duration, Instant};

use pubflow_process::{Cancel, Environment, Exit, ProcessError, log_tail, run};

use super::VerifyError;
use super::rooms::Rooms;
use super::seclusion::Seclusion;
use super::stored::{Attempt, Kind, Line, Place, Plan, PlannedScript};
use crate::environment::PythonEnvironment;

/// The script, which is written into the scratch directory.
const SCRIPT: &str = include_str!("smoke.py");
/// Starts that one plan is worth; modules that end the interpreter are rare, lists of them rarer.
const MAX_STARTS: usize = 8;
/// More than this is not read of the results, which foreign code can write to.
const MAX_RESULT_BYTES: u64 = 64 * 1024 * 1024;
/// Time for the interpreter itself to start and end, on a machine that is busy.
const START_ALLOWANCE: Duration = Duration::from_secs(20);
/// Lines of output that are kept of a process that died.
const SHOWN_LINES: usize = 15;

/// What there is to do.
#[derive(Debug, Clone, Default)]
pub(super) struct Work {
    /// Modules to import, in order.
    pub(super) modules: Vec<String>,
    /// Scripts to load, in order.
    pub(super) scripts: Vec<PlannedScript>,
    /// Distribution whose installed version is asked for.
    pub(super) distribution: Option<String>,
}

impl Work {
    fn len(&self) -> usize {
        self.modules.len() + self.scripts.len() + usize::from(self.distribution.is_some())
    }

    fn take_out(&mut self, kind: Kind, name: &str) {
        match kind {
            Kind::Import => self.modules.retain(|module| module != name),
            Kind::Script => self.scripts.retain(|script| script.name != name),
            Kind::Metadata => self.distribution = None,
        }
    }
}

/// An attempt that ended the process.
#[derive(Debug, Clone)]
pub(super) struct Ended {
    /// What was attempted; none when the interpreter did not come as far.
    pub(super) attempted: Option<(Kind, String)>,
    /// How it ended.
    pub(super) how: How,
}

/// How an attempt ended the process.
#[derive(Debug, Clone)]
pub(super) enum How {
    /// It did not end within the limit, and was here then.
    TimedOut(Option<Place>),
    /// The process ended, with this at the end of its output.
    Died {
        /// Status or signal.
        exit: Exit,
        /// The end of the output.
        output: String,
    },
}

/// How a plan went.
#[derive(Debug, Default)]
pub(super) struct Ran {
    /// Attempts that came back.
    pub(super) attempts: Vec<Attempt>,
    /// Attempts that did not.
    pub(super) ended: Vec<Ended>,
    /// Parts of the plan that were not come to.
    pub(super) n_not_tried: usize,
}

impl Ran {
    /// A module fails as its package does.
    fn block(&mut self, name: String, package: &str) {
        let is_package =
            |attempt: &&Attempt| attempt.kind == Kind::Import && attempt.name == package;
        if let Some(package) = self.attempts.iter().rev().find(is_package) {
            self.attempts.push(Attempt {
                name,
                seconds: 0.0,
                detail: None,
                wrote: Vec::new(),
                ..package.clone()
            });
        }
    }
}

/// What a plan is run with.
#[derive(Debug)]
pub(super) struct Runner<'a> {
    /// The environment under test.
    pub(super) environment: &'a PythonEnvironment,
    /// Its directories.
    pub(super) rooms: &'a Rooms,
    /// Variables of foreign code.
    pub(super) variables: &'a Environment,
    /// How it is kept off the network.
    pub(super) seclusion: &'a Seclusion,
    /// Time limit of one attempt.
    pub(super) limit: Duration,
    /// Time limit of the plan.
    pub(super) total: Duration,
    /// Ends it from another thread.
    pub(super) cancel: Option<&'a Cancel>,
}

impl Runner<'_> {
    /// Runs the plan as far as its time goes.
    pub(super) fn run(&self, mut work: Work) -> Result<Ran, VerifyError> {
        let started = Instant::now();
        let mut ran = Ran::default();
        for _ in 0..MAX_STARTS {
            let left = self.total.saturating_sub(started.elapsed());
            if work.len() == 0 || left.is_zero() {
                break;
            }
            let Some(ended) = self.start(&mut work, left, &mut ran)? else {
                break;
            };
            let is_over = ended.attempted.is_none();
            if let Some((kind, name)) = &ended.attempted {
                work.take_out(*kind, name);
            }
            ran.ended.push(ended);
            if is_over {
                break;
            }
        }
        ran.n_not_tried = work.len();
        Ok(ran)
    }

    /// Starts the script once; what it has done is taken out of `work`. Answers what ended the
    /// process, if it did not come to the end of the plan.
    fn start(
        &self,
        work: &mut Work,
        left: Duration,
        ran: &mut Ran,
    ) -> Result<Option<Ended>, VerifyError> {
        let results = self.rooms.file("results.jsonl");
        let trace = self.rooms.file("trace.txt");
        let log = self.rooms.file("imports.log");
        let io_error = |source| VerifyError::Scratch { source };
        for file in [&results, &log] {
            std::fs::write(file, b"").map_err(io_error)?;
        }
        let (script, plan) = self.write_plan(work, &trace).map_err(io_error)?;
        let limit = self
            .limit
            .saturating_mul(u32::try_from(work.len()).unwrap_or(u32::MAX));
        let command = self
            .seclusion
            .command(&self.environment.python())
            .arg("-I")
            .args([&script, &plan, &results])
            .cwd(self.rooms.work())
            .environment(self.variables.clone())
            .log(&log)
            .deadline(limit.min(left).saturating_add(START_ALLOWANCE));
        let finished = run(&command, self.cancel);
        let (begun, is_done) = read_results(&results, work, ran).map_err(io_error)?;
        if is_done {
            return Ok(None);
        }
        let how = match finished {
            Ok(finished) => match self.watchdog_place(&trace) {
                Some(place) => How::TimedOut(place),
                None => How::Died {
                    exit: finished.status,
                    output: log_tail(&log, SHOWN_LINES),
                },
            },
            Err(ProcessError::Deadline { .. }) => How::TimedOut(None),
            Err(error) => return Err(VerifyError::Process(error)),
        };
        Ok(Some(Ended {
            attempted: begun,
            how,
        }))
    }

    fn write_plan(
        &self,
        work: &Work,
        trace: &Path,
    ) -> io::Result<(std::path::PathBuf, std::path::PathBuf)> {
        let script = self.rooms.file("smoke.py");
        let plan_file = self.rooms.file("plan.json");
        let plan = Plan {
            home: self.rooms.home(),
            site_packages: self.environment.site_packages(),
            trace: trace.to_path_buf(),
            limit_seconds: self.limit.as_secs_f64(),
            modules: work.modules.clone(),
            scripts: work.scripts.clone(),
            distribution: work.distribution.clone(),
        };
        std::fs::write(&script, SCRIPT)?;
        std::fs::write(&plan_file, serde_json::to_vec(&plan)?)?;
        Ok((script, plan_file))
    }

    /// Where the process was when the watchdog ended it; the outer none when it did not.
    fn watchdog_place(&self, trace: &Path) -> Option<Option<Place>> {
        let text = log_tail(trace, usize::MAX);
        if !text.contains("Timeout (") {
            return None;
        }
        let site = site_prefix(self.environment);
        Some(text.lines().find_map(|line| {
            let (file, rest) = line
                .trim_start()
                .strip_prefix("File \"")?
                .split_once("\", line ")?;
            let digits = rest.split(' ').next()?;
            Some(Place {
                file: file.strip_prefix(&site)?.to_owned(),
                line: digits.parse().ok()?,
            })
        }))
    }
}

/// The directory of modules as Python writes it in front of a file in it.
pub(super) fn site_prefix(environment: &PythonEnvironment) -> String {
    format!(
        "{}{}",
        environment.site_packages().display(),
        std::path::MAIN_SEPARATOR
    )
}

/// Reads the results; answers what was begun and did not end, and whether the plan is done. Lines
/// that are none of ours were written by foreign code and are passed over.
fn read_results(
    file: &Path,
    work: &mut Work,
    ran: &mut Ran,
) -> io::Result<(Option<(Kind, String)>, bool)> {
    let mut text = Vec::new();
    std::fs::File::open(file)?
        .take(MAX_RESULT_BYTES)
        .read_to_end(&mut text)?;
    let mut begun = None;
    for line in text.split(|byte| *byte == b'\n') {
        match serde_json::from_slice(line) {
            Ok(Line::Begin { kind, name }) => begun = Some((kind, name)),
            Ok(Line::End(attempt)) => {
                begun = None;
                work.take_out(attempt.kind, &attempt.name);
                ran.attempts.push(*attempt);
            }
            Ok(Line::Blocked { name, by }) => {
                work.take_out(Kind::Import, &name);
                ran.block(name, &by);
            }
            Ok(Line::Done) => {
                *work = Work::default();
                return Ok((None, true));
            }
            Err(_) => {}
        }
    }
    Ok((begun, false))
}
