//! Preflight: everything that can fail later is asked first, and together, so that one run shows all
//! that has to be done before a release. `doctor` shows the same.

mod changelog;
mod history;
mod index;
mod open_release;
mod token;
mod tools;
mod tree;

use std::path::Path;

use pubflow_forge::git::Checkout;
use pubflow_index::IndexAddress;
use pubflow_metadata::pyproject::Pyproject;
use pubflow_spec::{ProjectName, Version};

use crate::config::Settings;
use crate::context::Context;
use crate::error::CommandError;
use crate::exit_code::ExitCode;
use crate::token::ChosenBy;

/// What an item found, the gravest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Verdict {
    /// The index would not let us.
    Unauthorised,
    /// The index cannot be asked.
    Unreachable,
    /// This machine cannot.
    Machine,
    /// A person or a time must come first.
    Waiting,
    /// The release would go wrong.
    Blocked,
    /// It can go wrong.
    Warning,
    /// Nothing stands in the way.
    Fine,
}

impl Verdict {
    /// The word for it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Unauthorised => "no token",
            Self::Unreachable => "unreachable",
            Self::Machine | Self::Blocked => "blocked",
            Self::Waiting => "waiting",
            Self::Warning => "warning",
            Self::Fine => "ok",
        }
    }

    /// How a command ends that stops at it; none where it goes on.
    pub(crate) fn exit_code(self) -> Option<ExitCode> {
        match self {
            Self::Unauthorised => Some(ExitCode::Unauthorised),
            Self::Unreachable => Some(ExitCode::Unreachable),
            Self::Machine => Some(ExitCode::Machine),
            Self::Waiting => Some(ExitCode::Waiting),
            Self::Blocked => Some(ExitCode::Findings),
            Self::Warning | Self::Fine => None,
        }
    }
}

/// One thing that was asked, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    /// The item.
    pub(crate) item: &'static str,
    /// What it means for the release.
    pub(crate) verdict: Verdict,
    /// What was found.
    pub(crate) says: String,
    /// What to type or edit, where something is to be done.
    pub(crate) next: Option<String>,
}

/// What an item says, before its name is put to it.
pub(crate) struct Found {
    verdict: Verdict,
    says: String,
    next: Option<String>,
}

impl Found {
    fn fine(says: impl Into<String>) -> Self {
        Self {
            verdict: Verdict::Fine,
            says: says.into(),
            next: None,
        }
    }

    fn new(verdict: Verdict, says: impl Into<String>, next: impl Into<String>) -> Self {
        Self {
            verdict,
            says: says.into(),
            next: Some(next.into()),
        }
    }
}

/// An index that the release goes to.
pub(crate) struct Destination<'a> {
    /// Where it is.
    pub(crate) address: &'a IndexAddress,
    /// Who chose that.
    pub(crate) chosen_by: ChosenBy,
    /// Whether files will be sent to it, so that a token is needed.
    pub(crate) sends: bool,
    /// The token file of the command line, where it is for this index.
    pub(crate) token_file: Option<&'a Path>,
}

/// What is asked about.
pub(crate) struct Asked<'a> {
    /// The project's directory.
    pub(crate) directory: &'a Path,
    /// Its settings.
    pub(crate) settings: &'a Settings,
    /// Where the release goes, in its order.
    pub(crate) destinations: &'a [Destination<'a>],
    /// Whether files are built from the tree; those that are there already do not care for it.
    pub(crate) builds: bool,
    /// The surroundings.
    pub(crate) ctx: &'a Context,
    /// What git says of the tree.
    pub(crate) checkout: Option<&'a Checkout>,
    /// pyproject.toml, where there is one.
    pub(crate) pyproject: Option<Pyproject>,
}

impl<'a> Asked<'a> {
    /// Reads pyproject.toml, where there is one.
    pub(crate) fn about(
        directory: &'a Path,
        settings: &'a Settings,
        destinations: &'a [Destination<'a>],
        checkout: Option<&'a Checkout>,
        ctx: &'a Context,
    ) -> Self {
        let pyproject = std::fs::read(directory.join("pyproject.toml")).ok();
        Self {
            directory,
            settings,
            destinations,
            builds: true,
            ctx,
            checkout,
            pyproject: pyproject.map(|bytes| Pyproject::from_bytes(&bytes)),
        }
    }

    /// The project, where pyproject.toml names it.
    pub(crate) fn project(&self) -> Option<ProjectName> {
        ProjectName::parse(self.pyproject.as_ref()?.project_name()?).ok()
    }

    /// The version, where pyproject.toml states it.
    pub(crate) fn version(&self) -> Option<Version> {
        Version::parse(self.pyproject.as_ref()?.project_version()?).ok()
    }
}

/// A row of [`ITEMS`].
struct Item {
    name: &'static str,
    ask: fn(&Asked<'_>) -> Result<Vec<Found>, CommandError>,
}

/// Everything that is asked, local things first.
static ITEMS: &[Item] = &[
    Item {
        name: tree::NAME,
        ask: tree::ask,
    },
    Item {
        name: history::NAME,
        ask: history::ask,
    },
    Item {
        name: changelog::NAME,
        ask: changelog::ask,
    },
    Item {
        name: tools::NAME,
        ask: tools::ask,
    },
    Item {
        name: open_release::NAME,
        ask: open_release::ask,
    },
    Item {
        name: index::NAME,
        ask: index::ask,
    },
    Item {
        name: token::NAME,
        ask: token::ask,
    },
];

/// The names of all items.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    ITEMS.iter().map(|item| item.name)
}

/// Asks everything.
///
/// # Errors
/// Something that leaves nothing to be said, such as a state directory that cannot be read.
pub(crate) fn ask(asked: &Asked<'_>) -> Result<Vec<Answer>, CommandError> {
    let mut answers = Vec::new();
    for item in ITEMS {
        let found = (item.ask)(asked)?;
        answers.extend(found.into_iter().map(|found| Answer {
            item: item.name,
            verdict: found.verdict,
            says: found.says,
            next: found.next,
        }));
    }
    Ok(answers)
}
