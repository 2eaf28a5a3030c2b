//! `pubflow parse` as clap sees it: a kind of text, its own options, and where texts come from.

use clap::{ArgGroup, Args, Subcommand};

const EXAMPLES: &str = "\
Every text is answered with one JSON object on a line: `ok`, the normal form and the parts, or
`error` and `position` in characters. `pubflow parse KIND --help` has the options of a kind.

Examples:
  pubflow parse version 1.0-RC.2 v1.0
  pubflow parse version --sort < versions.txt
  pubflow parse specifier --contains 1.5rc1 --no-pre '>=1.4,<2'
  pubflow parse marker --env python_version=3.12 \"python_version >= '3.9'\"
  (cd dist && pubflow parse wheel *.whl)       # file names, not paths
  pubflow parse name -- -x                     # a text that begins with `-`
  echo '{\"id\": \"1\", \"input\": \"Foo_Bar\"}' | pubflow parse name --batch

Exit codes: 0 all texts are valid (with --batch: every line was understood), 1 not, 2 command line.";

const VERSION_EXAMPLES: &str = "\
Examples:
  pubflow parse version 1.0-RC.2
  git tag | pubflow parse version --sort";

const SPECIFIER_EXAMPLES: &str = "\
Examples:
  pubflow parse specifier --contains 1.5rc1 --no-pre '>=1.4,<2'
  pubflow parse specifier --batch < lines.jsonl

A batch line: {\"id\": \"1\", \"input\": \">=1\", \"contains\": \"1.5a1\", \"prereleases\": false}
A key in it takes the place of the option.";

const MARKER_EXAMPLES: &str = "\
Examples:
  pubflow parse marker --env python_version=3.12 \"python_version >= '3.9'\"
  pubflow parse marker --batch < lines.jsonl

A batch line: {\"id\": \"1\", \"input\": \"os_name == 'nt'\", \"env\": {\"os_name\": \"posix\"}}
A key in it takes the place of the option.

Nothing is taken from this machine: a variable that is not given is undefined. `evaluate` is null
then, and `evaluate_error` says why.";

/// `pubflow parse`
#[derive(Debug, Args)]
#[command(
    after_help = EXAMPLES,
    subcommand_value_name = "KIND",
    subcommand_help_heading = "Kinds",
    disable_help_subcommand = true
)]
pub(crate) struct Parse {
    /// What the texts are.
    #[command(subcommand)]
    pub(crate) kind: ParseKind,
}

/// The kinds of texts.
#[derive(Debug, Subcommand)]
pub(crate) enum ParseKind {
    /// Versions (PEP 440)
    Version(ParseVersion),
    /// Version specifiers such as `>=1.0,<2`
    Specifier(ParseSpecifier),
    /// Requirements such as `demo[extra]>=1; python_version < "3.9"`
    Requirement(ParseTexts),
    /// Environment markers
    Marker(ParseMarker),
    /// Licence expressions (SPDX)
    License(ParseTexts),
    /// Project names
    Name(ParseTexts),
    /// File names of wheels
    Wheel(ParseTexts),
    /// File names of sdists
    Sdist(ParseTexts),
}

/// Where texts come from.
#[derive(Debug, Args)]
pub(crate) struct ParseTexts {
    /// The texts [default: the lines of standard input]
    #[arg(value_name = "TEXT")]
    pub(crate) texts: Vec<String>,
    /// Read JSON lines `{"id": "…", "input": "…"}`; each answer repeats the id and is written at once
    #[arg(long, conflicts_with = "texts")]
    pub(crate) batch: bool,
}

/// `pubflow parse version`
#[derive(Debug, Args)]
#[command(after_help = VERSION_EXAMPLES)]
pub(crate) struct ParseVersion {
    #[command(flatten)]
    pub(crate) texts: ParseTexts,
    /// Answer in ascending order with `rank`, which equal versions share; invalid texts come last
    #[arg(long)]
    pub(crate) sort: bool,
}

/// `pubflow parse specifier`
#[derive(Debug, Args)]
#[command(after_help = SPECIFIER_EXAMPLES)]
#[command(group = ArgGroup::new("candidate").args(["contains", "batch"]).multiple(true))]
pub(crate) struct ParseSpecifier {
    #[command(flatten)]
    pub(crate) texts: ParseTexts,
    /// Tell whether this version satisfies the specifier [batch key: `contains`]
    #[arg(long, value_name = "VERSION", allow_hyphen_values = true)]
    pub(crate) contains: Option<String>,
    /// Let pre-releases satisfy it [batch key: `prereleases`, true, false or null]
    #[arg(long, requires = "candidate", conflicts_with = "no_pre")]
    pub(crate) pre: bool,
    /// Let no pre-release satisfy it [default: as the standard says for a single version]
    #[arg(long, requires = "candidate")]
    pub(crate) no_pre: bool,
}

/// `pubflow parse marker`
#[derive(Debug, Args)]
#[command(after_help = MARKER_EXAMPLES)]
pub(crate) struct ParseMarker {
    #[command(flatten)]
    pub(crate) texts: ParseTexts,
    /// Evaluate with this value; repeatable [batch key: `env`, an object of texts]
    #[arg(long, value_name = "NAME=VALUE")]
    pub(crate) env: Vec<String>,
}
