//! Verify: what the index serves now is fetched by name, compared with the sealed size and digest,
//! and that local file is installed and tried. No installer is ever told about two indexes.

use std::convert::Infallible;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use pubflow_finding::{Finding, Severity};
use pubflow_index::DownloadError;
use pubflow_pipeline::{
    BoxFuture, Evidence, Failure, FailureClass, Kind, Report, Reporter, Step, Unit, UnitId, Work,
    step_key,
};
use pubflow_process::{Cancel, Inherited, Scratch};
use pubflow_python::installer::{InstallerChoice, Network};
use pubflow_python::interpreter::{self, Choice, Interpreter, InterpreterError};
use pubflow_python::verify::{
    SmokeTest, VerifyError, VerifyLimits, VerifyRequest, VerifySubject, verify,
};
use pubflow_spec::{DistributionKind, ProjectName, Sha256};
use tokio::task::JoinError;

use crate::failure::{download_failure, observe_failure};
use crate::files::SealedFile;
use crate::upload::{IndexTarget, key};

pub(crate) const NAME: &str = "verify";

/// How long a test that was given up may take to end its children.
const ENDING: Duration = Duration::from_secs(2);

/// How deep to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// What is served has our digest; nothing of it is run.
    Digests,
    /// It is installed, imported, and its scripts are started.
    Install,
}

/// Which interpreters to try with.
#[derive(Debug, Clone)]
pub struct Interpreters {
    /// `min`, `max`, `all`, versions or paths; empty for the lowest and the highest.
    pub wanted: Vec<String>,
    /// What pubflow was started with.
    pub inherited: Inherited,
    /// What is tried.
    pub smoke: SmokeTest,
    /// Wheels of the last release, to be upgraded from.
    pub previous: Vec<PathBuf>,
    /// What makes environments.
    pub installer: InstallerChoice,
    /// Whether dependencies may be fetched.
    pub network: Network,
}

impl Interpreters {
    /// The interpreters to choose from and how to choose. Blocks.
    fn find(&self) -> Result<(Vec<Interpreter>, Choice), InterpreterError> {
        let wanted: Vec<&str> = self.wanted.iter().map(String::as_str).collect();
        let choice = match wanted.as_slice() {
            [] | ["min", "max"] | ["max", "min"] => Choice::Ends,
            ["min"] => Choice::Oldest,
            ["max"] => Choice::Newest,
            ["all"] => Choice::All,
            named => {
                let found: Result<Vec<_>, _> = named
                    .iter()
                    .map(|wanted| interpreter::find_named(wanted, &self.inherited))
                    .collect();
                let mut found = found?;
                found.sort_by(|a, b| b.version.cmp(&a.version));
                return Ok((found, Choice::All));
            }
        };
        Ok((interpreter::find(&self.inherited)?, choice))
    }

    /// Installs and tries local files. Blocks.
    fn try_blocking(
        &self,
        files: &[PathBuf],
        cancel: &Cancel,
    ) -> Result<Vec<VerifySubject>, VerifyError> {
        let scratch = Scratch::make("verify", &self.inherited)
            .map_err(|source| VerifyError::Scratch { source })?;
        let (interpreters, choice) = self.find()?;
        verify(&VerifyRequest {
            files,
            interpreters: &interpreters,
            choice,
            installer: self.installer,
            network: self.network,
            inherited: &self.inherited,
            scratch: scratch.path(),
            smoke: &self.smoke,
            previous: &self.previous,
            limits: VerifyLimits::default(),
            jobs: std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN),
            cancel: Some(cancel),
        })
    }
}

impl Interpreters {
    /// Installs and tries local files. Dropped before its end, it ends the children that it started.
    ///
    /// # Errors
    /// [`VerifyError`]; what is wrong with a distribution is in the subjects instead. The outer error
    /// is a defect of the test or the end of the runtime.
    pub async fn try_files(
        self,
        files: Vec<PathBuf>,
    ) -> Result<Result<Vec<VerifySubject>, VerifyError>, JoinError> {
        in_background(move |cancel| self.try_blocking(&files, cancel)).await
    }
}

/// Fetches, compares and tries the files of one release on one index.
pub struct VerifyStage {
    target: IndexTarget,
    project: ProjectName,
    files: Vec<SealedFile>,
    depth: Depth,
    interpreters: Interpreters,
}

impl VerifyStage {
    /// The step.
    #[must_use]
    pub fn step(
        target: &IndexTarget,
        project: &ProjectName,
        files: &[SealedFile],
        depth: Depth,
        interpreters: Interpreters,
    ) -> Step {
        let (title, words) = match depth {
            Depth::Digests => (format!("compare what {} serves", target.name()), "digests"),
            Depth::Install => (
                format!("install from {} and test", target.name()),
                "install",
            ),
        };
        let inputs = key(target, files).to_string();
        let key = step_key(&[
            ("files", &inputs),
            ("depth", words),
            ("pythons", &interpreters.wanted.join(" ")),
        ]);
        let unit = Unit {
            id: UnitId::new("files"),
            title: title.clone(),
            identity: None,
        };
        let stage = Self {
            target: target.clone(),
            project: project.clone(),
            files: files.to_vec(),
            depth,
            interpreters,
        };
        Step {
            id: target.step(NAME),
            title,
            kind: Kind::Gate,
            key,
            waves: vec![vec![unit]],
            jobs: 1,
            confirm: None,
            work: Arc::new(stage),
        }
    }

    async fn verify(&self, reporter: &Reporter) -> Result<Evidence, Failure> {
        let scratch = tempfile::tempdir().map_err(|error| machine(&error.to_string()))?;
        let fetched = self.fetch(scratch.path()).await?;
        let evidence = Evidence::new().with("digests", fetched.len().to_string());
        if self.depth == Depth::Digests {
            return Ok(evidence);
        }
        let files = to_install(&self.files, fetched);
        let subjects = match self.interpreters.clone().try_files(files).await {
            Ok(Ok(subjects)) => subjects,
            Ok(Err(error)) => return Err(not_tried(&error)),
            Err(_) => return Err(machine("the test was cut short")),
        };
        self.judge(&subjects, evidence, reporter)
    }

    /// The files as the index serves them, each compared with the sealed digest.
    async fn fetch(&self, scratch: &Path) -> Result<Vec<PathBuf>, Failure> {
        let index = &self.target.index;
        let name = &index.address().name;
        let page = index
            .project(&self.project)
            .await
            .map_err(|error| observe_failure(name, &error))?;
        let mut fetched = Vec::new();
        for file in &self.files {
            let filename = file.filename.as_str();
            let listed = page
                .as_ref()
                .and_then(|page| page.find(filename))
                .ok_or_else(|| self.not_listed(filename))?;
            if let Some(other) = listed.sha256.filter(|listed| *listed != file.sha256) {
                return Err(self.other_bytes(file, other));
            }
            let path = scratch.join(filename);
            // An index need not list digests; the sealed one is what counts.
            index
                .download_expecting(listed, file.sha256, &path)
                .await
                .map_err(|error| match error {
                    DownloadError::Digest { found, .. } => self.other_bytes(file, found),
                    error => download_failure(name, &error),
                })?;
            fetched.push(path);
        }
        Ok(fetched)
    }

    fn other_bytes(&self, file: &SealedFile, found: Sha256) -> Failure {
        let report = Report::new(format!(
            "{} serves other bytes as `{}`",
            self.target.name(),
            file.filename.as_str()
        ))
        .code("E204")
        .why(format!("sha256 {found} there, {} sealed", file.sha256))
        .next("do not announce this release; look at `pubflow status`, and yank it if the bytes there are wrong");
        Failure::new(FailureClass::Conflict, report)
    }

    fn not_listed(&self, filename: &str) -> Failure {
        let report = Report::new(format!("`{filename}` is not on {}", self.target.name()))
            .code("E210")
            .next(format!(
                "run `pubflow publish --index {}`; what is there already is not sent again",
                self.target.name()
            ));
        // The files were all seen before; a page without one comes from a node that is late.
        Failure::new(FailureClass::Transient { after: None }, report)
    }

    fn judge(
        &self,
        subjects: &[VerifySubject],
        evidence: Evidence,
        reporter: &Reporter,
    ) -> Result<Evidence, Failure> {
        let mut evidence = evidence;
        let mut errors = Vec::new();
        for subject in subjects {
            let name = file_name(&subject.path);
            let python = subject
                .python
                .as_deref()
                .unwrap_or("no fitting interpreter");
            reporter.note(Report::new(format!(
                "{}: {name} on {python}",
                verdict(subject)
            )));
            evidence = evidence.with(format!("{name} {python}"), verdict(subject));
            for finding in &subject.findings {
                let line = format!(
                    "{} {name}, {python}: {}",
                    finding.rule.code, finding.message
                );
                match finding.severity {
                    Severity::Error => errors.push((line, finding)),
                    Severity::Warning => reporter.note(Report::new(line)),
                    Severity::Note => {}
                }
            }
        }
        if errors.is_empty() {
            return Ok(evidence);
        }
        let why: Vec<String> = errors
            .iter()
            .map(|(line, finding)| with_next(line, finding))
            .collect();
        let report = Report::new(format!(
            "the installation from {} does not work",
            self.target.name()
        ))
        .code("E402")
        .why(why.join("\n"))
        .next("correct it and release a new version; a published file cannot be replaced");
        Err(Failure::new(FailureClass::Refused, report))
    }
}

/// Runs work that blocks. Dropped before its end, it turns the work's switch and waits a little, so
/// that children are really ended: the process may exit at once afterwards.
pub(crate) async fn in_background<T: Send + 'static>(
    work: impl FnOnce(&Cancel) -> T + Send + 'static,
) -> Result<T, JoinError> {
    let cancel = Cancel::new();
    let switch = cancel.clone();
    let (alive, ended) = mpsc::channel::<Infallible>();
    let _ending = Ending { cancel, ended };
    tokio::task::spawn_blocking(move || {
        // Hangs up when the work is over, however it ends.
        let _alive = alive;
        work(&switch)
    })
    .await
}

/// Ends work that nobody waits for any more.
struct Ending {
    cancel: Cancel,
    ended: mpsc::Receiver<Infallible>,
}

impl Drop for Ending {
    fn drop(&mut self) {
        self.cancel.cancel();
        // Work that is over hung up already; what does not end in time is left to itself.
        let _ = self.ended.recv_timeout(ENDING);
    }
}

/// The wheels; the sdist only where there is no wheel, since users then build from it.
fn to_install(files: &[SealedFile], fetched: Vec<PathBuf>) -> Vec<PathBuf> {
    let has_wheel = files
        .iter()
        .any(|file| file.filename.kind() == DistributionKind::Wheel);
    let pairs = files.iter().zip(fetched);
    pairs
        .filter(|(file, _)| !has_wheel || file.filename.kind() == DistributionKind::Wheel)
        .map(|(_, path)| path)
        .collect()
}

fn verdict(subject: &VerifySubject) -> &'static str {
    match subject.worst() {
        _ if subject.python.is_none() => "not tried",
        Some(Severity::Error) => "fail",
        _ => "pass",
    }
}

fn with_next(line: &str, finding: &Finding) -> String {
    match &finding.next {
        Some(next) => format!("{line}\n  {next}"),
        None => line.to_owned(),
    }
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}

fn machine(why: &str) -> Failure {
    let report = Report::new("the installation could not be tested")
        .code("E401")
        .why(why);
    Failure::new(
        FailureClass::Machine,
        report.next("cure what stands above, then run `pubflow resume`"),
    )
}

fn not_tried(error: &VerifyError) -> Failure {
    let mut why = error.to_string();
    if let Some(log) = error.log() {
        why.push('\n');
        why.push_str(log);
    }
    machine(&why)
}

impl Work for VerifyStage {
    fn act<'a>(
        &'a self,
        _: &'a Unit,
        reporter: &'a Reporter,
    ) -> BoxFuture<'a, Result<Evidence, Failure>> {
        Box::pin(self.verify(reporter))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_index::serving;
    use pubflow_spec::DistributionFilename;
    use std::sync::atomic::{AtomicBool, Ordering};

    /// What comes of fetching a sealed file with this text from a listing without digests.
    async fn fetched(sealed: &str) -> Result<Vec<PathBuf>, Failure> {
        let target = serving(&[
            ("/simple/demo/", "<a href=\"/files/demo-1.0.tar.gz\">x</a>"),
            ("/files/demo-1.0.tar.gz", "ours"),
        ]);
        let stage = VerifyStage {
            target,
            project: ProjectName::parse("demo").unwrap(),
            files: vec![SealedFile {
                filename: DistributionFilename::parse("demo-1.0.tar.gz").unwrap(),
                path: PathBuf::new(),
                size: sealed.len() as u64,
                sha256: Sha256::of(sealed.as_bytes()),
                attestations: Vec::new(),
            }],
            depth: Depth::Digests,
            interpreters: Interpreters {
                wanted: Vec::new(),
                inherited: Inherited::default(),
                smoke: SmokeTest::default(),
                previous: Vec::new(),
                installer: InstallerChoice::Auto,
                network: Network::Online,
            },
        };
        let scratch = tempfile::tempdir().unwrap();
        stage.fetch(scratch.path()).await
    }

    #[tokio::test]
    async fn an_index_that_lists_no_digests_is_held_to_the_sealed_ones() {
        assert_eq!(fetched("ours").await.unwrap().len(), 1);
        let failure = fetched("mine").await.unwrap_err();
        assert_eq!(failure.class, FailureClass::Conflict, "{failure:?}");
    }

    #[tokio::test]
    async fn work_that_is_given_up_has_ended_its_children_when_the_giving_up_is_done() {
        let has_ended = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&has_ended);
        let (started, is_started) = tokio::sync::oneshot::channel();
        let work = in_background(move |cancel| {
            started.send(()).unwrap();
            while !cancel.is_cancelled() {
                std::thread::sleep(Duration::from_millis(5));
            }
            std::thread::sleep(Duration::from_millis(100));
            flag.store(true, Ordering::SeqCst);
        });
        tokio::select! {
            _ = work => panic!("it ends only when it is given up"),
            started = is_started => started.unwrap(),
        }
        assert!(has_ended.load(Ordering::SeqCst));
    }

    #[tokio::test]
    async fn work_that_ends_is_not_waited_for_again() {
        let begun = std::time::Instant::now();
        assert_eq!(in_background(|_| 7).await.unwrap(), 7);
        assert!(begun.elapsed() < ENDING);
    }
}
