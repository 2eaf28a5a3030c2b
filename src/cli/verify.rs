//! The arguments of `pubflow verify`.

use clap::Args;

use super::{IndexChoice, InstallerName, Output, Verification, help};

/// `pubflow verify`
#[derive(Debug, Args)]
#[command(after_help = help::VERIFY)]
pub(crate) struct Verify {
    /// Files, directories of files, or NAME==VERSION to fetch from an index
    #[arg(required = true)]
    pub(crate) subjects: Vec<String>,
    #[command(flatten)]
    pub(crate) index: IndexChoice,
    #[command(flatten)]
    pub(crate) verification: Verification,
    /// What makes environments and installs
    #[arg(long, value_enum, default_value_t = InstallerName::Auto)]
    pub(crate) installer: InstallerName,
    /// Use no network; dependencies must be none, or lie in local directories and caches
    #[arg(long)]
    pub(crate) offline: bool,
    /// Install this release first and ours over it: a file, a directory of files, NAME==VERSION or NAME==VERSION@INDEX
    #[arg(long, value_name = "OLD")]
    pub(crate) upgrade_from: Option<String>,
    /// Write the result in this format to a file too: json, junit or markdown; repeatable
    #[arg(long, value_name = "FORMAT=FILE")]
    pub(crate) output: Vec<Output>,
}
