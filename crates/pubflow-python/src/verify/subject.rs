//! One wheel on one interpreter, from the empty environment to the findings.
//!
//! The order is chosen so that nothing foreign has run when files and metadata are compared, and so
//! that extras, which bring more modules along, are installed only when all the rest is seen.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use pubflow_dist::{EntryPoint, ObjectReference};
use pubflow_finding::Findings;
use pubflow_process::Environment;
use pubflow_spec::{ProjectName, Version};

use super::cause::Surroundings;
use super::judge::Bench;
use super::modules::{Modules, Standing};
use super::report::{Report, count};
use super::requirements::Requirements;
use super::rooms::Rooms;
use super::runner::{Ran, Runner, Work, site_prefix};
use super::scripts::{Answer, Asking};
use super::standard_library::Family;
use super::stored::{Kind, PlannedScript};
use super::{
    ScriptTest, Task, Tools, VerifyError, VerifyRequest, VerifySubject, consistency, installed,
    left_behind,
};
use crate::environment::PythonEnvironment;
use crate::installer::{Job, Sources};

/// Scripts that are asked for help; a distribution with hundreds of them is known by these.
const MOST_ASKED: usize = 40;
/// What old versions of Python put into a new environment beside pip, several to a row. It would hide
/// that a distribution does not declare it.
const SEEDED: &[&str] = &["setuptools pkg_resources _distutils_hack distutils-precedence.pth"];

/// Verifies one wheel on one interpreter.
pub(super) fn verify_on(
    task: &Task<'_>,
    tools: &Tools,
    request: &VerifyRequest<'_>,
) -> Result<VerifySubject, VerifyError> {
    let rooms = Rooms::make_in(request.scratch).map_err(scratch_error)?;
    let python = task.interpreter.label();
    let log = rooms.file("environment.log");
    let job = Job {
        log: &log,
        deadline: request.limits.install,
        cancel: request.cancel,
    };
    let installer = &tools.installer;
    let mut report = Report::new(task, installer.name());
    let started = Instant::now();
    let environment = installer.create_environment(&rooms.environment(), &task.interpreter, job)?;
    remove_seeds(&environment).map_err(scratch_error)?;
    let before = left_behind::files_of(&environment).map_err(scratch_error)?;
    let mut trial = Trial {
        task,
        tools,
        request,
        rooms: &rooms,
        variables: rooms.untrusted(request.inherited),
        environment: &environment,
        python: &python,
        report: &mut report,
        before,
        installed_in: Duration::ZERO,
    };
    if trial.install(started)? {
        trial.run()?;
    }
    Ok(VerifySubject {
        path: task.path.to_path_buf(),
        python: Some(python),
        extra: task.extra.clone(),
        findings: report.findings.into_sorted(),
        checks: report.checks,
    })
}

pub(super) fn scratch_error(source: std::io::Error) -> VerifyError {
    VerifyError::Scratch { source }
}

/// Takes what a seeded environment holds beside pip out of it.
fn remove_seeds(environment: &PythonEnvironment) -> std::io::Result<()> {
    let site = environment.site_packages();
    for entry in std::fs::read_dir(&site)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_seed = SEEDED
            .iter()
            .flat_map(|row| row.split(' '))
            .any(|seed| name == seed || name.starts_with("setuptools-"));
        if !is_seed {
            continue;
        }
        if entry.file_type()?.is_dir() {
            std::fs::remove_dir_all(entry.path())?;
        } else {
            std::fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// A wheel in its environment.
pub(super) struct Trial<'a> {
    /// The file and the interpreter.
    pub(super) task: &'a Task<'a>,
    /// What installs, and what keeps imports off the network.
    pub(super) tools: &'a Tools,
    /// What was asked for.
    pub(super) request: &'a VerifyRequest<'a>,
    /// The directories.
    pub(super) rooms: &'a Rooms,
    /// Variables of foreign code.
    pub(super) variables: Environment,
    /// The environment under test.
    pub(super) environment: &'a PythonEnvironment,
    /// The interpreter, such as `cpython-3.12.1`.
    pub(super) python: &'a str,
    /// What was found so far.
    pub(super) report: &'a mut Report,
    /// The files of the environment when it was empty.
    before: BTreeSet<PathBuf>,
    /// How long the installation of our own file took.
    pub(super) installed_in: Duration,
}

/// What the wheel promises.
pub(super) struct Promise {
    /// Its modules.
    pub(super) modules: Modules,
    /// The project of the file name.
    pub(super) project: ProjectName,
    /// The version of the file name.
    pub(super) version: Version,
    /// What it needs.
    pub(super) requirements: Requirements,
    /// Its console and GUI scripts.
    pub(super) scripts: Vec<EntryPoint>,
}

/// How scripts answered when they were asked for help.
#[derive(Default)]
pub(super) struct Asked {
    /// Names and answers.
    pub(super) answers: Vec<(String, Answer)>,
    /// How long it took.
    pub(super) duration: Duration,
}

impl Promise {
    /// The module that stands for the distribution, if there is one.
    pub(super) fn main_module(&self) -> Option<&str> {
        self.modules.speaking_for(&self.project.underscored())
    }
}

impl Trial<'_> {
    pub(super) fn job<'b>(&'b self, log: &'b Path) -> Job<'b> {
        Job {
            log,
            deadline: self.request.limits.install,
            cancel: self.request.cancel,
        }
    }

    pub(super) fn sources(&self) -> Sources<'static> {
        Sources {
            network: self.request.network,
            indexes: self.request.smoke.indexes,
            constraints: None,
        }
    }

    /// Everything after the installation.
    fn run(&mut self) -> Result<(), VerifyError> {
        let Some(promise) = self.promise() else {
            self.report
                .skip("imports", "the wheel has no readable metadata");
            return Ok(());
        };
        if !self.install_dependencies(&promise)? {
            return Ok(());
        }
        self.compare_installed()?;
        self.find_conflicts()?;
        let surroundings = Surroundings {
            modules: &promise.modules,
            minor: self.task.interpreter.minor().1,
            family: self.family(),
            site_packages: site_prefix(self.environment),
        };
        let started = Instant::now();
        let ran = self.runner().run(self.work(&promise))?;
        let imports_took = started.elapsed();
        let answers = self.ask_for_help(&promise, &ran)?;
        let can_add_extras = match self.task.extra {
            None => self.resolve_extras(&promise)?,
            Some(_) => true,
        };
        let with_extras = if can_add_extras {
            self.retry_with_extras(&promise, &surroundings, &ran)?
        } else {
            BTreeMap::new()
        };
        let bench = Bench {
            surroundings: &surroundings,
            python: self.python,
            claims_this_system: self.claims_this_system(surroundings.family),
            with_extras,
            main_module: promise.main_module(),
            something_works: self.something_works(&promise, &ran),
            limit_seconds: self.request.limits.import.as_secs(),
            is_secluded: self.tools.seclusion.shortcoming().is_none(),
        };
        self.judge_imports(&bench, &promise, &ran, imports_took);
        self.judge_version(&promise, &ran);
        self.judge_scripts(&bench, &promise, &ran);
        self.judge_answers(&promise, &answers);
        self.judge_import_times(&promise, &ran)?;
        self.run_commands()?;
        self.find_left_behind()?;
        self.try_upgrade(&promise, &ran)
    }

    fn find_conflicts(&mut self) -> Result<(), VerifyError> {
        let started = Instant::now();
        let site_packages = self.environment.site_packages();
        let (findings, n_installed) =
            consistency::conflicts(&site_packages, &self.task.interpreter)
                .map_err(scratch_error)?;
        for finding in findings {
            self.report.add(finding);
        }
        let detail = count(n_installed, "distribution");
        self.report.close("consistency", detail, started.elapsed());
        Ok(())
    }

    fn find_left_behind(&mut self) -> Result<(), VerifyError> {
        let started = Instant::now();
        let found = left_behind::left_behind(self.environment, &self.before);
        if let Some(finding) = found.map_err(scratch_error)? {
            self.report.add(finding);
        }
        self.report
            .close("removal", String::new(), started.elapsed());
        Ok(())
    }

    /// Whether some top-level module could be imported.
    fn something_works(&self, promise: &Promise, ran: &Ran) -> bool {
        let is_top = |name: &str| {
            let imported = &promise.modules.imported;
            imported
                .iter()
                .any(|(module, standing)| module == name && *standing == Standing::TopLevel)
        };
        ran.attempts
            .iter()
            .any(|one| one.kind == Kind::Import && one.failure.is_none() && is_top(&one.name))
    }

    fn promise(&self) -> Option<Promise> {
        let wheel = self.task.wheel();
        let filename = wheel.filename().ok()?;
        let files = wheel.entries().iter().filter(|entry| entry.is_file());
        let paths = files.filter_map(|entry| wheel.installed_path(&entry.path));
        let scripts = match (self.request.smoke.scripts, wheel.entry_points()) {
            (ScriptTest::None, _) | (_, None) => Vec::new(),
            (_, Some(entry_points)) => entry_points.scripts().cloned().collect(),
        };
        Some(Promise {
            modules: Modules::among(paths).only(&self.request.smoke.imports),
            project: filename.name.clone(),
            version: filename.version.clone(),
            requirements: Requirements::of(
                &filename.name,
                wheel.metadata()?,
                &self.task.interpreter,
            ),
            scripts,
        })
    }

    fn compare_installed(&mut self) -> Result<(), VerifyError> {
        let started = Instant::now();
        let mut findings = Findings::default();
        let n_files = installed::check_files(self.task.wheel(), self.environment, &mut findings)
            .map_err(scratch_error)?;
        findings
            .into_sorted()
            .into_iter()
            .for_each(|one| self.report.add(one));
        self.report
            .close("files", count(n_files, "file"), started.elapsed());
        let started = Instant::now();
        let mut findings = Findings::default();
        installed::check_metadata(self.task.wheel(), self.environment, &mut findings)
            .map_err(scratch_error)?;
        findings
            .into_sorted()
            .into_iter()
            .for_each(|one| self.report.add(one));
        self.report
            .close("metadata", String::new(), started.elapsed());
        Ok(())
    }

    pub(super) fn runner(&self) -> Runner<'_> {
        self.runner_in(self.environment)
    }

    pub(super) fn runner_in<'b>(&'b self, environment: &'b PythonEnvironment) -> Runner<'b> {
        Runner {
            environment,
            rooms: self.rooms,
            variables: &self.variables,
            seclusion: &self.tools.seclusion,
            limit: self.request.limits.import,
            total: self.request.limits.imports,
            cancel: self.request.cancel,
        }
    }

    fn work(&self, promise: &Promise) -> Work {
        let modules = promise.modules.imported.iter();
        Work {
            modules: modules.map(|(name, _)| name.clone()).collect(),
            scripts: promise.scripts.iter().map(planned).collect(),
            distribution: Some(promise.project.to_string()),
        }
    }

    /// Asks each console script that could be loaded.
    fn ask_for_help(&mut self, promise: &Promise, ran: &Ran) -> Result<Asked, VerifyError> {
        if self.request.smoke.scripts != ScriptTest::Help {
            return Ok(Asked::default());
        }
        let loaded: BTreeSet<&str> = ran
            .attempts
            .iter()
            .filter(|one| one.kind == Kind::Script && one.failure.is_none() && one.detail.is_none())
            .map(|one| one.name.as_str())
            .collect();
        let names: Vec<String> = promise
            .scripts
            .iter()
            .filter(|script| {
                script.group == "console_scripts"
                    && loaded.contains(script.name.as_str())
                    && !script.name.contains(['/', '\\'])
            })
            .map(|script| script.name.clone())
            .take(MOST_ASKED)
            .collect();
        let asking = Asking {
            environment: self.environment,
            rooms: self.rooms,
            variables: &self.variables,
            limit: self.request.limits.script,
            jobs: self.request.jobs,
            cancel: self.request.cancel,
        };
        let started = Instant::now();
        let answers = asking.ask_all(&names)?;
        Ok(Asked {
            answers: names.into_iter().zip(answers).collect(),
            duration: started.elapsed(),
        })
    }

    fn family(&self) -> Family {
        let markers = &self.task.interpreter.markers;
        Family::of(markers.get("sys_platform").map_or("", String::as_str))
    }

    /// Whether the classifiers leave this operating system in.
    pub(super) fn claims_this_system(&self, family: Family) -> bool {
        let Some(metadata) = self.task.wheel().metadata() else {
            return true;
        };
        let mut systems = metadata
            .all("Classifier")
            .filter_map(|text| text.strip_prefix("Operating System :: "))
            .peekable();
        let words: &[&str] = match family {
            Family::Windows => &["OS Independent", "Microsoft"],
            Family::Macos => &["OS Independent", "MacOS", "POSIX", "Unix"],
            Family::Posix => &["OS Independent", "POSIX", "Unix"],
        };
        systems.peek().is_none()
            || systems.any(|system| words.iter().any(|word| system.starts_with(word)))
    }
}

/// A script as the plan has it.
pub(super) fn planned(script: &EntryPoint) -> PlannedScript {
    let value = match ObjectReference::parse(&script.value) {
        Some(reference) => {
            format!(
                "{}:{}",
                reference.module,
                reference.attribute.unwrap_or_default()
            )
        }
        None => script.value.clone(),
    };
    PlannedScript {
        name: script.name.clone(),
        value,
    }
}
