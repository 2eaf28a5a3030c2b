//! One child from start to end.

use std::ffi::{OsStr, OsString};
use std::fmt;
use std::fs::{File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::child::{Group, in_own_group};
use crate::watchdog::Watchdog;
use crate::{Environment, ProcessError};

/// A log may grow to this size before its beginning is dropped: enough for a verbose compilation,
/// and little enough not to fill a disk.
const LOG_BYTES: u64 = 32 * 1024 * 1024;
/// First pause between two looks at a child; many children are done within milliseconds.
const FIRST_PAUSE: Duration = Duration::from_micros(500);
/// Longest pause between two looks at a child.
const LONGEST_PAUSE: Duration = Duration::from_millis(10);

/// A child to be: program, arguments, environment, place, log and limits.
#[derive(Debug, Clone)]
pub struct Command {
    program: OsString,
    arguments: Vec<OsString>,
    directory: Option<PathBuf>,
    environment: Environment,
    log: Option<PathBuf>,
    output: Option<PathBuf>,
    log_bytes: u64,
    deadline: Option<Duration>,
}

impl Command {
    /// A child that runs `program` with an empty environment and throws its output away until told
    /// otherwise.
    pub fn new(program: impl Into<OsString>) -> Self {
        Self {
            program: program.into(),
            arguments: Vec::new(),
            directory: None,
            environment: Environment::default(),
            log: None,
            output: None,
            log_bytes: LOG_BYTES,
            deadline: None,
        }
    }

    /// Adds one argument.
    #[must_use]
    pub fn arg(mut self, argument: impl Into<OsString>) -> Self {
        self.arguments.push(argument.into());
        self
    }

    /// Adds arguments.
    #[must_use]
    pub fn args<A: Into<OsString>>(mut self, arguments: impl IntoIterator<Item = A>) -> Self {
        self.arguments.extend(arguments.into_iter().map(Into::into));
        self
    }

    /// Runs it in `directory`.
    #[must_use]
    pub fn cwd(mut self, directory: impl Into<PathBuf>) -> Self {
        self.directory = Some(directory.into());
        self
    }

    /// Gives it this environment and nothing else.
    #[must_use]
    pub fn environment(mut self, environment: Environment) -> Self {
        self.environment = environment;
        self
    }

    /// Appends what it prints (both streams, in order) to the file `log`.
    #[must_use]
    pub fn log(mut self, log: impl Into<PathBuf>) -> Self {
        self.log = Some(log.into());
        self
    }

    /// Writes its standard output to the new file `output` instead of the log.
    #[must_use]
    pub fn output(mut self, output: impl Into<PathBuf>) -> Self {
        self.output = Some(output.into());
        self
    }

    /// Lets the log grow to about `bytes` before what is in it is dropped.
    #[must_use]
    pub fn log_bytes(mut self, bytes: u64) -> Self {
        self.log_bytes = bytes;
        self
    }

    /// Kills it and its group when it has not ended after `limit`.
    #[must_use]
    pub fn deadline(mut self, limit: Duration) -> Self {
        self.deadline = Some(limit);
        self
    }

    /// The program and its arguments as one line for logs; nothing secret is ever an argument.
    #[must_use]
    pub fn line(&self) -> String {
        let parts = std::iter::once(&self.program).chain(&self.arguments);
        let shown: Vec<_> = parts.map(|part| part.to_string_lossy()).collect();
        shown.join(" ")
    }

    fn program_name(&self) -> String {
        self.program.to_string_lossy().into_owned()
    }
}

/// A switch that ends running children from another thread.
#[derive(Debug, Clone, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    /// A switch that is off.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Ends every child that runs under this switch, and keeps new ones from living long.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether the switch is on.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// How a child ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// By itself, with this status.
    Code(i32),
    /// By this signal.
    Signal(i32),
}

impl fmt::Display for Exit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code(code) => write!(f, "exit status {code}"),
            Self::Signal(signal) => write!(f, "signal {signal}"),
        }
    }
}

/// A child that came to its end by itself.
#[derive(Debug, Clone)]
pub struct Finished {
    /// How it ended.
    pub status: Exit,
    /// How long it ran.
    pub duration: Duration,
    /// Whether output was dropped because the log had grown over its bound.
    pub log_was_cut: bool,
}

impl Finished {
    /// Whether it ended with status 0.
    #[must_use]
    pub fn success(&self) -> bool {
        self.status == Exit::Code(0)
    }
}

/// Runs a child to its end and kills whatever is left of its process group then. Blocks.
///
/// # Errors
/// [`ProcessError`]: it cannot be started, watched or logged, did not end in time, or was cancelled.
/// A failure status is not an error.
pub fn run(command: &Command, cancel: Option<&Cancel>) -> Result<Finished, ProcessError> {
    let log = Log::open(command)?;
    let started = Instant::now();
    let child = start(command, &log)?;
    let watchdog = Watchdog::over(child.id());
    let wait_error = |source| ProcessError::Wait {
        program: command.program_name(),
        source,
    };
    let mut group = Group::new(child).map_err(wait_error)?;
    let watched = watch(command, cancel, &mut group, &log, started);
    let status = group.end().map_err(wait_error);
    watchdog.reap();
    let log_was_cut = watched?;
    Ok(Finished {
        status: exit(status?),
        duration: started.elapsed(),
        log_was_cut,
    })
}

/// Waits until the child has ended; an error means that it has to be killed.
fn watch(
    command: &Command,
    cancel: Option<&Cancel>,
    group: &mut Group,
    log: &Log,
    started: Instant,
) -> Result<bool, ProcessError> {
    let mut pause = FIRST_PAUSE;
    let mut log_was_cut = false;
    loop {
        let ended = group.has_ended().map_err(|source| ProcessError::Wait {
            program: command.program_name(),
            source,
        })?;
        log_was_cut |= log.keep_bounded(command.log_bytes)?;
        if ended {
            return Ok(log_was_cut);
        }
        if cancel.is_some_and(Cancel::is_cancelled) {
            return Err(ProcessError::Cancelled {
                program: command.program_name(),
            });
        }
        let mut nap = pause;
        if let Some(limit) = command.deadline {
            let left = limit.saturating_sub(started.elapsed());
            if left.is_zero() {
                return Err(ProcessError::Deadline {
                    program: command.program_name(),
                    limit,
                });
            }
            nap = nap.min(left);
        }
        std::thread::sleep(nap);
        pause = (pause * 3 / 2).min(LONGEST_PAUSE);
    }
}

fn start(command: &Command, log: &Log) -> Result<std::process::Child, ProcessError> {
    let (output, errors) = log.streams()?;
    let mut child = std::process::Command::new(&command.program);
    child
        .args(&command.arguments)
        .env_clear()
        .envs(command.environment.iter())
        .stdin(Stdio::null())
        .stdout(output)
        .stderr(errors);
    if let Some(directory) = &command.directory {
        child.current_dir(directory);
    }
    in_own_group(&mut child);
    child.spawn().map_err(|source| {
        let program = command.program_name();
        // A missing working directory is reported with the same kind as a missing program.
        let place_is_there = command.directory.as_deref().is_none_or(Path::is_dir);
        match source.kind() {
            io::ErrorKind::NotFound if place_is_there && !is_there(&command.program) => {
                ProcessError::NotFound { program }
            }
            _ => ProcessError::Start { program, source },
        }
    })
}

/// Whether a program that was asked for by its path exists; one asked for by name does not count.
fn is_there(program: &OsStr) -> bool {
    let path = Path::new(program);
    path.components().count() > 1 && path.exists()
}

fn exit(status: ExitStatus) -> Exit {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return Exit::Signal(signal);
    }
    Exit::Code(status.code().unwrap_or(-1))
}

/// Where a child's output goes.
struct Log {
    file: Option<(PathBuf, File)>,
    /// Standard output, where it has a file of its own.
    output: Option<(PathBuf, File)>,
}

impl Log {
    /// Opened for appending, so that a cut log goes on at its new end.
    fn open(command: &Command) -> Result<Self, ProcessError> {
        let open = |path: &PathBuf| {
            let opened = OpenOptions::new().create(true).append(true).open(path);
            let file = opened.map_err(|source| ProcessError::Log {
                path: path.clone(),
                source,
            })?;
            Ok((path.clone(), file))
        };
        Ok(Self {
            file: command.log.as_ref().map(open).transpose()?,
            output: command.output.as_ref().map(open).transpose()?,
        })
    }

    fn streams(&self) -> Result<(Stdio, Stdio), ProcessError> {
        let stream = |file: Option<&(PathBuf, File)>| match file {
            None => Ok(Stdio::null()),
            Some((path, file)) => match file.try_clone() {
                Ok(file) => Ok(file.into()),
                Err(source) => Err(ProcessError::Log {
                    path: path.clone(),
                    source,
                }),
            },
        };
        let output = self.output.as_ref().or(self.file.as_ref());
        Ok((stream(output)?, stream(self.file.as_ref())?))
    }

    /// Empties the log when it has grown over `limit`; a child that prints without end must not fill
    /// the disk, and the end of a log is what explains a failure. An output of its own is cut likewise.
    fn keep_bounded(&self, limit: u64) -> Result<bool, ProcessError> {
        let cut = |file: &File| -> io::Result<bool> {
            if file.metadata()?.len() <= limit {
                return Ok(false);
            }
            file.set_len(0)?;
            Ok(true)
        };
        let mut was_cut = false;
        for (path, file) in self.file.iter().chain(&self.output) {
            was_cut |= cut(file).map_err(|source| ProcessError::Log {
                path: path.clone(),
                source,
            })?;
        }
        Ok(was_cut)
    }
}

#[cfg(all(test, unix))]
mod tests;
