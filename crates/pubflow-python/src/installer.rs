//! Makes environments and installs into them: by uv where it is there, else by `venv` and pip.
//!
//! Both are driven alike: what is installed stands in the arguments, the user's configuration of
//! mirrors, caches and certificates applies, and a project's own configuration does not (they run in
//! an empty directory).
//!
//! Never two indexes for a smoke test: see [`Indexes::OneDefault`].

mod pip;
mod uv;

use std::path::{Path, PathBuf};
use std::time::Duration;

use pubflow_process::{
    Cancel, Command, Environment, Inherited, ProcessError, find_program, log_tail, run,
};
use thiserror::Error;

use crate::environment::PythonEnvironment;
use crate::interpreter::Interpreter;

/// Lines of an installer's log that are shown when it fails.
const SHOWN_LINES: usize = 40;

/// Which installer the user wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum InstallerChoice {
    /// uv when it is on the search path, else pip.
    #[default]
    Auto,
    /// uv.
    Uv,
    /// `venv` and pip.
    Pip,
}

/// Whether an installer may use the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Network {
    /// As configured on this machine.
    #[default]
    Online,
    /// Not at all; what is needed must lie in local directories or caches.
    Offline,
}

/// Where an installer takes distributions from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Indexes {
    /// From wherever this machine is configured to.
    #[default]
    Configured,
    /// From the one default index: an extra index could answer for a name that is not its own.
    OneDefault,
}

/// Whether an installer also installs what a distribution depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dependencies {
    /// The named files alone; no index is asked for anything.
    None,
    /// With their dependencies.
    Resolve,
}

/// Limits and log of one call.
#[derive(Debug, Clone, Copy)]
pub struct Job<'a> {
    /// File that everything printed is appended to. Its directory must exist.
    pub log: &'a Path,
    /// The installer is killed when it has not ended after this time.
    pub deadline: Duration,
    /// Ends it from another thread.
    pub cancel: Option<&'a Cancel>,
}

/// What to install from where.
#[derive(Debug, Clone, Copy, Default)]
pub struct Sources {
    /// Whether the network may be used.
    pub network: Network,
    /// Which indexes may be asked.
    pub indexes: Indexes,
}

/// Why an environment or an installation did not come about.
#[derive(Debug, Error)]
pub enum InstallerError {
    /// uv was asked for by name and is not there.
    #[error("uv is not on the search path")]
    NoUv,
    /// The interpreter can neither run a recent pip nor bring one along.
    #[error("`{}` has neither pip {}.{} or later nor ensurepip", python.display(), pip::OLDEST.0, pip::OLDEST.1)]
    NoPip {
        /// The interpreter.
        python: PathBuf,
    },
    /// A directory could not be made.
    #[error("`{}` cannot be made: {source}", path.display())]
    Directory {
        /// The directory.
        path: PathBuf,
        /// The system's words.
        source: std::io::Error,
    },
    /// The environment could not be made.
    #[error("no environment could be made with {installer} at `{}`", root.display())]
    Environment {
        /// Which installer.
        installer: &'static str,
        /// Where it was to be.
        root: PathBuf,
        /// The end of its output.
        log: String,
    },
    /// A requirement is a direct address, and the network is off.
    #[error("`{requirement}` can only be had from the network, which is switched off")]
    NeedsNetwork {
        /// The requirement.
        requirement: String,
    },
    /// The installer refused.
    #[error("{installer} could not install {}", what.join(", "))]
    Install {
        /// Which installer.
        installer: &'static str,
        /// Requirements or file names.
        what: Vec<String>,
        /// The end of its output.
        log: String,
    },
    /// The installer could not be run to its end.
    #[error(transparent)]
    Process(#[from] ProcessError),
}

impl InstallerError {
    /// The end of the installer's output, where it said something.
    #[must_use]
    pub fn log(&self) -> Option<&str> {
        match self {
            Self::Environment { log, .. } | Self::Install { log, .. } => Some(log),
            _ => None,
        }
    }
}

/// An installer that was found on this machine.
#[derive(Debug, Clone)]
pub struct Installer {
    tool: Tool,
    environment: Environment,
}

#[derive(Debug, Clone)]
enum Tool {
    Uv(PathBuf),
    Pip,
}

impl Installer {
    /// Finds the installer that `choice` asks for.
    ///
    /// # Errors
    /// [`InstallerError::NoUv`].
    pub fn find(choice: InstallerChoice, inherited: &Inherited) -> Result<Self, InstallerError> {
        let uv = match choice {
            InstallerChoice::Pip => None,
            InstallerChoice::Auto | InstallerChoice::Uv => find_program("uv", inherited),
        };
        let tool = match (uv, choice) {
            (Some(program), _) => Tool::Uv(program),
            (None, InstallerChoice::Uv) => return Err(InstallerError::NoUv),
            (None, _) => Tool::Pip,
        };
        Ok(Self {
            tool,
            environment: Environment::installer(inherited),
        })
    }

    /// Its name as users know it.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self.tool {
            Tool::Uv(_) => "uv",
            Tool::Pip => "pip",
        }
    }

    /// Makes an empty environment at `root`, which must not exist yet.
    ///
    /// # Errors
    /// [`InstallerError::NoPip`], [`InstallerError::Directory`], [`InstallerError::Environment`],
    /// [`InstallerError::Process`].
    pub fn create_environment(
        &self,
        root: &Path,
        interpreter: &Interpreter,
        job: Job<'_>,
    ) -> Result<PythonEnvironment, InstallerError> {
        let command = match &self.tool {
            Tool::Uv(program) => uv::create(program, root, interpreter),
            Tool::Pip => pip::create(root, interpreter)?,
        };
        let parent = root.parent().unwrap_or(root);
        std::fs::create_dir_all(parent).map_err(|source| InstallerError::Directory {
            path: parent.to_path_buf(),
            source,
        })?;
        let command = command.environment(self.environment.clone()).cwd(parent);
        if self.execute(command, job)? {
            return Ok(PythonEnvironment::at(root, interpreter));
        }
        Err(InstallerError::Environment {
            installer: self.name(),
            root: root.to_path_buf(),
            log: log_tail(job.log, SHOWN_LINES),
        })
    }

    /// Installs requirements and what they depend on. Nothing is run when there are none.
    ///
    /// # Errors
    /// [`InstallerError::NeedsNetwork`], [`InstallerError::Install`], [`InstallerError::Process`].
    pub fn install_requirements(
        &self,
        environment: &PythonEnvironment,
        requirements: &[String],
        sources: Sources,
        job: Job<'_>,
    ) -> Result<(), InstallerError> {
        if sources.network == Network::Offline
            && let Some(direct) = requirements.iter().find(|text| needs_network(text))
        {
            return Err(InstallerError::NeedsNetwork {
                requirement: direct.clone(),
            });
        }
        self.install(
            environment,
            requirements,
            (Dependencies::Resolve, sources),
            job,
        )
    }

    /// Installs distributions from local files.
    ///
    /// # Errors
    /// [`InstallerError::Install`], [`InstallerError::Process`].
    pub fn install_files(
        &self,
        environment: &PythonEnvironment,
        files: &[PathBuf],
        (dependencies, sources): (Dependencies, Sources),
        job: Job<'_>,
    ) -> Result<(), InstallerError> {
        // Nothing but the files is needed, so nothing but the files may be looked at.
        let sources = match dependencies {
            Dependencies::None => Sources {
                network: Network::Offline,
                ..sources
            },
            Dependencies::Resolve => sources,
        };
        let named: Vec<String> = files
            .iter()
            .map(|file| file.to_string_lossy().into_owned())
            .collect();
        self.install(environment, &named, (dependencies, sources), job)
    }

    fn install(
        &self,
        environment: &PythonEnvironment,
        what: &[String],
        (dependencies, sources): (Dependencies, Sources),
        job: Job<'_>,
    ) -> Result<(), InstallerError> {
        if what.is_empty() {
            return Ok(());
        }
        let variables = self.environment.clone();
        let command = match &self.tool {
            Tool::Uv(program) => uv::install(program, environment, sources, variables),
            Tool::Pip => pip::install(environment, sources, variables),
        };
        let command = match dependencies {
            Dependencies::None => command.arg("--no-deps"),
            Dependencies::Resolve => command,
        };
        let command = command.arg("--").args(what).cwd(environment.root());
        if self.execute(command, job)? {
            return Ok(());
        }
        Err(InstallerError::Install {
            installer: self.name(),
            what: what.to_vec(),
            log: log_tail(job.log, SHOWN_LINES),
        })
    }

    fn execute(&self, command: Command, job: Job<'_>) -> Result<bool, InstallerError> {
        let command = command.log(job.log).deadline(job.deadline);
        Ok(run(&command, job.cancel)?.success())
    }
}

/// Whether a requirement is an address that is not a file's.
fn needs_network(requirement: &str) -> bool {
    let Ok(requirement) = pubflow_spec::Requirement::parse(requirement) else {
        return false;
    };
    match &requirement.source {
        pubflow_spec::RequirementSource::Url(url) => !url.starts_with("file:"),
        _ => false,
    }
}

#[cfg(test)]
mod tests;
