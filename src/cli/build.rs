//! Arguments of what makes and cleans files: `build`, `clean`, `cache`, and what installs for them.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use pubflow_python::installer::InstallerChoice;

use super::help;

/// `pubflow build`
#[derive(Debug, Args)]
#[command(after_help = help::BUILD)]
pub(crate) struct Build {
    /// The project
    #[arg(default_value = ".")]
    pub(crate) directory: PathBuf,
    /// Where the files go [default: dist/ in the project]
    #[arg(long, short, value_name = "DIR")]
    pub(crate) out_dir: Option<PathBuf>,
    /// Use no network; build requirements must be none or installed by other means
    #[arg(long)]
    pub(crate) offline: bool,
    /// Interpreter, as a path or a version such as 3.12
    #[arg(long, value_name = "PYTHON")]
    pub(crate) python: Option<String>,
    /// What installs build requirements
    #[arg(long, value_enum, default_value_t = InstallerName::Auto)]
    pub(crate) installer: InstallerName,
    /// A setting for the build backend; repeat a key for a list
    #[arg(long, short = 'C', value_name = "KEY=VALUE")]
    pub(crate) config_setting: Vec<String>,
    /// Bound build requirements by this requirements file; digests in it must match
    #[arg(long, value_name = "FILE")]
    pub(crate) build_constraint: Option<PathBuf>,
    /// Run the backend in the interpreter as it is; what the build requires must be installed there
    #[arg(long)]
    pub(crate) no_isolation: bool,
    /// Ask the index again what the build requirements come to
    #[arg(long, conflicts_with = "no_isolation")]
    pub(crate) refresh: bool,
    /// Build everything again and explain what is not the same
    #[arg(long)]
    pub(crate) twice: bool,
    /// Build the wheel from the tree too and say where it differs from the one from the sdist
    #[arg(long)]
    pub(crate) compare_tree: bool,
    /// Build this unit of `build.units` alone, for `pubflow collect`
    #[arg(long, value_name = "ID", conflicts_with_all = ["twice", "compare_tree"])]
    pub(crate) unit: Option<String>,
    /// First remove what earlier builds left in the tree: see `pubflow clean`
    #[arg(long)]
    pub(crate) clean: bool,
}

/// Installers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum InstallerName {
    /// uv when it is installed, else pip
    Auto,
    /// uv
    Uv,
    /// venv and pip
    Pip,
}

impl InstallerName {
    /// What it stands for.
    pub(crate) fn choice(self) -> InstallerChoice {
        match self {
            Self::Auto => InstallerChoice::Auto,
            Self::Uv => InstallerChoice::Uv,
            Self::Pip => InstallerChoice::Pip,
        }
    }
}

/// `pubflow clean`
#[derive(Debug, Args)]
#[command(after_help = help::CLEAN)]
pub(crate) struct Clean {
    /// The project
    #[arg(default_value = ".")]
    pub(crate) directory: PathBuf,
    /// Say what would be removed, and remove nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// `pubflow cache`
#[derive(Debug, Args)]
#[command(after_help = help::CACHE)]
pub(crate) struct Cache {
    /// What to do [default: show]
    #[command(subcommand)]
    pub(crate) action: Option<CacheAction>,
}

/// What to do with the cache.
#[derive(Debug, Subcommand)]
pub(crate) enum CacheAction {
    /// List what is kept, most recently used first
    Show,
    /// Take everything away that is not in use
    Clear,
    /// Take the least recently used away until the rest is within the limit
    Prune,
}
