//! Arguments of the verbs about a whole release: `release`, `plan`, `approve`, `adopt`, `doctor`.

use std::path::PathBuf;

use clap::Args;

use super::{IndexChoice, UploadOptions, Verification, help};

/// Which part of a release.
#[derive(Debug, Args, Default)]
#[command(next_help_heading = "Part of the release")]
pub(crate) struct SliceChoice {
    /// Stop after this step or group: gate, check, preflight, rehearse, approve, publish
    #[arg(long, value_name = "STEP", conflicts_with = "only")]
    pub(crate) until: Option<String>,
    /// Begin with this step; what stands before it has to have passed
    #[arg(long, value_name = "STEP", conflicts_with = "only")]
    pub(crate) from: Option<String>,
    /// This step alone; what stands before it has to have passed
    #[arg(long, value_name = "STEP")]
    pub(crate) only: Option<String>,
    /// Leave out a gate, a time, the rehearsal, a step of your own, the installation test, or preflight:ITEM; kept with its reason
    #[arg(long, value_name = "STEP=REASON")]
    pub(crate) skip: Vec<String>,
}

/// What is released, where to, and how much of it is done.
#[derive(Debug, Args)]
pub(crate) struct ReleaseChoice {
    /// Built files [default: those sealed from this commit before, else what is built of it]
    pub(crate) files: Vec<PathBuf>,
    /// Where to rehearse: loopback, none, or the name of an index [default: loopback]
    #[arg(long, value_name = "PLACE")]
    pub(crate) rehearse: Option<String>,
    #[command(flatten)]
    pub(crate) index: IndexChoice,
    #[command(flatten)]
    pub(crate) verification: Verification,
    #[command(flatten)]
    pub(crate) slice: SliceChoice,
}

/// `pubflow release`
#[derive(Debug, Args)]
#[command(after_help = help::RELEASE)]
pub(crate) struct Release {
    #[command(flatten)]
    pub(crate) choice: ReleaseChoice,
    #[command(flatten)]
    pub(crate) upload: UploadOptions,
}

/// `pubflow plan`
#[derive(Debug, Args)]
#[command(after_help = help::PLAN)]
pub(crate) struct Plan {
    #[command(flatten)]
    pub(crate) choice: ReleaseChoice,
    /// Do not ask any index
    #[arg(long)]
    pub(crate) offline: bool,
}

/// `pubflow approve`
#[derive(Debug, Args)]
#[command(after_help = help::APPROVE)]
pub(crate) struct Approve {
    /// The release [default: the newest one that is open]
    #[arg(value_name = "NAME==VERSION")]
    pub(crate) release: Option<String>,
    /// The digest of the manifest that was looked at; other bytes end with exit 4
    #[arg(long, value_name = "DIGEST")]
    pub(crate) manifest: Option<String>,
    /// Who approves [default: the user of this machine, or the actor of the CI job]
    #[arg(long, value_name = "NAME")]
    pub(crate) by: Option<String>,
    /// What there is to say about it
    #[arg(long, value_name = "TEXT")]
    pub(crate) comment: Option<String>,
    /// Do not ask
    #[arg(long, short)]
    pub(crate) yes: bool,
    /// Compare with this release: a directory, NAME==VERSION or NAME==VERSION@INDEX [default: the last one recorded here]
    #[arg(long, value_name = "OLD")]
    pub(crate) against: Option<String>,
    #[command(flatten)]
    pub(crate) index: IndexChoice,
}

/// `pubflow adopt`
#[derive(Debug, Args)]
#[command(after_help = help::ADOPT)]
pub(crate) struct Adopt {
    /// The release
    #[arg(value_name = "NAME==VERSION")]
    pub(crate) release: String,
    /// Files that are to belong to it; those on the index must be the same
    pub(crate) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) index: IndexChoice,
    #[command(flatten)]
    pub(crate) upload: UploadOptions,
    #[command(flatten)]
    pub(crate) verification: Verification,
}

/// `pubflow doctor`
#[derive(Debug, Args)]
#[command(after_help = help::DOCTOR)]
pub(crate) struct Doctor {
    /// The project
    #[arg(default_value = ".")]
    pub(crate) directory: PathBuf,
    #[command(flatten)]
    pub(crate) index: IndexChoice,
}
