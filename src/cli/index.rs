//! Arguments of the embedded index: `index serve` and `rehearse`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{Listening, Verification, help};

/// `pubflow rehearse`
#[derive(Debug, Args)]
#[command(after_help = help::REHEARSE)]
pub(crate) struct Rehearse {
    /// The project
    #[arg(default_value = ".")]
    pub(crate) directory: PathBuf,
    /// Skip the installation tests
    #[arg(long)]
    pub(crate) no_verify: bool,
    /// Let the index misbehave as the rules of this file say
    #[arg(long, value_name = "FILE")]
    pub(crate) faults: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) verification: Verification,
}

/// `pubflow index`
#[derive(Debug, Subcommand)]
pub(crate) enum Index {
    /// Run the embedded index in the foreground until it is interrupted
    Serve(IndexServe),
}

/// `pubflow index serve`
#[derive(Debug, Args)]
#[command(after_help = help::INDEX_SERVE)]
pub(crate) struct IndexServe {
    /// Keep files and state here [default: a temporary directory that goes with the process]
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) listening: Listening,
    /// Port of the test realm; 0 takes a free one
    #[arg(long, value_name = "PORT", default_value_t = 0)]
    pub(crate) port: u16,
    /// Port of the production realm; 0 takes a free one
    #[arg(long, value_name = "PORT", default_value_t = 0)]
    pub(crate) production_port: u16,
    /// Load users, tokens and projects from this file into the production realm
    #[arg(long, value_name = "FILE")]
    pub(crate) seed: Option<PathBuf>,
    /// Write the tokens and passwords made for the seed here
    #[arg(long, value_name = "FILE", requires = "seed")]
    pub(crate) credentials: Option<PathBuf>,
    /// Which of PyPI's answers to give [default: pypi, with a seed: recorded]
    #[arg(long, value_name = "PROFILE", value_parser = ["pypi", "recorded"])]
    pub(crate) rules: Option<String>,
    /// Seconds that the index's clock is ahead of the system's; negative when behind
    #[arg(
        long,
        value_name = "SECONDS",
        default_value_t = 0,
        allow_negative_numbers = true
    )]
    pub(crate) clock_offset: i64,
    /// The largest file that is accepted, in MiB
    #[arg(long, value_name = "MIB", default_value_t = 100)]
    pub(crate) file_limit: u64,
    /// Answer as the rules of this file say instead of as an index should
    #[arg(long, value_name = "FILE")]
    pub(crate) faults: Option<PathBuf>,
}
