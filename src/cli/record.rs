//! Arguments of what is remembered about releases: `resume`, `status`, `abandon`, `history`, `state`, `stats`, `watch`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{IndexChoice, help};

/// `pubflow resume`
#[derive(Debug, Args)]
#[command(after_help = help::RESUME)]
pub(crate) struct Resume {
    /// The release [default: the newest one that is open]
    #[arg(value_name = "NAME==VERSION")]
    pub(crate) release: Option<String>,
    /// Read the token from this file, or from standard input with `-`
    #[arg(long, value_name = "FILE")]
    pub(crate) token_file: Option<PathBuf>,
    /// Do not ask before publishing to PyPI
    #[arg(long, short)]
    pub(crate) yes: bool,
}

/// `pubflow status`
#[derive(Debug, Args)]
pub(crate) struct Status {
    /// The release [default: the newest]
    #[arg(value_name = "NAME==VERSION")]
    pub(crate) release: Option<String>,
    /// Do not ask any index
    #[arg(long)]
    pub(crate) offline: bool,
}

/// `pubflow abandon`
#[derive(Debug, Args)]
#[command(after_help = help::ABANDON)]
pub(crate) struct Abandon {
    /// The release [default: the newest one that is open]
    #[arg(value_name = "NAME==VERSION")]
    pub(crate) release: Option<String>,
    /// Why; kept with the release
    #[arg(long, value_name = "REASON")]
    pub(crate) reason: String,
}

/// `pubflow history`
#[derive(Debug, Args)]
pub(crate) struct History {
    /// The project [default: every project]
    #[arg(value_name = "NAME")]
    pub(crate) project: Option<String>,
    /// Show at most this many runs, the latest ones
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub(crate) limit: usize,
}

/// `pubflow state`
#[derive(Debug, Subcommand)]
pub(crate) enum State {
    /// Compare every stored byte with its digest; nothing is written
    Verify,
    /// Move what is damaged aside, so that releases can go on
    #[command(after_help = help::STATE_REPAIR)]
    Repair,
    /// Write a release into one file, for another machine or the next CI job
    #[command(after_help = help::STATE_EXPORT)]
    Export(StateExport),
    /// Take over a release from such a file
    Import(StateImport),
    /// Remove files that no release needs any more
    #[command(name = "gc")]
    Sweep(StateSweep),
}

/// `pubflow state export`
#[derive(Debug, Args)]
pub(crate) struct StateExport {
    /// The release
    #[arg(value_name = "NAME==VERSION")]
    pub(crate) release: String,
    /// The file to write
    pub(crate) file: PathBuf,
}

/// `pubflow state import`
#[derive(Debug, Args)]
pub(crate) struct StateImport {
    /// The file that `pubflow state export` wrote
    pub(crate) file: PathBuf,
}

/// `pubflow state gc`
#[derive(Debug, Args)]
pub(crate) struct StateSweep {
    /// Forget finished and abandoned releases too, when nothing happened with them for so many days
    #[arg(long, value_name = "DAYS")]
    pub(crate) older_than: Option<u32>,
}

/// `pubflow stats`
#[derive(Debug, Args)]
#[command(after_help = help::STATS)]
pub(crate) struct Stats {
    /// The project [default: the one here]
    #[arg(value_name = "NAME")]
    pub(crate) project: Option<String>,
}

/// `pubflow watch`
#[derive(Debug, Args)]
#[command(after_help = help::WATCH)]
pub(crate) struct Watch {
    /// The project [default: the one here]
    #[arg(value_name = "NAME")]
    pub(crate) project: Option<String>,
    #[command(flatten)]
    pub(crate) index: IndexChoice,
}
