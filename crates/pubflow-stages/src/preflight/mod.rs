//! Preflight: what the index is known to refuse, asked over all files of the release before the first
//! one is sent. A release of sixty wheels must not stop at the fortieth.
//!
//! One check is one file and one row; a check reads the listing and never asks. What only the index
//! itself knows (prohibited names, deleted files, raised limits) stays unknown here.

mod file_taken;
mod project_closed;
mod project_quota;
mod release_closed;
mod similar_name;
mod tags_missing;

use std::sync::Arc;

use jiff::Timestamp;
use pubflow_finding::{Check, Finding, Findings, Rule, Severity};
use pubflow_index::{IndexFile, IndexKind, ProjectPage};
use pubflow_pipeline::{
    BoxFuture, Evidence, Failure, FailureClass, Kind, Report, Reporter, Step, Unit, UnitId, Work,
};
use pubflow_spec::{DistributionFilename, ProjectName, Version};
use tokio::task::JoinSet;

use crate::check::Waiver;
use crate::failure::observe_failure;
use crate::files::SealedFile;
use crate::upload::{IndexTarget, key};

pub(crate) const NAME: &str = "preflight";

/// The release and what the index lists of its project.
pub(crate) struct Situation {
    kind: IndexKind,
    index: String,
    project: ProjectName,
    version: Version,
    files: Vec<SealedFile>,
    page: Option<Arc<ProjectPage>>,
    /// Projects of look-alike names that are there; only asked for a new project.
    lookalikes: Vec<String>,
    now: Timestamp,
}

static CHECKS: &[Check<Situation>] = &[
    project_closed::CHECK,
    release_closed::CHECK,
    file_taken::CHECK,
    project_quota::CHECK,
    similar_name::CHECK,
    tags_missing::CHECK,
];

/// The rules of these checks.
pub(crate) fn rules() -> impl Iterator<Item = &'static Rule> {
    CHECKS.iter().map(|check| check.rule)
}

impl Situation {
    /// The files that the index lists of this release.
    fn listed(&self) -> impl Iterator<Item = &IndexFile> {
        let page = self.page.as_deref();
        page.into_iter()
            .flat_map(|page| page.release(&self.version))
    }

    /// Whether the very file is there already, so that it is not sent.
    fn is_there(&self, file: &SealedFile) -> bool {
        let listed = self
            .page
            .as_deref()
            .and_then(|page| page.find(file.filename.as_str()));
        listed.is_some_and(|listed| listed.sha256 == Some(file.sha256))
    }

    /// The files that will be sent.
    fn missing(&self) -> impl Iterator<Item = &SealedFile> {
        self.files.iter().filter(|file| !self.is_there(file))
    }

    fn follows_pypi(&self) -> bool {
        self.kind.row().follows_pypi
    }
}

/// Asks the index what is known beforehand of a release.
pub struct PreflightStage {
    target: IndexTarget,
    project: ProjectName,
    version: Version,
    files: Vec<SealedFile>,
    waivers: Vec<Waiver>,
}

impl PreflightStage {
    /// The step; `waivers` take errors of their codes out of the verdict.
    #[must_use]
    pub fn step(
        target: &IndexTarget,
        (project, version): (&ProjectName, &Version),
        files: &[SealedFile],
        waivers: &[Waiver],
    ) -> Step {
        let title = format!("ask {} what it would refuse", target.name());
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
            work: Arc::new(Self {
                target: target.clone(),
                project: project.clone(),
                version: version.clone(),
                files: files.to_vec(),
                waivers: waivers.to_vec(),
            }),
        }
    }

    async fn ask(&self, reporter: &Reporter) -> Result<Evidence, Failure> {
        let index = &self.target.index;
        let address = index.address();
        if let Some(caution) = address.kind.row().caution {
            reporter.note(Report::new(format!("note: {caution}")));
        }
        let page = index.project(&self.project).await;
        let page = page.map_err(|error| observe_failure(&address.name, &error))?;
        let lookalikes = match page.is_none() && address.kind.row().follows_pypi {
            true => self.lookalikes().await,
            false => Vec::new(),
        };
        if page.is_none() && address.kind.row().follows_pypi {
            reporter.note(first_release(&self.project, self.target.name()));
        }
        let situation = Situation {
            kind: address.kind,
            index: self.target.name().to_owned(),
            project: self.project.clone(),
            version: self.version.clone(),
            files: self.files.clone(),
            page,
            lookalikes,
            now: Timestamp::now(),
        };
        self.judge(&situation, reporter)
    }

    /// The look-alikes of a new name that are there. An index that cannot be asked is no reason to
    /// stop here: it will refuse by itself.
    async fn lookalikes(&self) -> Vec<String> {
        let mut asked = JoinSet::new();
        for name in similar_name::candidates(&self.project) {
            let index = Arc::clone(&self.target.index);
            asked.spawn(async move {
                let is_there = matches!(index.project(&name).await, Ok(Some(_)));
                is_there.then(|| name.normalized().to_owned())
            });
        }
        let mut there: Vec<String> = asked.join_all().await.into_iter().flatten().collect();
        there.sort();
        there
    }

    fn judge(&self, situation: &Situation, reporter: &Reporter) -> Result<Evidence, Failure> {
        let mut errors = Vec::new();
        let mut evidence = Evidence::new();
        for finding in findings(situation) {
            if finding.severity != Severity::Error {
                reporter.note(Report::new(format!(
                    "{}: {}",
                    finding.severity, finding.message
                )));
                continue;
            }
            let is_meant = |waiver: &&Waiver| waiver.code.eq_ignore_ascii_case(finding.rule.code);
            match self.waivers.iter().find(is_meant) {
                Some(waiver) => {
                    let (code, reason) = (finding.rule.code, waiver.reason.clone());
                    reporter.note(Report::new(format!(
                        "{code} overruled: {reason} ({})",
                        finding.message
                    )));
                    evidence = evidence.with(format!("waiver {code}"), reason);
                }
                None => errors.push(finding),
            }
        }
        if errors.is_empty() {
            let n_missing = situation.missing().count();
            return Ok(evidence.with("to-send", n_missing.to_string()));
        }
        Err(refusal(situation, &errors))
    }
}

fn findings(situation: &Situation) -> Vec<Finding> {
    let release = format!("{} {}", situation.project, situation.version);
    let mut findings = Findings::for_path(release);
    for check in CHECKS {
        (check.run)(situation, &mut findings);
    }
    findings.into_sorted()
}

/// Every reason at once, with the cure of the first.
fn refusal(situation: &Situation, errors: &[Finding]) -> Failure {
    let is_conflict = errors
        .iter()
        .any(|error| error.rule.code == file_taken::RULE.code);
    let (class, code) = match is_conflict {
        true => (FailureClass::Conflict, "E204"),
        false => (FailureClass::Refused, "E215"),
    };
    let why: Vec<String> = errors
        .iter()
        .map(|error| format!("{}: {}", error.rule.code, error.message))
        .collect();
    let next: Vec<&str> = errors
        .iter()
        .filter_map(|error| error.next.as_deref())
        .collect();
    let mut unique: Vec<&str> = Vec::new();
    for next in next {
        if !unique.contains(&next) {
            unique.push(next);
        }
    }
    let report = Report::new(format!(
        "{} would refuse {} {}; nothing was sent",
        situation.index, situation.project, situation.version
    ))
    .code(code)
    .why(why.join("\n"))
    .next(unique.join("\n"));
    Failure::new(class, report)
}

/// What the first release of a project needs, and what its name being unknown does not mean.
fn first_release(project: &ProjectName, index: &str) -> Report {
    Report::new(format!("note: {index} does not know `{project}`, so this is its first release"))
        .why("that does not prove the name is free: prohibited and deleted names look the same")
        .next(
            "a project token cannot make a project: use a pending trusted publisher, or an account token\n\
             afterwards replace an account token by one for this project alone (`pubflow login --restrict`)",
        )
}

impl Work for PreflightStage {
    fn act<'a>(
        &'a self,
        _: &'a Unit,
        reporter: &'a Reporter,
    ) -> BoxFuture<'a, Result<Evidence, Failure>> {
        Box::pin(self.ask(reporter))
    }
}

/// The tags of a wheel's name, as it is written.
fn tags(filename: &DistributionFilename) -> Option<String> {
    let stem = filename.as_str().strip_suffix(".whl")?;
    let parts: Vec<&str> = stem.rsplitn(4, '-').collect();
    let [platform, abi, python, _] = parts.as_slice() else {
        return None;
    };
    Some(format!("{python}-{abi}-{platform}"))
}

#[cfg(test)]
mod tests;
