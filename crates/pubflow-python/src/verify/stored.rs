//! The two files between pubflow and its smoke script: the plan that goes in, the results that come
//! out line by line. Both live as long as one run, so they carry no version.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// What the smoke script has to do.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Plan {
    /// The throw-away home directory.
    pub(super) home: PathBuf,
    /// Where modules are installed.
    pub(super) site_packages: PathBuf,
    /// File that the watchdog writes stack traces to.
    pub(super) trace: PathBuf,
    /// Time limit of each attempt.
    pub(super) limit_seconds: f64,
    /// Modules to import, in order.
    pub(super) modules: Vec<String>,
    /// Scripts to load, in order.
    pub(super) scripts: Vec<PlannedScript>,
    /// Distribution whose installed version is asked for.
    pub(super) distribution: Option<String>,
}

/// A script to load.
#[derive(Debug, Clone, Serialize)]
pub(super) struct PlannedScript {
    /// Name of the command.
    pub(super) name: String,
    /// `module:attribute`.
    pub(super) value: String,
}

/// One line of the results.
#[derive(Debug, Deserialize)]
#[serde(tag = "event", rename_all = "lowercase")]
pub(super) enum Line {
    /// Foreign code is about to run.
    Begin {
        /// What is attempted.
        kind: Kind,
        /// On what.
        name: String,
    },
    /// It came back.
    End(Box<Attempt>),
    /// A module was not imported, because its package has failed.
    Blocked {
        /// The module.
        name: String,
        /// Its package.
        by: String,
    },
    /// The plan is done.
    Done,
}

/// What can be attempted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    /// Importing a module.
    Import,
    /// Loading a script's object.
    Script,
    /// Asking for the installed version.
    Metadata,
}

/// How one attempt went.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Attempt {
    /// What was attempted.
    pub(super) kind: Kind,
    /// On what.
    pub(super) name: String,
    /// How long it took.
    pub(super) seconds: f64,
    /// Why it failed.
    pub(super) failure: Option<Failure>,
    /// The version found, or what is wrong with a script's object.
    pub(super) detail: Option<String>,
    /// What has appeared below the home directory.
    pub(super) wrote: Vec<String>,
}

/// An exception that ended an attempt.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Failure {
    /// The exception, then its cause or context, and so on.
    pub(super) chain: Vec<Raised>,
    /// Where in the installed files it happened.
    pub(super) place: Option<Place>,
    /// The end of the traceback.
    pub(super) trace: String,
}

/// One exception.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Raised {
    /// Its class.
    #[serde(rename = "type")]
    pub(super) class: String,
    /// The module of its class.
    pub(super) module: String,
    /// Built-in classes it derives from, its own included.
    pub(super) bases: Vec<String>,
    /// Its text.
    pub(super) message: String,
    /// The module or name that was not found.
    pub(super) name: Option<String>,
    /// The file that was not found.
    pub(super) filename: Option<String>,
    /// Whether the top-level module of `name` is part of the standard library of some platform.
    pub(super) stdlib: bool,
    /// Whether the top-level module of `name` can be found.
    pub(super) top_found: bool,
}

/// A line of an installed file.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Deserialize)]
pub(super) struct Place {
    /// Path below site-packages.
    pub(super) file: String,
    /// Line, from 1; 0 when it is not known.
    pub(super) line: usize,
}
