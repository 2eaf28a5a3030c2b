//! Makes environments and installs into them: by uv where it is there, else by `venv` and pip.
//!
//! Both are driven alike: what is installed stands in the arguments, the user's configuration of
//! mirrors, caches and certificates applies, and a project's own configuration does not (they run in
//! an empty directory).
//!
//! Never two indexes for a smoke test: see [`Indexes::OneDefault`].

mod pip;
mod resolution;
mod uv;

use std::path::{Path, PathBuf};
use std::time::Duration;

use pubflow_process::{
    Cancel, Command, Environment, Inherited, ProcessError, find_program, log_tail, run,
};
use pubflow_spec::Sha256;
use thiserror::Error;

use crate::environment::PythonEnvironment;
use crate::interpreter::Interpreter;
pub(crate) use resolution::Resolution;

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
pub struct Sources<'a> {
    /// Whether the network may be used.
    pub network: Network,
    /// Which indexes may be asked.
    pub indexes: Indexes,
    /// Requirements file that bounds versions, and digests where it names some.
    pub constraints: Option<&'a Path>,
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
        sources: Sources<'_>,
        job: Job<'_>,
    ) -> Result<(), InstallerError> {
        require_local(requirements, sources)?;
        self.install(
            environment,
            requirements,
            (Dependencies::Resolve, sources),
            job,
        )
    }

    /// What requirements come to on an interpreter, without installing anything; none where the
    /// installer cannot say. `scratch` is an empty directory.
    ///
    /// # Errors
    /// [`InstallerError::NeedsNetwork`], [`InstallerError::Install`], [`InstallerError::Process`].
    pub(crate) fn resolve(
        &self,
        interpreter: &Interpreter,
        requirements: &[String],
        (sources, scratch): (Sources<'_>, &Path),
        job: Job<'_>,
    ) -> Result<Option<Resolution>, InstallerError> {
        require_local(requirements, sources)?;
        let (input, output) = (scratch.join("requirements.in"), scratch.join("resolved"));
        let text: String = requirements
            .iter()
            .map(|text| format!("{text}\n"))
            .collect();
        std::fs::write(&input, text).map_err(|source| InstallerError::Directory {
            path: input.clone(),
            source,
        })?;
        let variables = self.environment.clone();
        let question = (input.as_path(), output.as_path());
        let command = match &self.tool {
            Tool::Uv(program) => Some(uv::resolve(
                program,
                interpreter,
                question,
                sources,
                variables,
            )),
            Tool::Pip => pip::resolve(interpreter, question, sources, variables),
        };
        let Some(command) = command else {
            return Ok(None);
        };
        if !self.execute(command.cwd(scratch), job)? {
            return Err(InstallerError::Install {
                installer: self.name(),
                what: requirements.to_vec(),
                log: log_tail(job.log, SHOWN_LINES),
            });
        }
        let Ok(bytes) = std::fs::read(&output) else {
            return Ok(None);
        };
        Ok(match &self.tool {
            Tool::Uv(_) => Some(Resolution::from_requirements(&String::from_utf8_lossy(
                &bytes,
            ))),
            Tool::Pip => Resolution::from_report(&bytes),
        })
    }

    /// Installs exactly what was resolved, each file by its digest. `scratch` is an empty directory.
    ///
    /// # Errors
    /// [`InstallerError::Install`], [`InstallerError::Process`].
    pub(crate) fn install_resolution(
        &self,
        environment: &PythonEnvironment,
        resolution: &Resolution,
        (sources, scratch): (Sources<'_>, &Path),
        job: Job<'_>,
    ) -> Result<(), InstallerError> {
        if resolution.pins.is_empty() {
            return Ok(());
        }
        let file = scratch.join("pinned.txt");
        std::fs::write(&file, resolution.to_requirements()).map_err(|source| {
            InstallerError::Directory {
                path: file.clone(),
                source,
            }
        })?;
        let variables = self.environment.clone();
        // Nobody else's files may be linked into an environment that hooks can write to.
        let variables = variables.set("UV_LINK_MODE", "copy");
        let command = self.installing(environment, sources, variables);
        let command = command
            .args(["--no-deps", "--require-hashes", "-r"])
            .arg(&file)
            .cwd(scratch);
        if self.execute(command, job)? {
            return Ok(());
        }
        let pins = resolution.pins.iter();
        Err(InstallerError::Install {
            installer: self.name(),
            what: pins.map(|pin| pin.requirement.clone()).collect(),
            log: log_tail(job.log, SHOWN_LINES),
        })
    }

    /// What its answers depend on beside the question: which installer it is, its variables, its
    /// configuration files. Values may be private, so only their digest is given.
    pub(crate) fn configuration(&self) -> String {
        let mut text = format!("{:?}\n", self.tool);
        for (name, value) in self.environment.iter() {
            let name = name.to_string_lossy();
            if name.starts_with("PIP_") || name.starts_with("UV_") {
                text.push_str(&format!("{name}={}\n", value.to_string_lossy()));
            }
        }
        for file in configuration_files(&self.environment) {
            if let Ok(bytes) = std::fs::read(&file) {
                text.push_str(&format!("{}: {}\n", file.display(), Sha256::of(&bytes)));
            }
        }
        Sha256::of(text.as_bytes()).to_string()
    }

    /// Installs distributions from local files.
    ///
    /// # Errors
    /// [`InstallerError::Install`], [`InstallerError::Process`].
    pub fn install_files(
        &self,
        environment: &PythonEnvironment,
        files: &[PathBuf],
        (dependencies, sources): (Dependencies, Sources<'_>),
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
        (dependencies, sources): (Dependencies, Sources<'_>),
        job: Job<'_>,
    ) -> Result<(), InstallerError> {
        if what.is_empty() {
            return Ok(());
        }
        let command = self.installing(environment, sources, self.environment.clone());
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

    fn installing(
        &self,
        environment: &PythonEnvironment,
        sources: Sources<'_>,
        variables: Environment,
    ) -> Command {
        let command = match &self.tool {
            Tool::Uv(program) => uv::install(program, environment, sources, variables),
            Tool::Pip => pip::install(environment, sources, variables),
        };
        match sources.constraints {
            Some(file) => command.arg("--constraint").arg(file),
            None => command,
        }
    }

    fn execute(&self, command: Command, job: Job<'_>) -> Result<bool, InstallerError> {
        let command = command.log(job.log).deadline(job.deadline);
        Ok(run(&command, job.cancel)?.success())
    }
}

/// Without a network, an address can only be a file's.
fn require_local(requirements: &[String], sources: Sources<'_>) -> Result<(), InstallerError> {
    match requirements.iter().find(|text| needs_network(text)) {
        Some(direct) if sources.network == Network::Offline => Err(InstallerError::NeedsNetwork {
            requirement: direct.clone(),
        }),
        _ => Ok(()),
    }
}

/// Files that installers read their configuration from, by variable or by place.
fn configuration_files(environment: &Environment) -> Vec<PathBuf> {
    let variable = |name: &str| environment.get(name).map(PathBuf::from);
    let mut files: Vec<PathBuf> = [
        "PIP_CONFIG_FILE",
        "UV_CONFIG_FILE",
        "PIP_CONSTRAINT",
        "UV_CONSTRAINT",
    ]
    .iter()
    .filter_map(|name| variable(name))
    .collect();
    let home = variable("HOME");
    let configured = variable("XDG_CONFIG_HOME").or_else(|| Some(home.clone()?.join(".config")));
    for base in configured.into_iter().chain([PathBuf::from("/etc")]) {
        files.extend(["pip/pip.conf", "pip.conf", "uv/uv.toml"].map(|name| base.join(name)));
    }
    files.extend(home.map(|home| home.join(".pip/pip.conf")));
    files
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
