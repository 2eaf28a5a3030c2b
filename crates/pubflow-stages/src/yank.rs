//! Yank and un-yank: by the index's API where there is one, else by a person on the index's page,
//! whom we hand the address and the reason and then watch for.

use std::sync::Arc;
use std::time::Duration;

use pubflow_index::{Expected, WaitError, Yanking};
use pubflow_pipeline::{
    BoxFuture, Evidence, Failure, FailureClass, Kind, Observed, Report, Reporter, Step, Undo, Unit,
    UnitId, Work, step_key,
};
use pubflow_spec::{ProjectName, Version};

use crate::failure::{observe_failure, trusted_failure, wait_failure, yank_failure};
use crate::upload::IndexTarget;
use crate::wait::patience;

pub(crate) const NAME: &str = "yank";

/// What shall be true of the release afterwards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum YankChange {
    /// Yanked, for this reason.
    Yank {
        /// Shown by installers.
        reason: String,
    },
    /// Not yanked.
    Undo,
}

/// Changes whether installers pass a release over.
pub struct YankStage {
    target: IndexTarget,
    project: ProjectName,
    version: Version,
    files: Vec<String>,
    change: YankChange,
    within: Duration,
}

impl YankStage {
    /// The step. `files` are the names of all files that the index lists of the release: whose bytes
    /// they are does not matter, wrong ones are yanked too. `turn` counts how often
    /// this was asked for, so that a yank after an un-yank is another fact than the first one.
    #[must_use]
    pub fn step(
        target: &IndexTarget,
        (project, version): (&ProjectName, &Version),
        files: Vec<String>,
        change: YankChange,
        (turn, within): (usize, Duration),
    ) -> Step {
        let (verb, reason) = match &change {
            YankChange::Yank { reason } => ("yank", reason.as_str()),
            YankChange::Undo => ("un-yank", ""),
        };
        let title = format!("{verb} {project} {version} on {}", target.name());
        let unit = Unit {
            id: UnitId::new(version.to_string()),
            title: title.clone(),
            identity: None,
        };
        let address = target.index.address();
        let turn = turn.to_string();
        let key = step_key(&[
            ("index", address.upload.as_str()),
            ("verb", verb),
            ("reason", reason),
            ("turn", &turn),
        ]);
        let stage = Self {
            target: target.clone(),
            project: project.clone(),
            version: version.clone(),
            files,
            change,
            within,
        };
        Step {
            id: target.step(NAME),
            title,
            kind: Kind::Effect(Undo::Compensable),
            key,
            waves: vec![vec![unit]],
            jobs: 1,
            confirm: None,
            work: Arc::new(stage),
        }
    }

    fn wants_yanked(&self) -> bool {
        matches!(self.change, YankChange::Yank { .. })
    }

    async fn look(&self) -> Observed {
        if let Err(failure) = self.require_files() {
            return Observed::Unknown(failure);
        }
        let page = match self.target.index.project(&self.project).await {
            Ok(page) => page,
            Err(error) => {
                return Observed::Unknown(observe_failure(
                    &self.target.index.address().name,
                    &error,
                ));
            }
        };
        let done = self.files.iter().all(|filename| {
            let file = page.as_ref().and_then(|page| page.find(filename));
            file.is_some_and(|file| file.yanked.is_some() == self.wants_yanked())
        });
        if done {
            Observed::Identical
        } else {
            Observed::Absent
        }
    }

    /// Of no files everything is true, and that must not pass for a yank.
    fn require_files(&self) -> Result<(), Failure> {
        if !self.files.is_empty() {
            return Ok(());
        }
        let report = Report::new(format!(
            "{} {} has no file on {}",
            self.project,
            self.version,
            self.target.name()
        ))
        .code("E210")
        .next("see the spelling and the index: `pubflow config show` lists the known ones");
        Err(Failure::new(FailureClass::Refused, report))
    }

    async fn change(&self, reporter: &Reporter) -> Result<Evidence, Failure> {
        self.require_files()?;
        let index = &self.target.index;
        let release = (&self.project, &self.version);
        let credential = match &self.target.credential {
            Some(lease) => Some(
                lease
                    .current()
                    .await
                    .map_err(|error| trusted_failure(&index.address().name, &error))?,
            ),
            None => None,
        };
        let credential = credential.as_ref();
        let done = match &self.change {
            YankChange::Yank { reason } => index.yank(release, reason, credential).await,
            YankChange::Undo => index.unyank(release, credential).await,
        };
        match done.map_err(|error| yank_failure(&index.address().name, &error))? {
            Yanking::Done => {
                self.watch(Duration::from_secs(60)).await?;
                Ok(Evidence::new().with("means", "api"))
            }
            Yanking::HandOff { page } => {
                reporter.note(self.instructions(page.as_str()));
                self.watch(self.within).await?;
                Ok(Evidence::new()
                    .with("means", "page")
                    .with("page", page.to_string()))
            }
            Yanking::NotOffered { why } => Err(no_yank(self.target.name(), why)),
        }
    }

    /// What a person has to do.
    fn instructions(&self, page: &str) -> Report {
        let (what, how) = match &self.change {
            YankChange::Yank { reason } => (
                "this index lets only its owners yank, in a browser",
                format!("open  {page}\nunder Options choose Yank, with the reason\n{reason}"),
            ),
            YankChange::Undo => (
                "this index lets only its owners take a yank back, in a browser",
                format!("open  {page}\nunder Options choose Un-yank"),
            ),
        };
        Report::new(what).next(format!(
            "{how}\nthe index is watched meanwhile, for up to {} s",
            self.within.as_secs()
        ))
    }

    async fn watch(&self, within: Duration) -> Result<(), Failure> {
        let expected: Vec<Expected> = self
            .files
            .iter()
            .map(|filename| Expected {
                filename: filename.clone(),
                sha256: None,
                yanked: Some(self.wants_yanked()),
            })
            .collect();
        let seen = self
            .target
            .index
            .wait_until_visible(
                (&self.project, &self.version),
                &expected,
                patience(&self.target, within),
                &|_| {},
            )
            .await;
        match seen {
            Ok(_) => Ok(()),
            Err(WaitError::NotVisible { missing, .. }) => {
                let state = if self.wants_yanked() {
                    "yanked"
                } else {
                    "un-yanked"
                };
                let report = Report::new(format!(
                    "{} does not show the release as {state} yet",
                    self.target.name()
                ))
                .code("E207")
                .why(format!("not {state}: {}", missing.join(", ")))
                .next("finish it on the page above, then run the same command again to watch on");
                Err(Failure::new(FailureClass::Waiting, report))
            }
            Err(error) => Err(wait_failure(&self.target.index.address().name, &error)),
        }
    }
}

/// An index that has no such thing.
#[must_use]
pub fn no_yank(index: &str, why: &str) -> Failure {
    let report = Report::new(format!("{index} offers no yank"))
        .code("E208")
        .why(why)
        .next("use the pages of the index, or raise the version");
    Failure::new(FailureClass::Refused, report)
}

impl Work for YankStage {
    fn observe<'a>(&'a self, _: &'a Unit) -> BoxFuture<'a, Observed> {
        Box::pin(self.look())
    }

    fn act<'a>(
        &'a self,
        _: &'a Unit,
        reporter: &'a Reporter,
    ) -> BoxFuture<'a, Result<Evidence, Failure>> {
        Box::pin(self.change(reporter))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_index::serving;

    /// What a look for a yank of these files shows.
    async fn look(files: &[&str]) -> Observed {
        let target = serving(&[(
            "/simple/demo/",
            "<a href=\"/f/demo-1.0.tar.gz\" data-yanked=\"\">x</a>\
             <a href=\"/f/demo-1.0-py3-none-any.whl#sha256=00\">y</a>",
        )]);
        let stage = YankStage {
            target,
            project: ProjectName::parse("demo").unwrap(),
            version: Version::parse("1.0").unwrap(),
            files: files.iter().map(|&name| name.to_owned()).collect(),
            change: YankChange::Yank {
                reason: "r".to_owned(),
            },
            within: Duration::ZERO,
        };
        stage.look().await
    }

    #[tokio::test]
    async fn every_listed_file_counts_and_no_file_is_no_yank() {
        let (sdist, wheel) = ("demo-1.0.tar.gz", "demo-1.0-py3-none-any.whl");
        assert_eq!(look(&[sdist]).await, Observed::Identical);
        assert_eq!(look(&[sdist, wheel]).await, Observed::Absent);
        match look(&[]).await {
            Observed::Unknown(failure) => assert_eq!(failure.class, FailureClass::Refused),
            other => panic!("{other:?}"),
        }
    }
}
