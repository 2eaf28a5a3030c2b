//! Why a command ended without being done: every error of the program.
//!
//! Errors of the libraries keep their types; here they meet. [`exit`] gives each its exit code,
//! [`words`] and [`config_words`] say what, where, why and next.

mod config_words;
mod exit;
mod unit_words;
mod words;

use std::path::PathBuf;

use pubflow_check::CheckError;
use pubflow_forge::git::GitError;
use pubflow_http::{AddressError, HttpError, SecretError};
use pubflow_index::credential::vault::VaultError;
use pubflow_index::credential::{CredentialError, NarrowError};
use pubflow_index::{DownloadError, StatisticsError};
use pubflow_pipeline::{Failure, LockError, ManifestError, StateError, TransferError};
use pubflow_python::build::BuildError;
use pubflow_python::interpreter::InterpreterError;
use pubflow_python::verify::VerifyError;
use pubflow_server::ServerError;
use pubflow_stages::{CollectError, FilesError, FragmentError, SourceError, TreeError, UnitError};

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
    #[error("no release is recorded here")]
    NoReleases,
    #[error("no release that was published to {index} is recorded here")]
    NonePublished { index: String },
    #[error("it cannot be told which of {} releases is meant", releases.len())]
    WhichRelease { releases: Vec<String> },
    #[error("`{index}` is not where it was when this release was begun")]
    Moved {
        index: String,
        then: String,
        now: String,
    },
    #[error("the check of pyproject.toml found {n_errors} that must be corrected")]
    ProjectErrors { n_errors: usize },
    #[error("there is no token for {index}")]
    NoToken { index: String },
    #[error("there is no token to keep for {index}")]
    NothingToKeep { index: String },
    #[error("{index} would refuse this token")]
    UselessToken { index: String, problem: String },
    #[error(transparent)]
    Narrow(#[from] NarrowError),
    #[error(transparent)]
    Vault(#[from] VaultError),
    #[error("the newest release that was tested is {release}, not this project's version")]
    OtherVersion {
        release: String,
        here: String,
        index: String,
    },
    #[error("nobody has agreed to publish {release} to {index}")]
    NoConsent { release: String, index: String },
    #[error("there is nothing to check here")]
    NothingToCheck,
    #[error("`{}` is no directory", path.display())]
    NoProject { path: PathBuf },
    #[error("{release} is not on {index}")]
    NotOnIndex { release: String, index: String },
    #[error("nothing was begun with {release}")]
    NeverBegun { release: String },
    #[error("`{step}` has not passed, so nothing behind it can begin")]
    NotPassed { step: String },
    #[error("{release} was begun with `{step}`, which is not asked for here")]
    NotAsked { release: String, step: String },
    #[error("a release is not rehearsed on {index}")]
    NotForTrials { index: String, origin: Origin },
    #[error("{}", standing(*n_items))]
    NotReady { n_items: usize, exit: ExitCode },
    #[error("{release} was begun from another commit")]
    OtherCommit {
        release: String,
        begun: String,
        here: String,
    },
    #[error("{release} was begun and is half public")]
    HalfPublic { release: String, index: String },
    #[error("{release} was not approved")]
    NotApproved { release: String },
    #[error("{release} has other bytes here than those that were looked at")]
    OtherManifest {
        release: String,
        given: String,
        here: String,
    },
    #[error("`{}` is not what {index} has under this name", path.display())]
    OtherBytes {
        path: PathBuf,
        index: String,
        here: String,
        there: String,
    },
    #[error("{release} was abandoned")]
    Abandoned { release: String, reason: String },
    #[error("nothing of {release} is open")]
    NotOpen { release: String },
    #[error("a file cannot be fetched from {index}")]
    Download {
        index: String,
        #[source]
        source: Box<DownloadError>,
    },
    #[error("there are no statistics of `{project}`")]
    Statistics {
        project: String,
        #[source]
        source: Box<StatisticsError>,
    },
    #[error(transparent)]
    Tree(#[from] TreeError),
    #[error(transparent)]
    Address(#[from] AddressError),
    #[error("a token cannot be used")]
    Secret(SecretError),
    #[error("there is no home directory to keep the state in")]
    NoStateDir,
    #[error("there is no home directory to keep a cache in")]
    NoCacheDir,
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
    #[error(transparent)]
    Transfer(#[from] TransferError),
    #[error("{}", .0.message())]
    Build(Box<BuildError>),
    #[error(transparent)]
    Unit(Box<UnitError>),
    #[error(transparent)]
    Collect(Box<CollectError>),
    #[error(transparent)]
    Fragment(#[from] FragmentError),
    #[error(transparent)]
    Verify(#[from] VerifyError),
    #[error(transparent)]
    Interpreter(#[from] InterpreterError),
    #[error(transparent)]
    Check(#[from] CheckError),
    #[error(transparent)]
    Git(#[from] GitError),
    #[error(transparent)]
    Source(#[from] SourceError),
    #[error("the HTTP client cannot be set up")]
    Http(#[from] HttpError),
    #[error("the embedded index cannot be started")]
    Server(#[from] ServerError),
    #[error("{}", failure.report.message)]
    Stopped { failure: Box<Failure>, landed: bool },
    #[error("{source}")]
    Landed {
        #[source]
        source: Box<CommandError>,
        public: Vec<String>,
    },
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

impl From<UnitError> for CommandError {
    fn from(error: UnitError) -> Self {
        match error {
            // Of several releases the unit's own words say more.
            UnitError::Files(error) if !matches!(error, FilesError::SeveralReleases { .. }) => {
                Self::Files(error)
            }
            error => Self::Unit(Box::new(error)),
        }
    }
}

impl From<CollectError> for CommandError {
    fn from(error: CollectError) -> Self {
        match error {
            CollectError::Files(error) => Self::Files(error),
            CollectError::Unit(error) => error.into(),
            CollectError::Fragment(error) => Self::Fragment(error),
            error => Self::Collect(Box::new(error)),
        }
    }
}

impl From<BuildError> for CommandError {
    fn from(error: BuildError) -> Self {
        Self::Build(Box::new(error))
    }
}

/// How many things stand in the way of a release.
fn standing(n_items: usize) -> String {
    match n_items {
        1 => "one thing stands in the way of the release".to_owned(),
        n => format!("{n} things stand in the way of the release"),
    }
}
