//! Why a command ended without being done: every error of the program, its words and its exit code.
//!
//! Errors of the libraries keep their types; here they meet, and one exhaustive `match` gives each
//! an exit code.

use std::path::PathBuf;

use pubflow_check::CheckError;
use pubflow_forge::git::GitError;
use pubflow_http::{AddressError, HttpError, SecretError};
use pubflow_index::DownloadError;
use pubflow_index::credential::CredentialError;
use pubflow_pipeline::{Failure, FailureClass, LockError, ManifestError, Report, StateError};
use pubflow_python::build::BuildError;
use pubflow_python::interpreter::InterpreterError;
use pubflow_python::verify::VerifyError;
use pubflow_server::ServerError;
use pubflow_stages::{FilesError, TreeError};

use crate::config::{ConfigError, Origin, TargetError};
use crate::exit_code::ExitCode;

/// Why a command ended without being done.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CommandError {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Target(#[from] TargetError),
    #[error("`{value}` is no {expected}")]
    Argument {
        option: &'static str,
        value: String,
        expected: &'static str,
        why: String,
    },
    #[error("nothing to publish in `{}`", directory.display())]
    NothingToPublish { directory: PathBuf },
    #[error(transparent)]
    Files(#[from] FilesError),
    #[error("no release `{release}` is recorded here")]
    NoRelease { release: String },
    #[error("nobody has agreed to publish {release} to {index}")]
    NoConsent { release: String, index: String },
    #[error("there is nothing to check here")]
    NothingToCheck,
    #[error("{release} is not on {index}")]
    NotOnIndex { release: String, index: String },
    #[error("nothing was begun with {release}")]
    NeverBegun { release: String },
    #[error("a file cannot be fetched from {index}")]
    Download {
        index: String,
        #[source]
        source: Box<DownloadError>,
    },
    #[error("`{}` was changed after it was built", path.display())]
    Tampered { path: PathBuf },
    #[error(transparent)]
    Tree(#[from] TreeError),
    #[error(transparent)]
    Address(#[from] AddressError),
    #[error("a token cannot be used")]
    Secret(SecretError),
    #[error("there is no home directory to keep the state in")]
    NoStateDir,
    #[error("a token for {index} cannot be had")]
    Credential {
        index: String,
        #[source]
        source: CredentialError,
    },
    #[error(transparent)]
    State(#[from] StateError),
    #[error(transparent)]
    Lock(#[from] LockError),
    #[error("{}", .0.message())]
    Build(Box<BuildError>),
    #[error(transparent)]
    Verify(#[from] VerifyError),
    #[error(transparent)]
    Interpreter(#[from] InterpreterError),
    #[error(transparent)]
    Check(#[from] CheckError),
    #[error(transparent)]
    Git(#[from] GitError),
    #[error("the HTTP client cannot be set up")]
    Http(#[from] HttpError),
    #[error("the embedded index cannot be started")]
    Server(#[from] ServerError),
    #[error("{}", failure.report.message)]
    Stopped { failure: Box<Failure>, landed: bool },
    #[error("interrupted")]
    Interrupted { landed: bool },
    #[error("`{}` cannot be {done}", path.display())]
    Io {
        path: PathBuf,
        done: &'static str,
        #[source]
        source: std::io::Error,
    },
    #[error("the result cannot be written to standard output")]
    Output {
        #[source]
        source: std::io::Error,
    },
    #[error("this machine gives no threads to work with")]
    Runtime {
        #[source]
        source: std::io::Error,
    },
}

impl From<ManifestError> for CommandError {
    fn from(error: ManifestError) -> Self {
        Self::Files(FilesError::Manifest(error))
    }
}

impl From<BuildError> for CommandError {
    fn from(error: BuildError) -> Self {
        Self::Build(Box::new(error))
    }
}

impl CommandError {
    /// The exit code, by the one table of the command contract.
    pub(crate) fn exit_code(&self) -> ExitCode {
        match self {
            Self::Config(_)
            | Self::Target(_)
            | Self::Argument { .. }
            | Self::NothingToPublish { .. }
            | Self::NoRelease { .. }
            | Self::NothingToCheck
            | Self::NotOnIndex { .. }
            | Self::NeverBegun { .. }
            | Self::Address(_)
            | Self::NoConsent { .. } => ExitCode::Usage,
            Self::Files(error) => files_exit_code(error),
            Self::Tampered { .. } => ExitCode::Conflict,
            Self::Download { source, .. } => download_exit_code(source),
            Self::Credential { .. } => ExitCode::Unauthorised,
            Self::State(error) => state_exit_code(error),
            Self::Lock(LockError::Held { .. }) => ExitCode::Locked,
            Self::Build(error) if error.is_machine() => ExitCode::Machine,
            Self::Build(_) => ExitCode::Findings,
            Self::Lock(_)
            | Self::NoStateDir
            | Self::Verify(_)
            | Self::Interpreter(_)
            | Self::Check(_)
            | Self::Git(_)
            | Self::Http(_)
            | Self::Server(_)
            | Self::Tree(_)
            | Self::Secret(_)
            | Self::Io { .. }
            | Self::Output { .. }
            | Self::Runtime { .. } => ExitCode::Machine,
            Self::Stopped { failure, landed } => stopped_exit_code(failure.class, *landed),
            Self::Interrupted { landed: true } => ExitCode::Open,
            Self::Interrupted { landed: false } => ExitCode::Interrupted,
        }
    }
}

/// Damage and conflicts come before "something landed", which comes before every other reason.
fn stopped_exit_code(class: FailureClass, landed: bool) -> ExitCode {
    match (class, landed) {
        (FailureClass::Damaged, _) => ExitCode::Damaged,
        (FailureClass::Conflict, _) => ExitCode::Conflict,
        (_, true) => ExitCode::Open,
        (FailureClass::Unauthorised, false) => ExitCode::Unauthorised,
        (
            FailureClass::Transient { .. } | FailureClass::Ambiguous | FailureClass::Unreachable,
            false,
        ) => ExitCode::Unreachable,
        (FailureClass::Waiting, false) => ExitCode::Waiting,
        (FailureClass::Machine, false) => ExitCode::Machine,
        (FailureClass::Refused, false) => ExitCode::Findings,
    }
}

fn state_exit_code(error: &StateError) -> ExitCode {
    if error.is_damage() {
        ExitCode::Damaged
    } else {
        ExitCode::Machine
    }
}

fn download_exit_code(error: &DownloadError) -> ExitCode {
    match error {
        DownloadError::Http(_)
        | DownloadError::Status { .. }
        | DownloadError::Redirected { .. } => ExitCode::Unreachable,
        DownloadError::Size { .. }
        | DownloadError::Digest { .. }
        | DownloadError::NoDigest { .. } => ExitCode::Conflict,
        DownloadError::Destination { .. } => ExitCode::Machine,
    }
}

fn files_exit_code(error: &FilesError) -> ExitCode {
    match error {
        FilesError::NotADistribution { .. }
        | FilesError::SeveralReleases { .. }
        | FilesError::Manifest(_) => ExitCode::Usage,
        FilesError::Read { .. } => ExitCode::Machine,
        FilesError::State(error) => state_exit_code(error),
    }
}

impl CommandError {
    /// What, where, why, next.
    pub(crate) fn report(&self) -> Report {
        let report = Report::new(self.to_string());
        match self {
            Self::Config(error) => config_report(error, report),
            Self::Target(error) => target_report(error, report),
            Self::Argument { option, why, .. } => report.code("E101").place(*option).why(why.clone()).next("see `pubflow help`"),
            Self::NothingToPublish { directory } => report
                .code("E104")
                .place(directory.display().to_string())
                .next("run `pubflow build`, or name the files: `pubflow publish FILE…`"),
            Self::Files(error) => files_report(error, report),
            Self::NoRelease { .. } => report
                .code("E105")
                .why("the state directory holds no record of it; digests that only an index claims are not taken")
                .next("name the files themselves, or run `pubflow build`"),
            Self::NoConsent { release, .. } => report
                .code("E106")
                .why("there is no terminal to ask on, the index was not named, and --yes was not given; nothing was sent")
                .next(format!("look at the digests with `pubflow status {release}`, then run the command again with --yes")),
            Self::NothingToCheck => report
                .code("E104")
                .why("no pyproject.toml, setup.py or setup.cfg")
                .next("name what to check: `pubflow check PATH…`"),
            Self::NotOnIndex { .. } => {
                report.code("E210").next("see the spelling and the index: `pubflow config show` lists the known ones")
            }
            Self::NeverBegun { release } => {
                report.code("E105").why("it was built and sealed, no more").next(format!("run `pubflow publish` for {release}"))
            }
            Self::Download { source, .. } => report.code("E201").why(source.to_string()),
            Self::Tampered { .. } => report
                .code("E303")
                .why("a process that the build left behind may have done it; the file is not the one that was checked")
                .next("find out what wrote it, then build again"),
            Self::Tree(error) => report.code("E606").why(error.source.to_string()),
            Self::Address(error) => report.code("E102").next(error.next()),
            Self::Secret(error) => report.code("E202").why(error.to_string()),
            Self::NoStateDir => report.code("E905").next("set HOME, or name a directory with --state-dir"),
            Self::Credential { index, source } => report.code("E202").why(source.to_string()).next(token_hint(index)),
            Self::State(error) => error.report(),
            Self::Lock(error) => error.report(),
            Self::Build(error) => build_report(error),
            Self::Verify(error) => verify_report(error, report),
            Self::Interpreter(error) => interpreter_report(error, report),
            Self::Check(error) => report.code("E602").why(error.why()),
            Self::Git(error) => report.code("E603").why(error.to_string()).next("see that `git status` works here"),
            Self::Http(error) => report.code("E604").why(error.to_string()),
            Self::Server(error) => report.code("E605").why(error.to_string()).next("free the port or choose another, and see that the directory can be written"),
            Self::Stopped { failure, .. } => (*failure.report).clone(),
            Self::Interrupted { landed } => interrupted_report(*landed, report),
            Self::Io { source, .. } => report.code("E606").why(source.to_string()),
            Self::Output { source } => report.code("E607").why(source.to_string()),
            Self::Runtime { source } => report.code("E608").why(source.to_string()),
        }
    }
}

fn token_hint(index: &str) -> String {
    let variable = index.to_ascii_uppercase().replace(['-', '.'], "_");
    format!(
        "set PUBFLOW_INDEX_{variable}_TOKEN, or give --token-file FILE (`-` reads standard input)"
    )
}

fn interpreter_report(error: &InterpreterError, report: Report) -> Report {
    let report = report.code("E601");
    match error {
        InterpreterError::NoneFound => report
            .why("pubflow looks on PATH, in pyenv and where uv keeps its interpreters")
            .next("install CPython 3.8 or later, or name one with --python PATH"),
        InterpreterError::NoneFits { .. } => {
            report.next("install an interpreter that the project admits, or widen requires-python")
        }
        _ => report.next("name an interpreter that works with --python PATH"),
    }
}

fn verify_report(error: &VerifyError, report: Report) -> Report {
    if let VerifyError::Interpreter(error) = error {
        return interpreter_report(error, report);
    }
    let report = report.code("E401");
    let report = match error.log() {
        Some(log) => report.why(log),
        None => report,
    };
    match error {
        VerifyError::NoDistribution { .. } | VerifyError::Filename { .. } => {
            report.next("name wheels and sdists as they were built; do not rename them")
        }
        VerifyError::Dependencies { .. } => report.next(
            "see that pip or uv can install them on this machine, then run the command again",
        ),
        _ => report.next("cure what stands above, then run the command again"),
    }
}

fn interrupted_report(landed: bool, report: Report) -> Report {
    let report = report.code("E701");
    if landed {
        report
            .why("files of this release are public already")
            .next("run `pubflow resume` to finish it")
    } else {
        report
            .why("nothing was published")
            .next("run the command again, or `pubflow resume`")
    }
}

fn build_report(error: &BuildError) -> Report {
    let mut report = Report::new(error.message())
        .code("E301")
        .place(error.at.to_string())
        .next(error.next());
    report.why = match (error.why(), &error.log) {
        (Some(why), Some(log)) => Some(format!("{why}\n{log}")),
        (why, log) => why.or_else(|| log.clone()),
    };
    report
}

fn files_report(error: &FilesError, report: Report) -> Report {
    match error {
        FilesError::NotADistribution { path, why } => report
            .code("E103")
            .place(path.display().to_string())
            .why(why.clone())
            .next("name wheels and .tar.gz sdists as they were built; do not rename them"),
        FilesError::SeveralReleases { releases } => {
            let list: Vec<String> = releases
                .iter()
                .map(|(release, paths)| {
                    let names: Vec<String> = paths
                        .iter()
                        .map(|path| path.display().to_string())
                        .collect();
                    format!("{release}: {}", names.join(" "))
                })
                .collect();
            report
                .code("E104")
                .why(list.join("\n"))
                .next("name the files of one release: `pubflow publish FILE…`")
        }
        FilesError::Read { path, source } => report
            .code("E606")
            .place(path.display().to_string())
            .why(source.to_string()),
        FilesError::Manifest(_) => report
            .code("E104")
            .next("name the files: `pubflow publish FILE…`"),
        FilesError::State(error) => error.report(),
    }
}

fn target_report(error: &TargetError, report: Report) -> Report {
    match error {
        TargetError::Config(error) => config_report(error, report),
        TargetError::Ambiguous { hint, suggestion } => report.code("E108").why(hint.clone()).next(suggestion.clone()),
        TargetError::NoSimple { variable, url } => report
            .code("E109")
            .place(format!("environment, {variable}"))
            .why(format!("{url} does not end in `legacy/`, so the simple API cannot be guessed beside it"))
            .next("set PUBFLOW_INDEX_<NAME>_UPLOAD and PUBFLOW_INDEX_<NAME>_SIMPLE, then use --index NAME"),
        TargetError::Private { .. } => report
            .code("E110")
            .why("a `Private ::` classifier says that this project must not be published there")
            .next("name your own index with --index, or remove the classifier"),
    }
}

fn config_report(error: &ConfigError, report: Report) -> Report {
    let report = report.code("E102");
    let at = |path: &PathBuf, line: &usize| format!("{}:{line}", path.display());
    let from = |origin: &Origin| origin.to_string();
    match error {
        ConfigError::Read { path, source } => report.place(path.display().to_string()).why(source.to_string()),
        ConfigError::Syntax { path, line, message } => report.place(at(path, line)).why(message.clone()),
        ConfigError::UnknownKey { path, line, nearest, known, .. } => {
            let report = report.place(at(path, line));
            match nearest {
                Some(nearest) => report.next(format!("did you mean `{nearest}`?")),
                None => report.next(format!("known here: {known}")),
            }
        }
        ConfigError::WrongType { path, line, .. } => report.place(at(path, line)),
        ConfigError::Secret { path, line, .. } => report
            .place(at(path, line))
            .why("files are committed and copied; whoever reads them could publish as you")
            .next("remove it, revoke it if the file was ever shared, and use PUBFLOW_INDEX_<NAME>_TOKEN or --token-file"),
        ConfigError::Address { origin, .. } => report.place(from(origin)),
        ConfigError::Redirected { origin, .. } => report
            .place(from(origin))
            .why("a project file may send PyPI and TestPyPI to a loopback address at most: a cloned project must not receive your token")
            .next("remove the line; to use a mirror set PUBFLOW_INDEX_PYPI_UPLOAD and _SIMPLE, or your user file"),
        ConfigError::Incomplete { index, missing } => {
            let variable = index.to_ascii_uppercase().replace(['-', '.'], "_");
            report.next(format!(
                "set `{missing}` in [tool.pubflow.index.{index}], or PUBFLOW_INDEX_{variable}_{}",
                missing.to_ascii_uppercase()
            ))
        }
        ConfigError::UnknownKind { known, origin, .. } | ConfigError::UnknownIndex { known, origin, .. } => {
            report.place(from(origin)).next(format!("known: {known}"))
        }
        ConfigError::IndexName { origin, .. } => {
            report.place(from(origin)).next("use letters, digits, `-`, `_` and `.`")
        }
    }
}
