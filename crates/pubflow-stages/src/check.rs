//! Check: the gate before anything is sent. What the index would refuse is refused here.

use std::path::PathBuf;
use std::sync::Arc;

use pubflow_check::{CheckOptions, SubjectReport, check_paths};
use pubflow_finding::{Finding, Severity};
use pubflow_pipeline::{
    BoxFuture, Evidence, Failure, FailureClass, Kind, Report, Reporter, Step, StepId, Unit, UnitId,
    Work, step_key,
};

use crate::files::SealedFile;

pub(crate) const NAME: &str = "check";

/// A predicted refusal that the user overrules, with a reason that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiver {
    /// Code of the rule.
    pub code: String,
    /// Why.
    pub reason: String,
}

/// Checks the sealed files of a release.
pub struct CheckStage {
    paths: Vec<PathBuf>,
    waivers: Vec<Waiver>,
}

impl CheckStage {
    /// The step; `waivers` take errors of their codes out of the verdict.
    #[must_use]
    pub fn step(files: &[SealedFile], waivers: &[Waiver]) -> Step {
        let digests: Vec<String> = files.iter().map(|file| file.sha256.to_string()).collect();
        let waived: Vec<String> = waivers
            .iter()
            .map(|waiver| format!("{}={}", waiver.code, waiver.reason))
            .collect();
        let stage = Self {
            paths: files.iter().map(|file| file.path.clone()).collect(),
            waivers: waivers.to_vec(),
        };
        let title = "check the sealed files".to_owned();
        let unit = Unit {
            id: UnitId::new("files"),
            title: title.clone(),
            identity: None,
        };
        let inputs = [
            ("files", digests.join(" ")),
            ("waivers", waived.join("\n")),
            // Another version knows other rules.
            ("version", env!("CARGO_PKG_VERSION").to_owned()),
        ];
        let inputs: Vec<(&str, &str)> = inputs
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        Step {
            id: StepId::new(NAME),
            title,
            kind: Kind::Gate,
            key: step_key(&inputs),
            waves: vec![vec![unit]],
            jobs: 1,
            confirm: None,
            work: Arc::new(stage),
        }
    }

    async fn check(&self, reporter: &Reporter) -> Result<Evidence, Failure> {
        let paths = self.paths.clone();
        let checked =
            tokio::task::spawn_blocking(move || check_paths(&paths, &CheckOptions::default()))
                .await;
        let subjects = match checked {
            Ok(Ok(subjects)) => subjects,
            Ok(Err(error)) => return Err(machine(error.to_string())),
            Err(_) => return Err(machine("the check was cut short".to_owned())),
        };
        let mut errors = Vec::new();
        let mut n_warnings = 0;
        for finding in subjects
            .iter()
            .flat_map(|subject: &SubjectReport| &subject.findings)
        {
            match finding.severity {
                Severity::Error => match self.waiver(finding) {
                    Some(waiver) => reporter.note(Report::new(format!(
                        "{} overruled: {} ({})",
                        finding.rule.code, waiver.reason, finding.message
                    ))),
                    None => errors.push(finding),
                },
                Severity::Warning => n_warnings += 1,
                Severity::Note => {}
            }
        }
        if errors.is_empty() {
            let evidence = Evidence::new().with("warnings", n_warnings.to_string());
            return Ok(self.waivers.iter().fold(evidence, |evidence, waiver| {
                evidence.with(format!("waiver {}", waiver.code), waiver.reason.clone())
            }));
        }
        Err(refused(&errors))
    }

    fn waiver(&self, finding: &Finding) -> Option<&Waiver> {
        self.waivers
            .iter()
            .find(|waiver| waiver.code.eq_ignore_ascii_case(finding.rule.code))
    }
}

fn machine(why: String) -> Failure {
    let report = Report::new("the sealed files could not be checked")
        .code("E602")
        .why(why)
        .next("make the state directory readable, then run `pubflow resume`");
    Failure::new(FailureClass::Machine, report)
}

/// The first findings stand in the message; `pubflow check` shows all.
fn refused(errors: &[&Finding]) -> Failure {
    const SHOWN: usize = 5;
    let mut lines: Vec<String> = errors
        .iter()
        .take(SHOWN)
        .map(|finding| {
            let name = finding.place.path.rsplit('/').next().unwrap_or_default();
            let next = finding
                .next
                .as_ref()
                .map(|next| format!("\n  {next}"))
                .unwrap_or_default();
            format!("{} {name}: {}{next}", finding.rule.code, finding.message)
        })
        .collect();
    if errors.len() > SHOWN {
        lines.push(format!("and {} more", errors.len() - SHOWN));
    }
    let report = Report::new(format!("{} found that would be refused; nothing was sent", count(errors.len())))
        .code("E302")
        .why(lines.join("\n"))
        .next("run `pubflow check` for all of it, correct it, and build again; `--ignore CODE=REASON` overrules a prediction");
    Failure::new(FailureClass::Refused, report)
}

fn count(n: usize) -> String {
    if n == 1 {
        "1 error".to_owned()
    } else {
        format!("{n} errors")
    }
}

impl Work for CheckStage {
    fn act<'a>(
        &'a self,
        _: &'a Unit,
        reporter: &'a Reporter,
    ) -> BoxFuture<'a, Result<Evidence, Failure>> {
        Box::pin(self.check(reporter))
    }
}
