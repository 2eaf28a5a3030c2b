//! Evidence: the source index serves exactly the sealed files. A promotion rests on it, with state
//! or without: digests that only the source index claims are never taken.

use std::sync::Arc;

use pubflow_index::FileState;
use pubflow_pipeline::{
    BoxFuture, Evidence, Failure, FailureClass, Kind, Report, Reporter, Step, Unit, UnitId, Work,
};
use pubflow_spec::ProjectName;

use crate::failure::observe_failure;
use crate::files::SealedFile;
use crate::upload::{IndexTarget, key};

pub(crate) const NAME: &str = "evidence";

/// Compares what the source index lists with the sealed digests.
pub struct EvidenceStage {
    source: IndexTarget,
    project: ProjectName,
    files: Vec<SealedFile>,
}

impl EvidenceStage {
    /// The step; one unit for each file.
    #[must_use]
    pub fn step(source: &IndexTarget, project: &ProjectName, files: &[SealedFile]) -> Step {
        let units = files.iter().map(|file| Unit {
            id: UnitId::new(file.filename.as_str()),
            title: format!("compare {}", file.filename.as_str()),
            identity: Some(file.sha256),
        });
        Step {
            id: source.step(NAME),
            title: format!("compare with what {} serves", source.name()),
            kind: Kind::Probe,
            key: key(source, files),
            waves: vec![units.collect()],
            jobs: 4,
            confirm: None,
            work: Arc::new(Self {
                source: source.clone(),
                project: project.clone(),
                files: files.to_vec(),
            }),
        }
    }

    async fn compare(&self, unit: &Unit) -> Result<Evidence, Failure> {
        let Some(file) = self
            .files
            .iter()
            .find(|file| file.filename.as_str() == unit.id.as_str())
        else {
            return Ok(Evidence::new());
        };
        let source = self.source.name();
        match self
            .source
            .index
            .observe(&self.project, file.filename.as_str())
            .await
        {
            FileState::Present {
                sha256,
                yanked: None,
                ..
            } if sha256 == file.sha256 => Ok(Evidence::new().with("sha256", sha256.to_string())),
            FileState::Present { sha256, .. } if sha256 == file.sha256 => {
                let report = Report::new(format!("`{}` is yanked on {source}", unit.id))
                    .code("E209")
                    .why("a yanked release is one that its owners do not want to be installed")
                    .next(format!("take the yank back with `pubflow yank --undo --index {source} …`, or build a new version"));
                Err(Failure::new(FailureClass::Refused, report))
            }
            FileState::Present { sha256, .. } => {
                let report = Report::new(format!("{source} serves other bytes as `{}`", unit.id))
                    .code("E204")
                    .why(format!("sha256 {sha256} there, {} here", file.sha256))
                    .next("promote the files that were tested, or publish these as a new version to the source first");
                Err(Failure::new(FailureClass::Conflict, report))
            }
            FileState::Absent => {
                let report = Report::new(format!("`{}` is not on {source}", unit.id))
                    .code("E210")
                    .why("only files that were tested on the source index are promoted")
                    .next(format!("run `pubflow publish --index {source}` first"));
                Err(Failure::new(FailureClass::Refused, report))
            }
            FileState::Unknown(error) => {
                Err(observe_failure(&self.source.index.address().name, &error))
            }
        }
    }
}

impl Work for EvidenceStage {
    fn act<'a>(
        &'a self,
        unit: &'a Unit,
        _: &'a Reporter,
    ) -> BoxFuture<'a, Result<Evidence, Failure>> {
        Box::pin(self.compare(unit))
    }
}
