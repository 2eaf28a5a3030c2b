//! One wheel on one interpreter, from the empty environment to the findings.
//!
//! The order is chosen so that nothing foreign has run when files and metadata are compared, and so
//! that extras, which bring more modules along, are installed only when all the rest is seen.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::{Duration, Instant};

use pubflow_dist::{EntryPoint, ObjectReference};
use pubflow_finding::{Finding, Findings, Severity};
use pubflow_process::Environment;
use pubflow_spec::{ProjectName, Version};

use super::cause::{Cause, Surroundings};
use super::judge::{Bench, Grouped, Retried};
use super::modules::{Modules, Standing};
use super::provider::provider_of;
use super::requirements::Requirements;
use super::rooms::Rooms;
use super::rules::{
    INSTALL_REFUSED, METADATA_DIFFERS, NO_HELP, NOT_TRIED, SCRIPT_BROKEN, UNRESOLVABLE,
    VERSION_ATTRIBUTE,
};
use super::runner::{Ran, Runner, Work, site_prefix};
use super::scripts::{Answer, Asking};
use super::standard_library::Family;
use super::stored::{Attempt, Kind, PlannedScript};
use super::{
    CheckOutcome, Outcome, ScriptTest, Task, VerifyError, VerifyRequest, VerifySubject, installed,
    resolve,
};
use crate::environment::PythonEnvironment;
use crate::installer::{Dependencies, Indexes, Installer, InstallerError, Job, Network, Sources};

/// Scripts that are asked for help; a distribution with hundreds of them is known by these.
const MOST_ASKED: usize = 40;
/// Lines of an installer's output that a finding quotes.
const SHOWN_LINES: usize = 6;
/// What installers say about a wheel that is for another machine.
const OTHER_MACHINE: &[&str] = &[
    "is not a supported wheel on this platform",
    "is not compatible with the current",
    "incompatible with the current platform",
];
/// What old versions of Python put into a new environment beside pip, several to a row. It would hide
/// that a distribution does not declare it.
const SEEDED: &[&str] = &["setuptools pkg_resources _distutils_hack distutils-precedence.pth"];

/// Verifies one wheel on one interpreter.
pub(super) fn verify_on(
    task: &Task<'_>,
    installer: &Installer,
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
    let mut report = Report::new(task);
    let started = Instant::now();
    let environment = installer.create_environment(&rooms.environment(), &task.interpreter, job)?;
    remove_seeds(&environment).map_err(scratch_error)?;
    let mut trial = Trial {
        task,
        installer,
        request,
        rooms: &rooms,
        variables: rooms.untrusted(request.inherited),
        environment: &environment,
        python: &python,
        report: &mut report,
    };
    if trial.install(started)? {
        trial.run()?;
    }
    Ok(VerifySubject {
        path: task.path.to_path_buf(),
        python: Some(python),
        findings: report.findings.into_sorted(),
        checks: report.checks,
    })
}

fn scratch_error(source: std::io::Error) -> VerifyError {
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

/// Findings and outcomes as they come up.
struct Report {
    findings: Findings,
    checks: Vec<CheckOutcome>,
    /// The worst severity since the last outcome.
    worst: Option<Severity>,
}

impl Report {
    fn new(task: &Task<'_>) -> Self {
        Self {
            findings: Findings::for_path(task.path.to_string_lossy()),
            checks: Vec::new(),
            worst: None,
        }
    }

    fn add(&mut self, finding: Finding) {
        self.worst = self.worst.max(Some(finding.severity));
        self.findings.add(finding);
    }

    /// Closes a check: what was found since the last one is its outcome.
    fn close(&mut self, name: &'static str, detail: String, duration: Duration) {
        let outcome = self.worst.take().map_or(Outcome::Passed, Outcome::Found);
        self.checks.push(CheckOutcome {
            name,
            outcome,
            detail,
            duration,
        });
    }

    fn skip(&mut self, name: &'static str, why: &str) {
        self.checks.push(CheckOutcome {
            name,
            outcome: Outcome::Skipped,
            detail: why.to_owned(),
            duration: Duration::ZERO,
        });
    }
}

/// A wheel in its environment.
struct Trial<'a> {
    task: &'a Task<'a>,
    installer: &'a Installer,
    request: &'a VerifyRequest<'a>,
    rooms: &'a Rooms,
    variables: Environment,
    environment: &'a PythonEnvironment,
    python: &'a str,
    report: &'a mut Report,
}

/// What the wheel promises.
struct Promise {
    modules: Modules,
    project: ProjectName,
    version: Version,
    requirements: Requirements,
    scripts: Vec<EntryPoint>,
}

impl Trial<'_> {
    fn job<'b>(&'b self, log: &'b Path) -> Job<'b> {
        Job {
            log,
            deadline: self.request.limits.install,
            cancel: self.request.cancel,
        }
    }

    fn sources(&self) -> Sources {
        Sources {
            network: self.request.network,
            indexes: Indexes::OneDefault,
        }
    }

    /// Installs our own file alone; answers whether there is something to look at.
    fn install(&mut self, started: Instant) -> Result<bool, VerifyError> {
        let file = self.task.wheel().archive().path().to_path_buf();
        let file = std::path::absolute(&file).map_err(scratch_error)?;
        let how = (Dependencies::None, self.sources());
        let log = self.rooms.file("install.log");
        let installed =
            self.installer
                .install_files(self.environment, &[file], how, self.job(&log));
        let is_installed = match installed {
            Ok(()) => true,
            Err(InstallerError::Install { log, .. }) if !resolve::blames_machine(&log) => {
                self.report.add(self.refused(&log));
                false
            }
            Err(error) => return Err(error.into()),
        };
        let detail = format!("with {}", self.installer.name());
        self.report.close("install", detail, started.elapsed());
        Ok(is_installed)
    }

    fn refused(&self, log: &str) -> Finding {
        let name = self.task.wheel().archive().filename();
        let installer = self.installer.name();
        if OTHER_MACHINE.iter().any(|words| log.contains(words)) {
            return Finding::new(
                &NOT_TRIED,
                format!(
                    "`{name}` does not fit {} on this machine, says {installer}",
                    self.python
                ),
            )
            .why(last_words(log))
            .next("run `pubflow verify` on a machine that it is made for");
        }
        let refuser = match installer {
            "uv" => pubflow_finding::Refuser::Uv,
            _ => pubflow_finding::Refuser::Pip,
        };
        Finding::new(
            &INSTALL_REFUSED,
            format!("{installer} refuses to install `{name}` on {}", self.python),
        )
        .refused_by(&[refuser])
        .why(last_words(log))
        .next("run `pubflow check` on the file, correct what it names, and build again")
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
        let can_add_extras = self.resolve_extras(&promise)?;
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
            limit_seconds: self.request.limits.import.as_secs(),
        };
        self.judge_imports(&bench, &promise, &ran, imports_took);
        self.judge_version(&promise, &ran);
        self.judge_scripts(&bench, &promise, &ran);
        self.judge_answers(&promise, &answers);
        Ok(())
    }

    fn promise(&self) -> Option<Promise> {
        let wheel = self.task.wheel();
        let filename = wheel.filename().ok()?;
        let files = wheel.entries().iter().filter(|entry| entry.is_file());
        let paths = files.filter_map(|entry| wheel.installed_path(&entry.path));
        let scripts = match (self.request.scripts, wheel.entry_points()) {
            (ScriptTest::None, _) | (_, None) => Vec::new(),
            (_, Some(entry_points)) => entry_points.scripts().cloned().collect(),
        };
        Some(Promise {
            modules: Modules::among(paths),
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

    /// Installs what the distribution needs without extras; answers whether that succeeded.
    fn install_dependencies(&mut self, promise: &Promise) -> Result<bool, VerifyError> {
        let needed = promise.requirements.base();
        if needed.is_empty() {
            self.report.skip("dependencies", "it has none");
            return Ok(true);
        }
        let started = Instant::now();
        let log = self.rooms.file("dependencies.log");
        let installed = self.installer.install_requirements(
            self.environment,
            &needed,
            self.sources(),
            self.job(&log),
        );
        let is_installed = match installed {
            Ok(()) => true,
            Err(InstallerError::Install { log, .. }) => {
                let refusal = match self.request.network {
                    Network::Offline => None,
                    Network::Online => self.refusal(&needed)?,
                };
                // What can be resolved and not installed, or not even be asked for, says nothing
                // about the distribution.
                let Some(words) = refusal else {
                    return Err(VerifyError::Dependencies { log });
                };
                let what = "the dependencies of the distribution";
                self.report.add(unresolvable(what, &words, self.python));
                false
            }
            Err(error) => return Err(error.into()),
        };
        let detail = format!("{} required", needed.len());
        self.report.close("dependencies", detail, started.elapsed());
        Ok(is_installed)
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
            .close("files", format!("{n_files} files"), started.elapsed());
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

    fn runner(&self) -> Runner<'_> {
        Runner {
            environment: self.environment,
            rooms: self.rooms,
            variables: &self.variables,
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
    fn ask_for_help(
        &mut self,
        promise: &Promise,
        ran: &Ran,
    ) -> Result<Vec<(String, Answer)>, VerifyError> {
        if self.request.scripts != ScriptTest::Help {
            return Ok(Vec::new());
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
                script.group == "console_scripts" && loaded.contains(script.name.as_str())
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
        let answers = asking.ask_all(&names)?;
        Ok(names.into_iter().zip(answers).collect())
    }

    /// Looks whether every extra can be resolved; answers whether all can be installed together.
    fn resolve_extras(&mut self, promise: &Promise) -> Result<bool, VerifyError> {
        let requirements = &promise.requirements;
        let asked: Vec<String> = requirements
            .extras()
            .iter()
            .filter(|extra| {
                !requirements
                    .added_by(std::slice::from_ref(*extra))
                    .is_empty()
            })
            .cloned()
            .collect();
        if asked.is_empty() {
            return Ok(false);
        }
        if self.request.network == Network::Offline {
            self.report.skip("extras", "the network is off");
            return Ok(true);
        }
        let started = Instant::now();
        let together = self.extras_refusal(requirements, &asked)?;
        let all_fit = together.is_none();
        if let Some(log) = together {
            // Extras may exclude each other on purpose; each has to work alone.
            for extra in &asked {
                let alone = match asked.as_slice() {
                    [_] => Some(log.clone()),
                    _ => self.extras_refusal(requirements, std::slice::from_ref(extra))?,
                };
                if let Some(log) = alone {
                    let what = format!("the extra `{extra}`");
                    self.report
                        .add(unresolvable(&what, &log, self.python).field("Provides-Extra"));
                }
            }
        }
        let detail = format!("{} resolved", asked.len());
        self.report.close("extras", detail, started.elapsed());
        Ok(all_fit)
    }

    fn extras_refusal(
        &self,
        requirements: &Requirements,
        extras: &[String],
    ) -> Result<Option<String>, VerifyError> {
        let mut needed = requirements.base();
        needed.extend(requirements.added_by(extras));
        self.refusal(&needed)
    }

    fn refusal(&self, needed: &[String]) -> Result<Option<String>, VerifyError> {
        let log = self.rooms.file("resolve.log");
        let tools = (self.installer, self.request.inherited);
        resolve::refusal(tools, self.environment, needed, self.job(&log))
    }

    /// Tries what failed for want of a distribution again, with all extras installed.
    fn retry_with_extras(
        &self,
        promise: &Promise,
        surroundings: &Surroundings<'_>,
        ran: &Ran,
    ) -> Result<BTreeMap<(bool, String), Retried>, VerifyError> {
        let wanting: Vec<(&Attempt, String)> = ran
            .attempts
            .iter()
            .filter_map(
                |attempt| match surroundings.cause(attempt.failure.as_ref()?) {
                    Cause::Undeclared(module) => Some((attempt, module)),
                    _ => None,
                },
            )
            .collect();
        let added = promise.requirements.added_by(promise.requirements.extras());
        if wanting.is_empty() || added.is_empty() {
            return Ok(BTreeMap::new());
        }
        let log = self.rooms.file("extras.log");
        let job = self.job(&log);
        let installed =
            self.installer
                .install_requirements(self.environment, &added, self.sources(), job);
        match installed {
            Ok(()) => {}
            // Then what failed stays failed; that the extra cannot be had is told elsewhere.
            Err(InstallerError::Install { .. }) => return Ok(BTreeMap::new()),
            Err(error) => return Err(error.into()),
        }
        let names = |kind: Kind| {
            let of_kind = wanting
                .iter()
                .filter(move |(attempt, _)| attempt.kind == kind);
            of_kind.map(|(attempt, _)| attempt.name.clone())
        };
        let failed_scripts: BTreeSet<String> = names(Kind::Script).collect();
        let scripts = promise.scripts.iter();
        let again = self.runner().run(Work {
            modules: names(Kind::Import).collect(),
            scripts: scripts
                .filter(|script| failed_scripts.contains(&script.name))
                .map(planned)
                .collect(),
            distribution: None,
        })?;
        let missing: BTreeMap<&str, &str> = wanting
            .iter()
            .map(|(attempt, module)| (attempt.name.as_str(), module.as_str()))
            .collect();
        let retried = again.attempts.into_iter().map(|attempt| {
            let extras = missing
                .get(attempt.name.as_str())
                .and_then(|module| provider_of(module, &self.environment.site_packages()))
                .map(|provider| promise.requirements.extras_asking_for(&provider))
                .unwrap_or_default();
            let retried = Retried {
                failure: attempt.failure,
                extras: extras.into_iter().map(str::to_owned).collect(),
            };
            ((attempt.kind == Kind::Script, attempt.name), retried)
        });
        Ok(retried.collect())
    }

    fn judge_imports(&mut self, bench: &Bench<'_>, promise: &Promise, ran: &Ran, took: Duration) {
        let standings: BTreeMap<&str, Standing> = promise
            .modules
            .imported
            .iter()
            .map(|(name, standing)| (name.as_str(), *standing))
            .collect();
        let mut grouped = Grouped::default();
        for attempt in ran.attempts.iter().filter(|one| one.kind == Kind::Import) {
            let standing = standings.get(attempt.name.as_str());
            bench.import(
                attempt,
                standing.copied().unwrap_or(Standing::Loose),
                &mut grouped,
            );
        }
        let worst = grouped.finish(&mut self.report.findings);
        self.report.worst = self.report.worst.max(worst);
        let is_script = |kind: &Option<(Kind, String)>| matches!(kind, Some((Kind::Script, _)));
        for ended in ran.ended.iter().filter(|one| !is_script(&one.attempted)) {
            self.report.add(bench.ended(ended));
        }
        if standings.is_empty() {
            self.report
                .skip("imports", "the wheel has no modules to import");
            return;
        }
        let not_tried = match ran.n_not_tried {
            0 => String::new(),
            n => format!(", {n} attempts left out for want of time"),
        };
        let passed_over = match promise.modules.n_passed_over {
            0 => String::new(),
            n => format!(", {n} private or test modules passed over"),
        };
        let detail = format!("{} modules{passed_over}{not_tried}", standings.len());
        self.report.close("imports", detail, took);
    }

    fn judge_version(&mut self, promise: &Promise, ran: &Ran) {
        let version = &promise.version;
        let same = |text: &str| Version::parse(text).is_ok_and(|found| found == *version);
        let installed = ran.attempts.iter().find(|one| one.kind == Kind::Metadata);
        if let Some(found) = installed.and_then(|one| one.detail.as_deref())
            && !same(found)
        {
            let project = &promise.project;
            let finding = Finding::new(
                &METADATA_DIFFERS,
                format!("`{project}` is installed as version {found}, the file is {version}"),
            )
            .why("the installer has replaced the file under test, or METADATA and file name disagree")
            .next("look for a dependency that requires this project in another version");
            self.report.add(finding);
        }
        let speaker = promise.modules.speaking_for(&promise.project.underscored());
        let attribute = ran.attempts.iter().find_map(|one| {
            let speaks = one.kind == Kind::Import && Some(one.name.as_str()) == speaker;
            Some((one.name.as_str(), one.detail.as_deref().filter(|_| speaks)?))
        });
        if let Some((module, found)) = attribute
            && !same(found)
        {
            let finding = Finding::new(
                &VERSION_ATTRIBUTE,
                format!("`{module}.__version__` is `{found}`, the distribution is {version}"),
            )
            .why("users and bug reports ask the attribute, installers the distribution")
            .next("write the version in one place, and let the other read it");
            self.report.add(finding);
        }
        self.report
            .close("version", version.to_string(), Duration::ZERO);
    }

    fn judge_scripts(&mut self, bench: &Bench<'_>, promise: &Promise, ran: &Ran) {
        if promise.scripts.is_empty() {
            return;
        }
        let mut took = 0.0;
        for attempt in ran.attempts.iter().filter(|one| one.kind == Kind::Script) {
            took += attempt.seconds;
            let point = promise
                .scripts
                .iter()
                .find(|point| point.name == attempt.name);
            let value = point.map_or("", |point| point.value.as_str());
            let asks = ObjectReference::parse(value).is_some_and(|one| one.extras.is_some());
            if let Some(finding) = bench.script(attempt, value, asks) {
                self.report.add(finding);
            }
        }
        for ended in &ran.ended {
            if matches!(ended.attempted, Some((Kind::Script, _))) {
                self.report.add(bench.ended(ended));
            }
        }
        let detail = format!("{} scripts", promise.scripts.len());
        let took = Duration::try_from_secs_f64(took).unwrap_or_default();
        self.report.close("scripts", detail, took);
    }

    fn judge_answers(&mut self, promise: &Promise, answers: &[(String, Answer)]) {
        if answers.is_empty() {
            return;
        }
        for (name, answer) in answers {
            match answer {
                Answer::Ok => {}
                Answer::Missing(module) => {
                    self.report.add(missing_in_script(name, module, promise));
                }
                Answer::Not { did, output } => {
                    let finding = Finding::new(
                        &NO_HELP,
                        format!(
                            "the script `{name}` answers neither `--help` nor `--version`: {did}"
                        ),
                    );
                    let finding = match output.is_empty() {
                        true => finding,
                        false => finding.why(format!("it printed: {output}")),
                    };
                    self.report
                        .add(finding.next("answer `--help` with exit status 0"));
                }
            }
        }
        let detail = format!("{} scripts", answers.len());
        self.report.close("help", detail, Duration::ZERO);
    }

    fn family(&self) -> Family {
        let markers = &self.task.interpreter.markers;
        Family::of(markers.get("sys_platform").map_or("", String::as_str))
    }

    /// Whether the classifiers leave this operating system in.
    fn claims_this_system(&self, family: Family) -> bool {
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

fn planned(script: &EntryPoint) -> PlannedScript {
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

/// A script that starts and then stops at a module that is not there.
fn missing_in_script(name: &str, module: &str, promise: &Promise) -> Finding {
    let finding = Finding::new(
        &SCRIPT_BROKEN,
        format!("the script `{name}` stops at `{module}`, which is not installed"),
    );
    let is_own = promise.modules.must_provide(module);
    if is_own || promise.requirements.extras().is_empty() {
        return finding
            .why("it is imported when the script runs, not when it is loaded")
            .next("add what is missing to the wheel or to `dependencies`, and build again");
    }
    finding
        .severity(Severity::Warning)
        .why("it may come with one of the extras, which a plain installation does not have")
        .next("move what the script needs into `dependencies`, or let the script say which extra to install")
}

fn unresolvable(what: &str, log: &str, python: &str) -> Finding {
    Finding::new(
        &UNRESOLVABLE,
        format!("{what} cannot be resolved on {python}"),
    )
    .why(last_words(log))
    .next("correct the requirement, or publish the missing distribution first")
    .field("Requires-Dist")
}

/// The lines of an installer's log that say why: pip marks them, the others come last.
fn last_words(log: &str) -> String {
    let lines = || log.lines().filter(|line| !line.trim().is_empty());
    let marked: Vec<&str> = lines().filter(|line| line.starts_with("ERROR: ")).collect();
    let shown = if marked.is_empty() {
        lines().collect()
    } else {
        marked
    };
    shown[shown.len().saturating_sub(SHOWN_LINES)..].join("\n")
}
