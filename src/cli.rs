//! The command line, as data for clap. Parsing validates and never does anything.

mod collect;
mod help;
mod listen;
mod parse;
mod progress;
mod readiness;
mod release;
mod verify;

use std::path::PathBuf;
use std::sync::LazyLock;

use clap::error::ErrorKind;
use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};
use pubflow_python::installer::InstallerChoice;

use crate::config::{Origin, Requested, Setting};

pub(crate) use collect::Collect;
pub(crate) use listen::Listening;
pub(crate) use parse::{Parse, ParseKind, ParseTexts, ParseVersion};
pub(crate) use progress::ProgressChoice;
pub(crate) use readiness::{Metrics, Readiness};
pub(crate) use release::{Adopt, Approve, Doctor, Plan, Release, SliceChoice};
pub(crate) use verify::Verify;

/// Program version and the day up to which the index's rules are known.
static VERSION: LazyLock<String> = LazyLock::new(|| {
    format!(
        "{} (rules of {})",
        env!("CARGO_PKG_VERSION"),
        pubflow_metadata::upload_rule::RULES_DATE
    )
});

/// Takes a Python project from source to a verified release on PyPI, and guards it afterwards.
#[derive(Debug, Parser)]
#[command(name = "pubflow", version = VERSION.as_str(), about, after_help = help::PUBFLOW, max_term_width = 100)]
pub(crate) struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
    /// Where releases are remembered [default: PUBFLOW_STATE_DIR, else the user's state directory]
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) state_dir: Option<PathBuf>,
    /// How results are printed: text, or json with a `schema` number; `check` knows more
    #[arg(long, global = true, value_enum, default_value_t = Format::Text, hide_possible_values = true)]
    pub(crate) format: Format,
    /// How a run is told on standard error: auto, lines, json (a line for each event), github, quiet
    #[arg(long, global = true, value_enum, default_value_t = ProgressChoice::Auto, value_name = "FORM", hide_possible_values = true, hide_default_value = true)]
    pub(crate) progress: ProgressChoice,
}

/// Output formats; those after JSON are for findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Text,
    /// One line a finding
    Concise,
    /// One JSON document with a `schema` number
    Json,
    /// One JSON object a finding
    Jsonl,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Annotations of GitHub Actions
    Github,
    /// Code Quality report of GitLab
    Gitlab,
    /// JUnit test report
    Junit,
    /// Tables, for job summaries and comments
    Markdown,
}

impl Cli {
    /// Refuses a format that the command does not have.
    ///
    /// # Errors
    /// What clap says of a wrong value.
    pub(crate) fn validated(self) -> Result<Self, clap::Error> {
        let has_all = matches!(self.command, Command::Check(_));
        let has_this = match self.format {
            Format::Text | Format::Json => true,
            Format::Markdown => matches!(
                self.command,
                Command::Diff(_) | Command::Verify(_) | Command::Readiness(_)
            ),
            Format::Junit => matches!(self.command, Command::Verify(_)),
            _ => false,
        };
        if has_all || has_this {
            return Ok(self);
        }
        let format = self.format.to_possible_value();
        let name = format.map_or_else(String::new, |value| value.get_name().to_owned());
        let text =
            format!("`--format {name}` is for `pubflow check`; other commands print text or json");
        Err(Self::command().error(ErrorKind::InvalidValue, text))
    }
}

/// `--output FORMAT=FILE`
#[derive(Debug, Clone)]
pub(crate) struct Output {
    /// The format.
    pub(crate) format: Format,
    /// Where it goes.
    pub(crate) file: PathBuf,
}

impl std::str::FromStr for Output {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (format, file) = text
            .split_once('=')
            .filter(|(_, file)| !file.is_empty())
            .ok_or("write FORMAT=FILE, such as sarif=findings.sarif")?;
        let format = Format::from_str(format, true).map_err(|_| {
            let names = Format::value_variants()
                .iter()
                .filter_map(|format| Some(format.to_possible_value()?.get_name().to_owned()));
            format!(
                "`{format}` is no format; there are {}",
                names.collect::<Vec<_>>().join(", ")
            )
        })?;
        Ok(Self {
            format,
            file: file.into(),
        })
    }
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Build sdist and wheel into dist/, check them, and seal their digests
    Build(Build),
    /// Check projects, sdists, wheels and metadata files; nothing is sent or run
    Check(Check),
    /// Show what is in an sdist or a wheel, and what an installer will write
    Inspect(Inspect),
    /// Show what changed between two distributions: files, metadata, dependencies, entry points
    Diff(Diff),
    /// Upload built files to an index, wait until they are visible, and verify the installation
    #[command(alias = "upload")]
    Publish(Publish),
    /// Install files in fresh environments and test imports, scripts and metadata
    Verify(Verify),
    /// Move the very bytes that were verified on one index to another
    Promote(Promote),
    /// Mark a release as not to be chosen by installers
    Yank(Yank),
    /// Keep a token for an index in the keyring of this system
    Login(Login),
    /// Take a kept token out of the keyring again
    Logout(Logout),
    /// Run the whole release for real on an index inside this process; nothing leaves the machine
    Rehearse(Rehearse),
    /// The whole release: preflight, gates, build, check, rehearse, approve, publish, wait, verify
    Release(Release),
    /// Show what a release would do, where, and with which bytes; nothing is written
    Plan(Plan),
    /// Say yes to the very bytes of a release; any new byte makes it void
    Approve(Approve),
    /// Take over a release that was begun by other means, such as twine
    Adopt(Adopt),
    /// Ask everything that a release needs from this machine, this project and the indexes
    Doctor(Doctor),
    /// Finish what an interrupted release left open
    Resume(Resume),
    /// Show releases: what was planned, what is recorded, what the index says
    Status(Status),
    /// Give up a release that was begun, and say what is left to do about it
    Abandon(Abandon),
    /// Say whether a release can go out, and what stands against it
    Readiness(Readiness),
    /// Show how long releases take, how often they are tried again, how they end
    Metrics(Metrics),
    /// Show the runs of the past: when, what, how they ended
    History(History),
    /// Look after what is remembered about releases
    #[command(subcommand)]
    State(State),
    /// Show how often a project is downloaded
    Stats(Stats),
    /// See what an index shows that was not published from here; exit 1 on news
    Watch(Watch),
    /// Render a README as PyPI does, and say whether PyPI takes it
    Preview(Preview),
    /// Read versions, requirements, markers and file names; answer each with a line of JSON
    Parse(Parse),
    /// Explain a rule by its code
    Rule(Rule),
    /// Show the effective configuration and where each value comes from
    #[command(subcommand)]
    Config(Config),
    /// The embedded index
    #[command(subcommand)]
    Index(Index),
    /// Show or clear the environments that are kept between builds
    Cache(Cache),
    /// Remove what builds and tests leave in a source tree: build/, *.egg-info, caches
    Clean(Clean),
    /// Joins what other machines have built into one checked and sealed set
    Collect(Collect),
}

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

/// `pubflow config`
#[derive(Debug, Subcommand)]
pub(crate) enum Config {
    /// Print every effective value and its origin
    #[command(after_help = help::CONFIG_SHOW)]
    Show,
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

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_well_formed() {
        super::Cli::command().debug_assert();
    }
}
