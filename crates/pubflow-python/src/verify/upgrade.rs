//! The upgrade that users do: the last release is installed and used, then our file is installed over
//! it, and everything that worked in an empty environment has to work there too.
//!
//! An old version that cannot be installed here says nothing about the new one: then nothing is tried.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Instant;

use pubflow_dist::{Distribution, Limits, Wheel};
use pubflow_finding::{Finding, Findings};
use pubflow_spec::DistributionFilename;

use super::modules::{Modules, Standing};
use super::rules::UPGRADE_FAILS;
use super::runner::{Ran, Work};
use super::stored::Kind;
use super::subject::{Promise, Trial, scratch_error};
use super::{VerifyError, fit, installed, requires_python};
use crate::environment::PythonEnvironment;
use crate::installer::{Dependencies, InstallerError};

impl Trial<'_> {
    /// Tries the upgrade from the last release; `fresh` is how the imports went in an environment
    /// that had nothing of it.
    pub(super) fn try_upgrade(
        &mut self,
        promise: &Promise,
        fresh: &Ran,
    ) -> Result<(), VerifyError> {
        if self.request.previous.is_empty() || self.task.extra.is_some() {
            return Ok(());
        }
        let Some((old_file, old)) = self.last_release(promise)? else {
            self.report
                .skip("upgrade", "the last release has no wheel that fits here");
            return Ok(());
        };
        let from = old_file
            .file_name()
            .map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        let started = Instant::now();
        let log = self.rooms.file("upgrade.log");
        let environment = self.tools.installer.create_environment(
            &self.rooms.file("upgrade"),
            &self.task.interpreter,
            self.job(&log),
        )?;
        let install = |file: &Path| {
            let how = (Dependencies::Resolve, self.sources());
            let file = [file.to_path_buf()];
            self.tools
                .installer
                .install_files(&environment, &file, how, self.job(&log))
        };
        match install(&std::path::absolute(&old_file).map_err(scratch_error)?) {
            Ok(()) => {}
            Err(InstallerError::Install { .. }) => {
                self.report
                    .skip("upgrade", &format!("`{from}` cannot be installed here"));
                return Ok(());
            }
            Err(error) => return Err(error.into()),
        }
        // What an import writes is there when the upgrade comes, as it is for users.
        let paths = old.entries().iter().filter(|entry| entry.is_file());
        let paths = paths.filter_map(|entry| old.installed_path(&entry.path));
        self.import_in(&environment, &Modules::among(paths))?;
        let new = self.task.wheel().archive().path().to_path_buf();
        match install(&std::path::absolute(&new).map_err(scratch_error)?) {
            Ok(()) => {
                let ran = self.import_in(&environment, &promise.modules)?;
                self.judge_upgrade(&environment, (&from, &old), (fresh, &ran))?;
            }
            Err(InstallerError::Install { log, .. }) => {
                let message = format!("it cannot be installed over `{from}` on {}", self.python);
                self.report
                    .add(self.upgrade_finding(message, &from).why(log));
            }
            Err(error) => return Err(error.into()),
        }
        self.report
            .close("upgrade", format!("from {from}"), started.elapsed());
        Ok(())
    }

    /// The wheel of the last release that fits this interpreter.
    fn last_release(&self, promise: &Promise) -> Result<Option<(PathBuf, Wheel)>, VerifyError> {
        for path in self.request.previous {
            let name = path.file_name().and_then(|name| name.to_str());
            let Some(Ok(DistributionFilename::Wheel(name))) = name.map(DistributionFilename::parse)
            else {
                continue;
            };
            let fits = fit::fits(&name.tags, &self.task.interpreter);
            if name.name != promise.project || !fits || name.version == promise.version {
                continue;
            }
            if let Distribution::Wheel(wheel) = Distribution::open(path, &Limits::default())?
                && self
                    .task
                    .interpreter
                    .satisfies(requires_python(&wheel).as_ref())
            {
                return Ok(Some((path.clone(), *wheel)));
            }
        }
        Ok(None)
    }

    fn import_in(
        &self,
        environment: &PythonEnvironment,
        modules: &Modules,
    ) -> Result<Ran, VerifyError> {
        let tops = modules.imported.iter();
        let tops = tops.filter(|(_, standing)| *standing == Standing::TopLevel);
        self.runner_in(environment).run(Work {
            modules: tops.map(|(name, _)| name.clone()).collect(),
            ..Work::default()
        })
    }

    fn judge_upgrade(
        &mut self,
        environment: &PythonEnvironment,
        (from, old): (&str, &Wheel),
        (fresh, upgraded): (&Ran, &Ran),
    ) -> Result<(), VerifyError> {
        let mut differences = Findings::default();
        installed::check_files(self.task.wheel(), environment, &mut differences)
            .and_then(|_| {
                installed::check_metadata(self.task.wheel(), environment, &mut differences)
            })
            .map_err(scratch_error)?;
        for difference in differences.into_sorted() {
            let message = format!("after the upgrade {}", difference.message);
            self.report.add(self.upgrade_finding(message, from));
        }
        let worked: BTreeSet<&str> = works(fresh).collect();
        let works_still: BTreeSet<&str> = works(upgraded).collect();
        for name in worked.difference(&works_still) {
            let was_tried = |one: &super::stored::Attempt| one.name == **name;
            let attempt = upgraded.attempts.iter().find(|one| was_tried(one));
            let Some(failure) = attempt.and_then(|attempt| attempt.failure.as_ref()) else {
                continue;
            };
            let raised = failure.chain.first();
            let raised = raised.map_or_else(String::new, |one| {
                format!(": {}: {}", one.class, one.message)
            });
            let message = format!(
                "`{name}` cannot be imported on {} after an upgrade from `{from}`{raised}",
                self.python
            );
            self.report.add(self.upgrade_finding(message, from));
        }
        let site_packages = environment.site_packages();
        let dist_info = old.dist_info();
        if let Some(stays) = dist_info.filter(|name| site_packages.join(name).exists()) {
            let message = format!("`{stays}` of the last release is still there after the upgrade");
            self.report.add(self.upgrade_finding(message, from));
        }
        Ok(())
    }

    fn upgrade_finding(&self, message: String, from: &str) -> Finding {
        let new = self.task.path.to_string_lossy();
        let install = match self.tools.installer.name() {
            "uv" => "uv pip install --python pubflow-try",
            _ => "pubflow-try/bin/python -m pip install",
        };
        Finding::new(&UPGRADE_FAILS, message)
            .next("see what the last release leaves behind, and rename what cannot stand in its place")
            .by_hand(format!(
                "{install} ./{from} && {install} {}",
                super::by_hand::quoted(&new)
            ))
    }
}

/// The modules whose import came to its end.
fn works(ran: &Ran) -> impl Iterator<Item = &str> {
    let attempts = ran.attempts.iter();
    attempts
        .filter(|one| one.kind == Kind::Import && one.failure.is_none())
        .map(|one| one.name.as_str())
}
