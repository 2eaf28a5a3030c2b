//! Tries again, with every extra installed, what failed for want of a distribution.

use std::collections::{BTreeMap, BTreeSet};

use super::VerifyError;
use super::cause::{Cause, Surroundings};
use super::judge::Retried;
use super::provider::provider_of;
use super::runner::{Ran, Work};
use super::stored::{Attempt, Kind};
use super::subject::{Promise, Trial, planned};
use crate::installer::InstallerError;

impl Trial<'_> {
    /// Tries what failed for want of a distribution again, with all extras installed.
    pub(super) fn retry_with_extras(
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
        let installed = self.tools.installer.install_requirements(
            self.environment,
            &added,
            self.sources(),
            job,
        );
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
}
