//! The exit code of every error, by the one table of the command contract.

use std::io;

use pubflow_index::credential::vault::VaultError;
use pubflow_index::{CredentialError, DownloadError};
use pubflow_pipeline::{Failure, FailureClass, LockError, StateError, TransferError};
use pubflow_python::verify::VerifyError;
use pubflow_stages::{CollectError, FilesError, FragmentError, UnitError};

use super::CommandError;
use crate::exit_code::ExitCode;

impl CommandError {
    /// The exit code, by the one table of the command contract.
    pub(crate) fn exit_code(&self) -> ExitCode {
        match self {
            Self::Config(_)
            | Self::Target(_)
            | Self::Argument { .. }
            | Self::NothingToPublish { .. }
            | Self::NoRelease { .. }
            | Self::NoReleases
            | Self::NonePublished { .. }
            | Self::WhichRelease { .. }
            | Self::Moved { .. }
            | Self::OtherVersion { .. }
            | Self::NothingToCheck
            | Self::NoProject { .. }
            | Self::NotOnIndex { .. }
            | Self::NeverBegun { .. }
            | Self::Abandoned { .. }
            | Self::NotOpen { .. }
            | Self::Address(_)
            | Self::NothingToKeep { .. }
            | Self::Narrow(_)
            | Self::NotPassed { .. }
            | Self::NotAsked { .. }
            | Self::NotForTrials { .. }
            | Self::OtherCommit { .. }
            | Self::NoConsent { .. } => ExitCode::Usage,
            Self::NotReady { exit, .. } => *exit,
            Self::HalfPublic { .. } | Self::NotApproved { .. } => ExitCode::Waiting,
            Self::OtherManifest { .. } | Self::OtherBytes { .. } => ExitCode::Conflict,
            Self::Files(error) => files_exit_code(error),
            Self::Statistics { source, .. } if crate::command::is_unreachable(source) => {
                ExitCode::Unreachable
            }
            Self::Statistics { .. } => ExitCode::Usage,
            Self::Download { source, .. } => download_exit_code(source),
            Self::ProjectErrors { .. } => ExitCode::Findings,
            Self::Credential { source, .. } => credential_exit_code(source),
            Self::NoToken { .. } | Self::UselessToken { .. } => ExitCode::Unauthorised,
            Self::Vault(VaultError::Choice { .. } | VaultError::Off) => ExitCode::Usage,
            Self::State(error) => state_exit_code(error),
            Self::Lock(LockError::Held { .. }) => ExitCode::Locked,
            Self::Transfer(error) => transfer_exit_code(error),
            Self::Build(error) if error.is_machine() => ExitCode::Machine,
            Self::Build(_) => ExitCode::Findings,
            Self::Check(error) => named_file_exit_code(&error.source),
            Self::Unit(error) => unit_exit_code(error),
            Self::Collect(error) => collect_exit_code(error),
            Self::Fragment(FragmentError::Malformed { .. }) => ExitCode::Findings,
            Self::Fragment(_) => ExitCode::Machine,
            Self::Verify(error) => verify_exit_code(error),
            Self::Server(error) if error.is_about_arguments() => ExitCode::Usage,
            Self::Lock(_)
            | Self::NoStateDir
            | Self::Vault(_)
            | Self::NoCacheDir
            | Self::Interpreter(_)
            | Self::Git(_)
            | Self::Source(_)
            | Self::Http(_)
            | Self::Server(_)
            | Self::Tree(_)
            | Self::Secret(_)
            | Self::Io { .. }
            | Self::Output { .. }
            | Self::Runtime { .. } => ExitCode::Machine,
            Self::Stopped { failure, landed } => stopped_exit_code(failure.class, *landed),
            Self::Landed { source, .. } => match source.exit_code() {
                stronger @ (ExitCode::Damaged
                | ExitCode::Conflict
                | ExitCode::Locked
                | ExitCode::Usage) => stronger,
                _ => ExitCode::Open,
            },
            Self::Interrupted { landed: true } => ExitCode::Open,
            Self::Interrupted { landed: false } => ExitCode::Interrupted,
        }
    }
}

impl CommandError {
    /// The failure of a step whose work is a command of its own.
    pub(crate) fn into_failure(self) -> Failure {
        if let Self::Stopped { failure, .. } = self {
            return *failure;
        }
        let class = match self.exit_code() {
            ExitCode::Unreachable => FailureClass::Unreachable,
            ExitCode::Unauthorised => FailureClass::Unauthorised,
            ExitCode::Conflict => FailureClass::Conflict,
            ExitCode::Damaged => FailureClass::Damaged,
            ExitCode::Waiting | ExitCode::Interrupted => FailureClass::Waiting,
            ExitCode::Machine | ExitCode::Locked | ExitCode::Open => FailureClass::Machine,
            ExitCode::Done | ExitCode::Findings | ExitCode::Usage => FailureClass::Refused,
        };
        Failure::new(class, self.report())
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

/// An index that was not reached is no index that refused.
fn credential_exit_code(error: &CredentialError) -> ExitCode {
    match error {
        CredentialError::Trusted(error) if error.is_passing() => ExitCode::Unreachable,
        _ => ExitCode::Unauthorised,
    }
}

fn state_exit_code(error: &StateError) -> ExitCode {
    if error.is_damage() {
        ExitCode::Damaged
    } else {
        ExitCode::Machine
    }
}

fn transfer_exit_code(error: &TransferError) -> ExitCode {
    match error {
        TransferError::Lock(LockError::Held { .. }) => ExitCode::Locked,
        // Both name the file that was asked for.
        TransferError::State(StateError::Read { source, .. }) => named_file_exit_code(source),
        error if error.is_damage() => ExitCode::Damaged,
        _ => ExitCode::Machine,
    }
}

fn download_exit_code(error: &DownloadError) -> ExitCode {
    match error {
        DownloadError::Http(_)
        | DownloadError::Status { .. }
        | DownloadError::Redirected { .. }
        | DownloadError::NoDigest { .. } => ExitCode::Unreachable,
        DownloadError::Size { .. } | DownloadError::Digest { .. } => ExitCode::Conflict,
        DownloadError::Destination { .. } => ExitCode::Machine,
    }
}

fn files_exit_code(error: &FilesError) -> ExitCode {
    match error {
        FilesError::Attestation { .. } => ExitCode::Findings,
        FilesError::NotADistribution { .. }
        | FilesError::SeveralReleases { .. }
        | FilesError::Manifest(_) => ExitCode::Usage,
        FilesError::Read { source, .. } => named_file_exit_code(source),
        FilesError::Changed { .. } => ExitCode::Conflict,
        FilesError::Gone { .. } => ExitCode::Damaged,
        FilesError::State(error) => state_exit_code(error),
    }
}

fn unit_exit_code(error: &UnitError) -> ExitCode {
    match error {
        UnitError::NoProgram { .. } | UnitError::Io { .. } | UnitError::Process(_) => {
            ExitCode::Machine
        }
        UnitError::Files(error) => files_exit_code(error),
        UnitError::Command { .. } | UnitError::Nothing { .. } | UnitError::Unexpected { .. } => {
            ExitCode::Findings
        }
    }
}

/// Two machines that made other bytes of one name are a conflict; what is missing is a finding.
fn collect_exit_code(error: &CollectError) -> ExitCode {
    match error {
        error if error.is_conflict() => ExitCode::Conflict,
        CollectError::Read { .. } | CollectError::Nothing { .. } => ExitCode::Usage,
        _ => ExitCode::Findings,
    }
}

fn verify_exit_code(error: &VerifyError) -> ExitCode {
    match error {
        VerifyError::Open(error) => named_file_exit_code(&error.source),
        VerifyError::NoDistribution { .. } | VerifyError::Filename { .. } => ExitCode::Usage,
        VerifyError::Sdist { source, .. } if !source.is_machine() => ExitCode::Findings,
        VerifyError::Unpack { .. } => ExitCode::Findings,
        _ => ExitCode::Machine,
    }
}

/// A file that was named and is not there is a slip of the command line, not of the machine.
fn named_file_exit_code(error: &io::Error) -> ExitCode {
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory | io::ErrorKind::IsADirectory => {
            ExitCode::Usage
        }
        _ => ExitCode::Machine,
    }
}
