//! Arguments of what changes an index: `publish`, `promote`, `yank`, `login`, `logout`, and what they share.

use std::path::PathBuf;

use clap::Args;

use super::help;
use crate::config::{Origin, Requested, Setting};

/// Which index; at most one of the options.
#[derive(Debug, Args, Default)]
#[group(multiple = false)]
pub(crate) struct IndexChoice {
    /// The index of this name (see `pubflow config show`)
    #[arg(long, value_name = "NAME")]
    pub(crate) index: Option<String>,
    /// Short for --index testpypi
    #[arg(long)]
    pub(crate) testpypi: bool,
    /// Short for --index pypi
    #[arg(long)]
    pub(crate) pypi: bool,
}

impl IndexChoice {
    /// The index that was named, with the option that did.
    pub(crate) fn requested(&self) -> Requested {
        let named =
            |name: &str, option| Some(Setting::new(name.to_owned(), Origin::CommandLine(option)));
        let name = match self {
            Self {
                index: Some(name), ..
            } => named(name, "--index"),
            Self { testpypi: true, .. } => named("testpypi", "--testpypi"),
            Self { pypi: true, .. } => named("pypi", "--pypi"),
            Self { .. } => None,
        };
        Requested { name }
    }
}

/// Uploads at a time where nothing else is said.
pub(crate) const JOBS: u8 = 4;
/// Seconds to wait until every file is visible, where nothing else is said.
pub(crate) const TIMEOUT: u64 = 1800;

/// Everything an upload asks for.
#[derive(Debug, Args, Default)]
pub(crate) struct UploadOptions {
    /// Read the token from this file, or from standard input with `-`
    #[arg(long, value_name = "FILE")]
    pub(crate) token_file: Option<PathBuf>,
    /// Do not ask before publishing to PyPI
    #[arg(long, short)]
    pub(crate) yes: bool,
    /// Skip the installation test; digests are always compared
    #[arg(long)]
    pub(crate) no_verify: bool,
    /// Uploads at a time, after the first file of a release
    #[arg(long, value_name = "N", default_value_t = JOBS, value_parser = clap::value_parser!(u8).range(1..=16))]
    pub(crate) jobs: u8,
    /// Seconds to wait until every file is visible
    #[arg(long, value_name = "SECONDS", default_value_t = TIMEOUT)]
    pub(crate) timeout: u64,
    /// Overrule a predicted refusal; recorded with its reason
    #[arg(long, value_name = "CODE=REASON")]
    pub(crate) ignore: Vec<String>,
}

/// `pubflow publish`
#[derive(Debug, Args)]
#[command(after_help = help::PUBLISH)]
pub(crate) struct Publish {
    /// Files to publish [default: the newest sealed set in dist/]
    pub(crate) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) index: IndexChoice,
    #[command(flatten)]
    pub(crate) upload: UploadOptions,
    #[command(flatten)]
    pub(crate) verification: Verification,
}

/// How an installation is tested.
#[derive(Debug, Args, Default)]
pub(crate) struct Verification {
    /// Interpreter: `min`, `max`, `all`, a version or a path; repeatable [default: min and max]
    #[arg(long = "python", value_name = "PYTHON")]
    pub(crate) pythons: Vec<String>,
}

/// `pubflow promote`
#[derive(Debug, Args)]
#[command(after_help = help::PROMOTE)]
pub(crate) struct Promote {
    /// NAME==VERSION or files [default: the newest release verified on the source index]
    pub(crate) subjects: Vec<String>,
    /// Fetch what this manifest lists from the source index, where it is not stored here
    #[arg(long, value_name = "FILE", conflicts_with_all = ["subjects", "sha256"])]
    pub(crate) manifest: Option<PathBuf>,
    /// Fetch the file of NAME==VERSION with this digest from the source index; repeatable
    #[arg(long, value_name = "DIGEST", requires = "subjects")]
    pub(crate) sha256: Vec<String>,
    /// Index that the files were tested on
    #[arg(long, value_name = "NAME", default_value = "testpypi")]
    pub(crate) from: String,
    /// Index that the files go to [default: pypi]
    #[arg(long, value_name = "NAME")]
    pub(crate) to: Option<String>,
    #[command(flatten)]
    pub(crate) upload: UploadOptions,
    #[command(flatten)]
    pub(crate) verification: Verification,
}

/// `pubflow yank`
#[derive(Debug, Args)]
#[command(after_help = help::YANK)]
pub(crate) struct Yank {
    /// The release
    #[arg(value_name = "NAME==VERSION")]
    pub(crate) release: String,
    /// Why; shown by installers
    #[arg(long, required_unless_present = "undo", conflicts_with = "undo")]
    pub(crate) reason: Option<String>,
    /// Take the yank back
    #[arg(long)]
    pub(crate) undo: bool,
    /// Seconds to watch the index for
    #[arg(long, value_name = "SECONDS", default_value_t = 600)]
    pub(crate) timeout: u64,
    /// Read the token from this file, or from standard input with `-`
    #[arg(long, value_name = "FILE")]
    pub(crate) token_file: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) index: IndexChoice,
}

/// `pubflow login`
#[derive(Debug, Args)]
#[command(after_help = help::LOGIN)]
pub(crate) struct Login {
    /// Read the token from this file, or from standard input with `-` [default: ask on the terminal]
    #[arg(long, value_name = "FILE")]
    pub(crate) token_file: Option<PathBuf>,
    /// Narrow the token to one project before it is kept [default: the project here]
    #[arg(long, value_name = "PROJECT", num_args = 0..=1, default_missing_value = "")]
    pub(crate) restrict: Option<String>,
    /// Narrow the token to so many days from now
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=3650))]
    pub(crate) days: Option<u16>,
    #[command(flatten)]
    pub(crate) index: IndexChoice,
}

/// `pubflow logout`
#[derive(Debug, Args)]
pub(crate) struct Logout {
    /// Forget the token of this project too [default: the project here]
    #[arg(long, value_name = "PROJECT")]
    pub(crate) project: Option<String>,
    #[command(flatten)]
    pub(crate) index: IndexChoice,
}
