//! Wait: until the simple API, which installers read, shows every file with our digest several
//! times in a row.

use std::sync::Arc;
use std::time::Duration;

use pubflow_http::is_loopback;
use pubflow_index::{Expected, Patience, ProjectPage, ReadBack};
use pubflow_pipeline::{
    BoxFuture, Evidence, Failure, Kind, Report, Reporter, Step, Unit, UnitId, Work,
};
use pubflow_spec::{ProjectName, Version};

use crate::failure::wait_failure;
use crate::files::SealedFile;
use crate::listed_fields;
use crate::upload::{IndexTarget, key};

pub(crate) const NAME: &str = "wait";

/// Waits for the files of one release on one index.
pub struct WaitStage {
    target: IndexTarget,
    project: ProjectName,
    version: Version,
    files: Vec<SealedFile>,
    expected: Vec<Expected>,
    patience: Patience,
}

impl WaitStage {
    /// The step; it ends after `within` at the latest.
    #[must_use]
    pub fn step(
        target: &IndexTarget,
        (project, version): (&ProjectName, &Version),
        files: &[SealedFile],
        within: Duration,
    ) -> Step {
        let expected = files.iter().map(|file| Expected {
            filename: file.filename.as_str().to_owned(),
            sha256: Some(file.sha256),
            yanked: None,
        });
        let stage = Self {
            target: target.clone(),
            project: project.clone(),
            version: version.clone(),
            files: files.to_vec(),
            expected: expected.collect(),
            patience: patience(target, within),
        };
        let title = format!("wait until {} shows every file", target.name());
        let unit = Unit {
            id: UnitId::new("files"),
            title: title.clone(),
            identity: None,
        };
        Step {
            id: target.step(NAME),
            title,
            kind: Kind::Probe,
            key: key(target, files),
            waves: vec![vec![unit]],
            jobs: 1,
            confirm: None,
            work: Arc::new(stage),
        }
    }

    async fn wait(&self, reporter: &Reporter) -> Result<Evidence, Failure> {
        let n_files = self.expected.len();
        let counter = reporter.clone();
        let seen = self
            .target
            .index
            .wait_until_visible(
                (&self.project, &self.version),
                &self.expected,
                self.patience,
                &move |poll| {
                    let n_missing = poll.missing.len();
                    counter.progress(
                        (n_files - n_missing.min(n_files)) as u64,
                        Some(n_files as u64),
                    );
                },
            )
            .await
            .map_err(|error| wait_failure(&self.target.index.address().name, &error))?;
        if let Some(page) = seen.page {
            self.compare_fields(page, reporter).await;
        }
        if self.target.sends_attestations() {
            self.read_attestations_back(reporter).await;
        }
        Ok(Evidence::new()
            .with("looks", seen.polls.to_string())
            .with("files", n_files.to_string()))
    }

    /// Says where the listing tells resolvers something else than the files do. The files are public, and nobody can
    /// change them any more, so this is no reason to fail.
    async fn compare_fields(&self, page: Arc<ProjectPage>, reporter: &Reporter) {
        let files = self.files.clone();
        let compared =
            tokio::task::spawn_blocking(move || listed_fields::disagreements(&page, &files));
        for said in compared.await.unwrap_or_default() {
            reporter.note(Report::new(format!(
                "warning: {} lists {said}",
                self.target.name()
            )));
        }
    }

    /// Says where attestations that went along are not served: an administrator may have switched
    /// them off, and the file is as good without.
    async fn read_attestations_back(&self, reporter: &Reporter) {
        let index = &self.target.index;
        let Ok(Some(page)) = index.project(&self.project).await else {
            return;
        };
        for file in self
            .files
            .iter()
            .filter(|file| !file.attestations.is_empty())
        {
            let Some(listed) = page.find(file.filename.as_str()) else {
                continue;
            };
            let problem = match index.read_back(listed, &file.attestations).await {
                Ok(ReadBack::Served) => continue,
                Ok(ReadBack::NotServed) => "serves no provenance of it".to_owned(),
                Ok(ReadBack::Different) => "serves other attestations".to_owned(),
                Err(error) => error.to_string(),
            };
            reporter.note(Report::new(format!(
                "warning: an attestation went along with `{}`, and {} {problem}",
                file.filename.as_str(),
                self.target.name()
            )));
        }
    }
}

/// How long to look at an index, and how often.
pub(crate) fn patience(target: &IndexTarget, within: Duration) -> Patience {
    let patience = if is_loopback(&target.index.address().simple) {
        Patience::for_loopback()
    } else {
        Patience::for_public_index()
    };
    Patience { within, ..patience }
}

impl Work for WaitStage {
    fn act<'a>(
        &'a self,
        _: &'a Unit,
        reporter: &'a Reporter,
    ) -> BoxFuture<'a, Result<Evidence, Failure>> {
        Box::pin(self.wait(reporter))
    }
}
