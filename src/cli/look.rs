//! Arguments of what only looks at files: `check`, `inspect`, `diff`, `preview`, `rule`.

use std::path::PathBuf;

use clap::Args;

use super::{IndexChoice, Output, help};

/// `pubflow check`
#[derive(Debug, Args)]
#[command(after_help = help::CHECK)]
pub(crate) struct Check {
    /// Projects, sdists, wheels, METADATA files or directories of them [default: this project and its dist/]
    pub(crate) paths: Vec<PathBuf>,
    /// Make warnings fail
    #[arg(long)]
    pub(crate) strict: bool,
    /// Show notes too
    #[arg(long)]
    pub(crate) notes: bool,
    /// Count findings by rule instead of showing them
    #[arg(long)]
    pub(crate) statistics: bool,
    /// Judge refusals for this index [default: pypi]
    #[arg(long = "for", value_name = "NAME")]
    pub(crate) target: Option<String>,
    /// Write the findings in this format to a file too; repeatable
    #[arg(long, value_name = "FORMAT=FILE")]
    pub(crate) output: Vec<Output>,
    /// Tell what is new since the last release: a file, a directory of its files, NAME==VERSION or NAME==VERSION@INDEX
    #[arg(long, value_name = "OLD")]
    pub(crate) against: Option<String>,
    #[command(flatten)]
    pub(crate) rules: RuleChoice,
    #[command(flatten)]
    pub(crate) fixes: FixChoice,
}

/// Which rules are looked at: by code, by the beginning of codes (`P2`), by family (`P2xx`), by
/// name, or `all`.
#[derive(Debug, Args, Default)]
#[command(next_help_heading = "Rules")]
pub(crate) struct RuleChoice {
    /// Only these rules: codes, beginnings of codes (P2), families (P2xx) or names
    #[arg(long, value_name = "RULES", value_delimiter = ',')]
    pub(crate) select: Vec<String>,
    /// These rules besides, also where less precise words ignore them
    #[arg(long, value_name = "RULES", value_delimiter = ',')]
    pub(crate) extend_select: Vec<String>,
    /// Not these rules, instead of the `ignore` of the project's settings
    #[arg(long, value_name = "RULES", value_delimiter = ',')]
    pub(crate) ignore: Vec<String>,
    /// Not these rules either, besides the `ignore` of the project's settings
    #[arg(long, value_name = "RULES", value_delimiter = ',')]
    pub(crate) extend_ignore: Vec<String>,
}

/// What is done about findings with a fix.
#[derive(Debug, Args, Default)]
#[command(next_help_heading = "Fixes")]
pub(crate) struct FixChoice {
    /// Correct pyproject.toml where one answer is right; comments and order stay
    #[arg(long)]
    pub(crate) fix: bool,
    /// Correct it also where you have to agree with the answer
    #[arg(long)]
    pub(crate) unsafe_fixes: bool,
    /// Show what would be corrected, and write nothing; exit 1 when there is something
    #[arg(long)]
    pub(crate) diff: bool,
}

/// `pubflow inspect`
#[derive(Debug, Args)]
#[command(after_help = help::INSPECT)]
pub(crate) struct Inspect {
    /// The sdist or wheel
    pub(crate) file: PathBuf,
    /// List every file with its digest, however many there are
    #[arg(long)]
    pub(crate) files: bool,
    /// Write a page for a browser here, `-` for standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) html: Option<PathBuf>,
}

/// `pubflow diff`
#[derive(Debug, Args)]
#[command(after_help = help::DIFF)]
pub(crate) struct Diff {
    /// A file, NAME==VERSION or NAME==VERSION@INDEX
    #[arg(value_name = "OLD")]
    pub(crate) old: String,
    /// A file, NAME==VERSION or NAME==VERSION@INDEX
    #[arg(value_name = "NEW")]
    pub(crate) new: String,
    /// Name the changed files and leave out their lines
    #[arg(long)]
    pub(crate) summary: bool,
    #[command(flatten)]
    pub(crate) index: IndexChoice,
}

/// `pubflow preview`
#[derive(Debug, Args)]
pub(crate) struct Preview {
    /// The README; its ending tells the format [default: the one that pyproject.toml names, or
    /// README.md, README.rst, README.txt]
    pub(crate) file: Option<PathBuf>,
    /// Description-Content-Type, where the ending does not tell it
    #[arg(long, value_name = "TYPE", conflicts_with = "batch")]
    pub(crate) content_type: Option<String>,
    /// Write the page here; `-` writes it to standard output instead of the verdict
    #[arg(long, value_name = "FILE", conflicts_with = "batch")]
    pub(crate) to: Option<PathBuf>,
    /// Show the page in a browser
    #[arg(long, conflicts_with = "batch")]
    pub(crate) open: bool,
    /// Version of PyPI's renderer: 45 or 46
    #[arg(long, value_name = "VERSION", default_value = "45", value_parser = ["45", "46"])]
    pub(crate) profile: String,
    /// Judge JSON lines from standard input: {"id", "text", "content_type"}
    #[arg(long, conflicts_with = "file")]
    pub(crate) batch: bool,
}

/// `pubflow rule`
#[derive(Debug, Args)]
pub(crate) struct Rule {
    /// Codes such as P906, names, or families such as P2xx [default: list all]
    pub(crate) codes: Vec<String>,
    /// Explain every rule
    #[arg(long)]
    pub(crate) all: bool,
}
