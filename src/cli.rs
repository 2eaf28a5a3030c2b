//! The command line, as data for clap. Parsing validates and never does anything.

mod build;
mod collect;
mod help;
mod index;
mod listen;
mod look;
mod parse;
mod progress;
mod publish;
mod readiness;
mod record;
mod release;
mod verify;

use std::path::PathBuf;
use std::sync::LazyLock;

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser, Subcommand, ValueEnum};

pub(crate) use build::{Build, Cache, CacheAction, Clean, InstallerName};
pub(crate) use collect::Collect;
pub(crate) use index::{Index, IndexServe, Rehearse};
pub(crate) use listen::Listening;
pub(crate) use look::{Check, Diff, Inspect, Preview, Rule, RuleChoice};
pub(crate) use parse::{Parse, ParseKind, ParseTexts, ParseVersion};
pub(crate) use progress::ProgressChoice;
pub(crate) use publish::{
    IndexChoice, JOBS, Login, Logout, Promote, Publish, TIMEOUT, UploadOptions, Verification, Yank,
};
pub(crate) use readiness::{Metrics, Readiness};
pub(crate) use record::{
    Abandon, History, Resume, State, StateExport, StateImport, StateSweep, Stats, Status, Watch,
};
pub(crate) use release::{Adopt, Approve, Doctor, Plan, Release, ReleaseChoice};
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
    /// The whole release: preflight, build, gates, check, rehearse, approve, publish, wait, verify
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

/// `pubflow config`
#[derive(Debug, Subcommand)]
pub(crate) enum Config {
    /// Print every effective value and its origin
    #[command(after_help = help::CONFIG_SHOW)]
    Show,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_well_formed() {
        super::Cli::command().debug_assert();
    }
}
