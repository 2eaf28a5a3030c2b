//! One run of a gate's command in the untrusted environment, and the report that it left.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use pubflow_process::{
    Cancel, Command, Environment, Exit, Inherited, ProcessError, Scratch, find_program, run,
};
use pubflow_spec::Sha256;

use super::report::{Measured, REPORT_BYTES, ReportError};
use super::settings::{CommandGate, ReportSource};

/// Stands for the directory of one run in arguments and file names.
const OUT: &str = "{out}";
/// Where virtual environments of projects usually are; their programs come first.
const ENVIRONMENTS: &[&str] = &[".venv", "venv"];
/// What is printed to standard output where that is the report.
const STANDARD_OUTPUT: &str = "-";

/// The end of one run.
pub(super) struct Attempt {
    /// How the command ended.
    pub(super) status: Exit,
    /// How long it took.
    pub(super) duration: Duration,
    /// Its report, where one is asked for.
    pub(super) report: Option<Result<ReadReport, ReportError>>,
}

/// A report and the digest of its bytes.
pub(super) struct ReadReport {
    pub(super) measured: Measured,
    pub(super) sha256: Sha256,
}

/// Why a command was not run to its end.
#[derive(Debug, thiserror::Error)]
pub(super) enum AttemptError {
    #[error("there is no room for the run: {0}")]
    Scratch(#[from] std::io::Error),
    #[error(transparent)]
    Process(#[from] ProcessError),
}

/// Runs the command once; what it prints is appended to `log`. Blocks.
pub(super) fn attempt(
    gate: &CommandGate,
    project: &Path,
    log: &Path,
    inherited: &Inherited,
    cancel: &Cancel,
) -> Result<Attempt, AttemptError> {
    let scratch = Scratch::make("gate", inherited)?;
    let (home, out) = (scratch.join("home"), scratch.join("out"));
    fs::create_dir_all(home.join("tmp"))?;
    fs::create_dir(&out)?;
    let inherited = with_programs_of(project, inherited);
    let filled = |text: &str| text.replace(OUT, &out.to_string_lossy());
    let mut arguments = gate.run.iter().map(|argument| filled(argument));
    let program = arguments.next().unwrap_or_default();
    let mut command = Command::new(locate(&program, project, &inherited)?)
        .args(arguments)
        .cwd(project)
        .environment(Environment::untrusted(&inherited, &home))
        .log(log)
        .deadline(gate.timeout);
    let report = gate.report.as_ref().map(|source| match &*source.file {
        STANDARD_OUTPUT => (source, out.join("standard-output")),
        file => (source, project.join(filled(file))),
    });
    if let Some((ReportSource { file, .. }, path)) = &report
        && file == STANDARD_OUTPUT
    {
        command = command.output(path).log_bytes(REPORT_BYTES);
    }
    let before = report.as_ref().and_then(|(_, path)| version_of(path));
    let finished = run(&command, Some(cancel))?;
    let report = report.map(|(source, path)| match version_of(&path) {
        after if after.is_some() && after == before => Err(ReportError::Stale),
        _ => read_report(source, &path),
    });
    Ok(Attempt {
        status: finished.status,
        duration: finished.duration,
        report,
    })
}

/// Reads a report that lies at `path`.
pub(super) fn read_report(source: &ReportSource, path: &Path) -> Result<ReadReport, ReportError> {
    let wrong = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::NotFound => ReportError::Missing,
        _ => ReportError::Read {
            message: error.to_string(),
        },
    };
    let kind = fs::metadata(path).map_err(wrong)?;
    // A pipe or a device would never end.
    if !kind.is_file() {
        return Err(ReportError::Read {
            message: "it is no file".to_owned(),
        });
    }
    if kind.len() > REPORT_BYTES {
        return Err(ReportError::Large);
    }
    let bytes = fs::read(path).map_err(wrong)?;
    let place = source.at.as_deref().unwrap_or_default();
    Ok(ReadReport {
        measured: (source.format.read)(&bytes, place)?,
        sha256: Sha256::of(&bytes),
    })
}

/// What tells two writings of a file apart.
fn version_of(path: &Path) -> Option<(SystemTime, u64)> {
    let kind = fs::metadata(path).ok()?;
    Some((kind.modified().ok()?, kind.len()))
}

/// The search path with the programs of the project's own environment in front.
fn with_programs_of(project: &Path, inherited: &Inherited) -> Inherited {
    let programs = if cfg!(windows) { "Scripts" } else { "bin" };
    // The search path holds absolute directories alone.
    let project = std::path::absolute(project).unwrap_or_else(|_| project.to_path_buf());
    let own = ENVIRONMENTS
        .iter()
        .map(|name| project.join(name).join(programs))
        .find(|directory| directory.is_dir());
    let directories = own.into_iter().chain(inherited.search_path());
    match std::env::join_paths(directories) {
        Ok(path) => inherited.clone().with("PATH", path),
        Err(_) => inherited.clone(),
    }
}

/// The program that a name means: one with a directory in it lies in the project.
fn locate(program: &str, project: &Path, inherited: &Inherited) -> Result<PathBuf, ProcessError> {
    let given = Path::new(program);
    let is_name = given.components().count() == 1;
    let found = match is_name {
        true => find_program(program, inherited),
        false => {
            let path = project.join(given);
            let path = std::path::absolute(&path).unwrap_or(path);
            path.is_file().then_some(path)
        }
    };
    found.ok_or_else(|| ProcessError::NotFound {
        program: program.to_owned(),
    })
}
