//! The arguments of `pubflow collect`.

use std::path::PathBuf;

use clap::Args;

use super::help;

/// `pubflow collect`
#[derive(Debug, Args)]
#[command(after_help = help::COLLECT)]
pub(crate) struct Collect {
    /// Directories with what was built elsewhere; those below them are looked into
    #[arg(required = true)]
    pub(crate) directories: Vec<PathBuf>,
    /// Where the joined set goes
    #[arg(long, short, value_name = "DIR", default_value = "dist")]
    pub(crate) out_dir: PathBuf,
}
