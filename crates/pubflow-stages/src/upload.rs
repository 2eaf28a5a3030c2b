//! Upload: every file to one index, by its legacy form.
//!
//! The first file of a release goes alone until the index shows it: it sets what the index displays
//! for the release, and the first uploads of a new project would race. Wheels follow in parallel;
//! the sdist goes last, so that installers never see a release which they would have to build.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use pubflow_dist::{Distribution, Limits, digest_file_as};
use pubflow_index::{
    Attestation, FileState, Index, Lease, Progress, ProjectPage, Retry, UploadFile,
};
use pubflow_metadata::upload_form;
use pubflow_pipeline::{
    BoxFuture, Confirmation, Evidence, Failure, FailureClass, Kind, Observed, Report, Reporter,
    Step, StepId, Undo, Unit, UnitId, Work, step_key,
};
use pubflow_spec::{DigestSet, Digests, DistributionKind, ProjectName, Sha256};
use tokio::sync::OnceCell;

use crate::failure::{observe_failure, trusted_failure, upload_failure};
use crate::files::SealedFile;

pub(crate) const NAME: &str = "upload";

/// An index, and what may be shown to it.
#[derive(Clone)]
pub struct IndexTarget {
    /// The client.
    pub index: Arc<Index>,
    /// What is sent with uploads and yanks; none while only reading.
    pub credential: Option<Lease>,
}

impl IndexTarget {
    /// What users call the index.
    #[must_use]
    pub fn name(&self) -> &str {
        self.index.address().name.as_str()
    }

    /// Whether attestations go along: the index takes them from a token alone that it minted for
    /// the publisher whom they name.
    pub(crate) fn sends_attestations(&self) -> bool {
        let takes = self.index.address().kind.row().takes_attestations;
        takes && self.credential.as_ref().is_some_and(Lease::is_minted)
    }

    /// The name of a step against this index.
    #[must_use]
    pub fn step(&self, stage: &str) -> StepId {
        StepId::new(format!("{stage}:{}", self.name()))
    }
}

/// Uploads the files of one release to one index.
pub struct UploadStage {
    target: IndexTarget,
    project: ProjectName,
    files: BTreeMap<UnitId, SealedFile>,
    survey: Survey,
}

/// The listing as it was before anything was sent: one request for the first look at all files.
#[derive(Default)]
struct Survey {
    page: OnceCell<Option<Arc<ProjectPage>>>,
    looked: Mutex<BTreeSet<UnitId>>,
}

impl UploadStage {
    /// The step; `confirm` asks before the first byte is sent.
    #[must_use]
    pub fn step(
        target: &IndexTarget,
        project: &ProjectName,
        files: &[SealedFile],
        jobs: usize,
        confirm: Option<String>,
    ) -> Step {
        let title = format!("upload to {}", target.name());
        let table = files.iter().map(|file| {
            vec![
                file.filename.as_str().to_owned(),
                file.size.to_string(),
                file.sha256.to_string(),
            ]
        });
        let confirm = confirm.map(|question| Confirmation {
            question,
            table: table.collect(),
        });
        let stage = Self {
            target: target.clone(),
            project: project.clone(),
            files: files
                .iter()
                .map(|file| (unit_id(file), file.clone()))
                .collect(),
            survey: Survey::default(),
        };
        Step {
            id: target.step(NAME),
            title,
            kind: Kind::Effect(Undo::Irreversible),
            key: key(target, files),
            waves: waves(files),
            jobs,
            confirm,
            work: Arc::new(stage),
        }
    }

    async fn look(&self, unit: &Unit) -> Observed {
        let Some(file) = self.files.get(&unit.id) else {
            return Observed::Absent;
        };
        match self.state_of(unit, file).await {
            FileState::Absent => Observed::Absent,
            FileState::Present { sha256, .. } if sha256 == file.sha256 => Observed::Identical,
            FileState::Present { sha256, .. } => Observed::Different {
                found: format!("sha256 {sha256}"),
            },
            FileState::Unknown(error) => {
                Observed::Unknown(observe_failure(&self.target.index.address().name, &error))
            }
        }
    }

    /// Every look but the first of a file asks the index anew.
    async fn state_of(&self, unit: &Unit, file: &SealedFile) -> FileState {
        let (index, filename) = (&self.target.index, file.filename.as_str());
        let is_first = {
            let mut looked = self
                .survey
                .looked
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            looked.insert(unit.id.clone())
        };
        if !is_first {
            return index.observe(&self.project, filename).await;
        }
        let asked = || index.project(&self.project);
        match self.survey.page.get_or_try_init(asked).await {
            Ok(page) => index
                .file_in(page.as_deref(), filename)
                .await
                .unwrap_or_else(FileState::Unknown),
            Err(error) => FileState::Unknown(error),
        }
    }

    async fn send(&self, unit: &Unit, reporter: &Reporter) -> Result<Evidence, Failure> {
        let Some(file) = self.files.get(&unit.id) else {
            return Ok(Evidence::new());
        };
        let index = &self.target.index;
        let lease = self.target.credential.as_ref();
        let lease = lease.ok_or_else(|| no_credential(&self.target))?;
        let (prepared, wanted) = (file.clone(), index.address().kind.row().digests);
        let mut upload = tokio::task::spawn_blocking(move || prepare(&prepared, wanted))
            .await
            .map_err(|_| unreadable(file, "reading it was cut short".to_owned()))??;
        if self.target.sends_attestations() {
            // Each was held against its file when it was read; more than the index takes are not kept.
            upload.attestations = Attestation::field(&file.attestations).unwrap_or_default();
        }
        let reporter = reporter.clone();
        let progress = Progress::new(move |done, total| reporter.progress(done, Some(total)));
        let no_token = |error| trusted_failure(&index.address().name, &error);
        let mut credential = lease.current().await.map_err(no_token)?;
        let mut outcome = index.upload(&upload, &credential, &progress).await;
        // A minted token may have ended, or been taken back, since it was looked at.
        if let Err(error) = &outcome
            && error.retry() == Retry::Unauthorised
            && let Some(another) = lease.after_refusal(&credential).await
        {
            credential = another;
            outcome = index.upload(&upload, &credential, &progress).await;
        }
        let accepted = outcome.map_err(|error| upload_failure(&error))?;
        Ok(Evidence::new()
            .with("status", accepted.status.to_string())
            .with("sha256", file.sha256.to_string())
            .with("credential", credential.source.clone()))
    }
}

impl Work for UploadStage {
    fn observe<'a>(&'a self, unit: &'a Unit) -> BoxFuture<'a, Observed> {
        Box::pin(self.look(unit))
    }

    fn act<'a>(
        &'a self,
        unit: &'a Unit,
        reporter: &'a Reporter,
    ) -> BoxFuture<'a, Result<Evidence, Failure>> {
        Box::pin(self.send(unit, reporter))
    }
}

/// The form of one file, made from the file's own metadata.
fn prepare(file: &SealedFile, wanted: DigestSet) -> Result<UploadFile, Failure> {
    // The SHA-256 is known, and compared while the file is sent.
    let besides = DigestSet {
        sha256: false,
        ..wanted
    };
    let digests = match besides.md5 || besides.blake2b_256 {
        true => digest_file_as(&file.path, besides)
            .map_err(|error| unreadable(file, error.to_string()))?,
        false => Digests::default(),
    };
    let opened = Distribution::open(&file.path, &Limits::default())
        .map_err(|error| unreadable(file, error.to_string()))?;
    let Some(metadata) = opened.metadata() else {
        let report = Report::new(format!(
            "`{}` has no readable metadata",
            file.filename.as_str()
        ))
        .code("E203")
        .why("the upload form is made from the file's own metadata")
        .next(format!(
            "run `pubflow check` on the file: {}",
            file.path.display()
        ));
        return Err(Failure::new(FailureClass::Refused, report));
    };
    Ok(UploadFile {
        path: file.path.clone(),
        filename: file.filename.clone(),
        size: file.size,
        sha256: file.sha256,
        md5: digests.md5,
        blake2b_256: digests.blake2b_256,
        attestations: None,
        fields: upload_form::fields(metadata),
    })
}

fn unreadable(file: &SealedFile, why: String) -> Failure {
    let report = Report::new(format!("`{}` cannot be read", file.filename.as_str()))
        .code("E606")
        .place(file.path.display().to_string())
        .why(why)
        .next("make the state directory readable, then run `pubflow resume`");
    Failure::new(FailureClass::Machine, report)
}

fn no_credential(target: &IndexTarget) -> Failure {
    let variable = target.index.address().name.in_environment();
    let report = Report::new(format!("there is no token for {}", target.name()))
        .code("E206")
        .next(format!("set PUBFLOW_INDEX_{variable}_TOKEN, or give --token-file FILE (`-` reads standard input)"));
    Failure::new(FailureClass::Unauthorised, report)
}

fn unit_id(file: &SealedFile) -> UnitId {
    UnitId::new(file.filename.as_str())
}

fn unit(file: &SealedFile) -> Unit {
    Unit {
        id: unit_id(file),
        title: format!("upload {}", file.filename.as_str()),
        identity: Some(file.sha256),
    }
}

/// One wheel alone, the other wheels together, the sdists last.
fn waves(files: &[SealedFile]) -> Vec<Vec<Unit>> {
    let (wheels, sdists): (Vec<_>, Vec<_>) = files
        .iter()
        .partition(|file| file.filename.kind() == DistributionKind::Wheel);
    let mut wheels = wheels.into_iter().map(unit);
    let waves = [
        wheels.next().into_iter().collect(),
        wheels.collect(),
        sdists.into_iter().map(unit).collect(),
    ];
    waves
        .into_iter()
        .filter(|wave: &Vec<Unit>| !wave.is_empty())
        .collect()
}

/// Key of a step against one index over these files.
pub(crate) fn key(target: &IndexTarget, files: &[SealedFile]) -> Sha256 {
    let digests: Vec<String> = files.iter().map(|file| file.sha256.to_string()).collect();
    let address = target.index.address();
    step_key(&[
        ("upload", address.upload.as_str()),
        ("simple", address.simple.as_str()),
        ("files", &digests.join(" ")),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use pubflow_spec::DistributionFilename;

    fn file(name: &str) -> SealedFile {
        SealedFile {
            filename: DistributionFilename::parse(name).unwrap(),
            path: name.into(),
            size: 1,
            sha256: Sha256::of(name.as_bytes()),
            attestations: Vec::new(),
        }
    }

    #[test]
    fn a_wheel_goes_alone_and_the_sdist_last() {
        let names = [
            "a-1.tar.gz",
            "a-1-py3-none-any.whl",
            "a-1-cp312-cp312-win32.whl",
            "a-1-cp313-cp313-win32.whl",
        ];
        let files = names.map(file);
        let waves: Vec<Vec<String>> = waves(&files)
            .iter()
            .map(|wave| wave.iter().map(|unit| unit.id.to_string()).collect())
            .collect();
        assert_eq!(
            waves,
            [vec![names[1]], vec![names[2], names[3]], vec![names[0]]]
        );
    }

    #[test]
    fn an_sdist_alone_is_a_release_too() {
        assert_eq!(waves(&[file("a-1.tar.gz")]).len(), 1);
    }
}
