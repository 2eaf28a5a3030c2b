//! The environment that hooks run in: one of the cache where what it holds can be told by digest,
//! else one of this build alone; or, on demand, the interpreter itself with what is installed there.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use pubflow_process::{Cancel, Command, Environment, Inherited, run};
use pubflow_spec::{
    MarkerEnvironment, Prereleases, Requirement, RequirementSource, Sha256, Version,
};

use super::error::BuildReason;
use super::stored::installed_versions;
use crate::cache::{Cache, EnvironmentKey, Lease, Wanted, now};
use crate::environment::PythonEnvironment;
use crate::installer::{Indexes, Installer, InstallerError, Job, Network, Resolution, Sources};
use crate::interpreter::Interpreter;

/// Lists what is installed, for builds without isolation.
const LISTING: &str = "import importlib.metadata, json, sys\n\
    found = {d.metadata['Name']: d.version for d in importlib.metadata.distributions() if d.metadata['Name']}\n\
    with open(sys.argv[1], 'w', encoding='utf-8') as file: json.dump(found, file)\n";
/// Ample for reading metadata.
const LISTING_DEADLINE: Duration = Duration::from_secs(60);

/// Where hooks run.
#[derive(Debug)]
pub(super) enum Room {
    /// An environment of the cache.
    Kept(Lease),
    /// An environment of this build.
    Own(PythonEnvironment),
    /// No environment: the interpreter as it is.
    Bare(Interpreter),
}

impl Room {
    /// The interpreter to start.
    pub(super) fn python(&self) -> PathBuf {
        match self {
            Self::Kept(lease) => lease.environment().python(),
            Self::Own(environment) => environment.python(),
            Self::Bare(interpreter) => interpreter.path.clone(),
        }
    }

    /// Variables of a process in it.
    pub(super) fn enter(&self, variables: Environment) -> Environment {
        let environment = match self {
            Self::Kept(lease) => lease.environment(),
            Self::Own(environment) => environment,
            Self::Bare(interpreter) => {
                let scripts = interpreter.path.parent().unwrap_or(&interpreter.path);
                return variables.search_first(scripts);
            }
        };
        variables
            .search_first(&environment.scripts())
            .set("VIRTUAL_ENV", environment.root())
    }
}

/// Makes rooms.
#[derive(Debug, Clone, Copy)]
pub(super) struct Furnisher<'a> {
    pub(super) installer: &'a Installer,
    pub(super) interpreter: &'a Interpreter,
    pub(super) inherited: &'a Inherited,
    pub(super) network: Network,
    /// Requirements file that bounds what is installed.
    pub(super) constraints: Option<&'a Path>,
    /// Whether what requirements came to lately is taken, without asking the index again.
    pub(super) may_remember: bool,
    pub(super) cancel: Option<&'a Cancel>,
}

/// Why a room of the cache did not come about.
enum Trouble {
    Cache,
    Installer(InstallerError),
}

impl From<io::Error> for Trouble {
    fn from(_: io::Error) -> Self {
        Self::Cache
    }
}

impl Furnisher<'_> {
    /// A room with these requirements. `scratch` is an empty directory.
    pub(super) fn furnish(
        &self,
        requirements: &[String],
        scratch: &Path,
        job: Job<'_>,
    ) -> Result<Room, InstallerError> {
        let cache = Cache::of(self.inherited);
        if let Some(cache) = &cache
            && let Some(resolution) = self.resolve(cache, requirements, scratch, job)?
            && resolution.is_exact()
        {
            match self.kept(cache, &resolution, scratch, job) {
                Ok(lease) => return Ok(Room::Kept(lease)),
                Err(Trouble::Installer(error)) => return Err(error),
                // A cache that cannot be used costs time, nothing else.
                Err(Trouble::Cache) => {}
            }
        }
        let root = scratch.join("env");
        let environment = self
            .installer
            .create_environment(&root, self.interpreter, job)?;
        self.installer
            .install_requirements(&environment, requirements, self.sources(), job)?;
        Ok(Room::Own(environment))
    }

    fn sources(&self) -> Sources<'_> {
        Sources {
            network: self.network,
            indexes: Indexes::Configured,
            constraints: self.constraints,
        }
    }

    fn resolve(
        &self,
        cache: &Cache,
        requirements: &[String],
        scratch: &Path,
        job: Job<'_>,
    ) -> Result<Option<Resolution>, InstallerError> {
        if requirements.is_empty() {
            return Ok(Some(Resolution::default()));
        }
        let question = self.question(requirements);
        if self.may_remember
            && let Some(known) = cache.resolution(&question, now())
            && let Some(text) = known.as_str()
        {
            return Ok(Some(Resolution::from_requirements(text)));
        }
        let sources = (self.sources(), scratch);
        let resolution = self
            .installer
            .resolve(self.interpreter, requirements, sources, job)?;
        if let Some(resolution) = resolution.as_ref().filter(|one| one.is_exact()) {
            let text = resolution.to_requirements();
            cache.remember_resolution(&question, now(), text.into());
        }
        Ok(resolution)
    }

    /// Everything that decides what requirements come to.
    fn question(&self, requirements: &[String]) -> String {
        let constraints = self.constraints.map(|file| std::fs::read(file).ok());
        let constraints = constraints.map(|bytes| Sha256::of(&bytes.unwrap_or_default()));
        let mut requirements = requirements.to_vec();
        requirements.sort();
        format!(
            "{}\n{}\n{:?}\n{constraints:?}\n{}",
            self.interpreter.identity(),
            self.installer.configuration(),
            self.network,
            requirements.join("\n")
        )
    }

    fn kept(
        &self,
        cache: &Cache,
        resolution: &Resolution,
        scratch: &Path,
        job: Job<'_>,
    ) -> Result<Lease, Trouble> {
        let text = resolution.to_requirements();
        let pins = resolution.pins.iter();
        let wanted = Wanted {
            key: &EnvironmentKey::of(&self.interpreter.identity(), &text),
            interpreter: self.interpreter,
            requirements: pins.map(|pin| pin.requirement.clone()).collect(),
            deadline: job.deadline,
            cancel: self.cancel,
        };
        cache.environment(&wanted, |root| {
            let environment = self
                .installer
                .create_environment(root, self.interpreter, job)
                .map_err(Trouble::Installer)?;
            let sources = (self.sources(), scratch);
            self.installer
                .install_resolution(&environment, resolution, sources, job)
                .map_err(Trouble::Installer)
        })
    }

    /// The interpreter as it is, when everything that is required is installed there.
    pub(super) fn bare(
        &self,
        requirements: &[String],
        scratch: &Path,
        variables: Environment,
    ) -> Result<Room, BuildReason> {
        let installed = self
            .installed(scratch, variables)
            .map_err(|error| BuildReason::Io {
                path: self.interpreter.path.clone(),
                error,
            })?;
        let missing: Vec<String> = requirements
            .iter()
            .filter(|text| !self.is_met(text, &installed))
            .cloned()
            .collect();
        match missing.is_empty() {
            true => Ok(Room::Bare(self.interpreter.clone())),
            false => Err(BuildReason::NotInstalled {
                missing,
                python: self.interpreter.path.clone(),
            }),
        }
    }

    fn installed(
        &self,
        scratch: &Path,
        variables: Environment,
    ) -> io::Result<Vec<(String, String)>> {
        let (answer, log) = (
            scratch.join("installed.json"),
            scratch.join("installed.log"),
        );
        let command = Command::new(&self.interpreter.path)
            .args(["-c", LISTING])
            .arg(&answer)
            .cwd(scratch)
            .environment(variables)
            .log(log)
            .deadline(LISTING_DEADLINE);
        run(&command, self.cancel).map_err(io::Error::other)?;
        installed_versions(&std::fs::read(answer)?).map_err(io::Error::from)
    }

    /// Whether a requirement is installed, or not asked for on this interpreter.
    fn is_met(&self, text: &str, installed: &[(String, String)]) -> bool {
        let Ok(requirement) = Requirement::parse(text) else {
            return false;
        };
        let mut markers = MarkerEnvironment::new();
        for (name, value) in &self.interpreter.markers {
            markers.set(name, value);
        }
        if let Some(marker) = &requirement.marker
            && marker.evaluate(&markers) == Ok(false)
        {
            return true;
        }
        let is_named = |name: &str| {
            pubflow_spec::ProjectName::parse(name).is_ok_and(|name| name == requirement.name)
        };
        installed
            .iter()
            .filter(|(name, _)| is_named(name))
            .any(
                |(_, version)| match (&requirement.source, Version::parse(version)) {
                    (RequirementSource::Specifiers(set), Ok(version)) => {
                        set.contains(&version, Prereleases::Allow)
                    }
                    // Where it came from cannot be told any more.
                    _ => true,
                },
            )
    }
}
