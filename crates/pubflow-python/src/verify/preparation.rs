//! The steps that use the installer: our own file alone, then what it needs, then what its extras
//! need. What the installer cannot do because of the distribution is a finding; what it cannot do
//! because of this machine or its network is an error.

use std::time::Instant;

use pubflow_finding::{Finding, Refuser};

use super::requirements::Requirements;
use super::rules::{INSTALL_REFUSED, NOT_TRIED, UNRESOLVABLE};
use super::subject::{Promise, Trial, scratch_error};
use super::{VerifyError, resolve};
use crate::installer::{Dependencies, InstallerError, Network};

/// What installers say about a wheel that is for another machine.
const OTHER_MACHINE: &[&str] = &[
    "is not a supported wheel on this platform",
    "is not compatible with the current",
    "incompatible with the current platform",
];
/// Lines of an installer's output that a finding quotes.
const SHOWN_LINES: usize = 6;

impl Trial<'_> {
    /// Installs our own file alone; answers whether there is something to look at.
    pub(super) fn install(&mut self, started: Instant) -> Result<bool, VerifyError> {
        let file = self.task.wheel().archive().path().to_path_buf();
        let file = std::path::absolute(&file).map_err(scratch_error)?;
        let how = (Dependencies::None, self.sources());
        let log = self.rooms.file("install.log");
        let began = Instant::now();
        let installed =
            self.tools
                .installer
                .install_files(self.environment, &[file], how, self.job(&log));
        self.installed_in = began.elapsed();
        let is_installed = match installed {
            Ok(()) => true,
            Err(InstallerError::Install { log, .. }) if !resolve::blames_machine(&log) => {
                self.report.add(self.refused(&log));
                false
            }
            Err(error) => return Err(error.into()),
        };
        let detail = format!("with {}", self.tools.installer.name());
        self.report.close("install", detail, started.elapsed());
        Ok(is_installed)
    }

    fn refused(&self, log: &str) -> Finding {
        let name = self.task.wheel().archive().filename();
        let installer = self.tools.installer.name();
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
            "uv" => Refuser::Uv,
            _ => Refuser::Pip,
        };
        Finding::new(
            &INSTALL_REFUSED,
            format!("{installer} refuses to install `{name}` on {}", self.python),
        )
        .refused_by(&[refuser])
        .why(last_words(log))
        .next("run `pubflow check` on the file, correct what it names, and build again")
    }

    /// Installs what the distribution needs without extras; answers whether that succeeded.
    pub(super) fn install_dependencies(&mut self, promise: &Promise) -> Result<bool, VerifyError> {
        let started = Instant::now();
        let Some(needed) = self.needed(promise) else {
            self.report
                .close("dependencies", String::new(), started.elapsed());
            return Ok(false);
        };
        if needed.is_empty() {
            self.judge_install_time(self.installed_in);
            self.report.skip("dependencies", "it has none");
            return Ok(true);
        }
        let log = self.rooms.file("dependencies.log");
        let installed = self.tools.installer.install_requirements(
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
                let what = match &self.task.extra {
                    None => "the dependencies of the distribution".to_owned(),
                    Some(extra) => format!("the dependencies with the extra `{extra}`"),
                };
                self.report.add(unresolvable(&what, &words, self.python));
                false
            }
            Err(error) => return Err(error.into()),
        };
        self.judge_install_time(self.installed_in + started.elapsed());
        let detail = format!("{} required", needed.len());
        self.report.close("dependencies", detail, started.elapsed());
        Ok(is_installed)
    }

    /// What is installed besides the file; none, and a finding, when the extra is not there.
    fn needed(&mut self, promise: &Promise) -> Option<Vec<String>> {
        let mut needed = promise.requirements.base();
        let Some(extra) = &self.task.extra else {
            return Some(needed);
        };
        let is_same = |one: &String| alike(one) == alike(extra);
        let Some(provided) = promise
            .requirements
            .extras()
            .iter()
            .find(|one| is_same(one))
        else {
            let there = promise.requirements.extras();
            let there = match there.is_empty() {
                true => "it provides none".to_owned(),
                false => format!("it provides `{}`", there.join("`, `")),
            };
            self.report.add(
                Finding::new(
                    &UNRESOLVABLE,
                    format!("the distribution has no extra `{extra}`, which is to be tried"),
                )
                .why(there)
                .next("add the extra to the project, or correct `smoke.extras`")
                .field("Provides-Extra"),
            );
            return None;
        };
        needed.extend(
            promise
                .requirements
                .added_by(std::slice::from_ref(provided)),
        );
        Some(needed)
    }

    /// Looks whether every extra can be resolved; answers whether all can be installed together.
    pub(super) fn resolve_extras(&mut self, promise: &Promise) -> Result<bool, VerifyError> {
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
        let tools = (
            &self.tools.installer,
            self.request.inherited,
            self.request.smoke.indexes,
        );
        resolve::refusal(tools, self.environment, needed, self.job(&log))
    }
}

/// The name of an extra as it is compared.
///
/// Spec: core metadata, "Provides-Extra".
fn alike(extra: &str) -> String {
    extra.to_lowercase().replace(['_', '.'], "-")
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
