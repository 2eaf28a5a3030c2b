//! A rehearsal: the release of sealed files for real, on an index inside this process.

use std::sync::Arc;
use std::time::Duration;

use pubflow_http::Secret;
use pubflow_index::known::Known;
use pubflow_index::{Credential, IndexAddress, IndexKind, IndexName, Lease};
use pubflow_pipeline::{
    BoxFuture, Evidence, Failure, Kind, Outcome, Plan, Reporter, RunReport, Step, StepId, Unit,
    UnitId, Work, Yes, step_key,
};
use pubflow_server::{FaultPlan, Realm, Server, ServerOptions};
use pubflow_spec::{ProjectName, Version};
use pubflow_stages::{
    CheckStage, Depth, EvidenceStage, IndexTarget, Origin, SealedFile, UploadStage, VerifyStage,
    WaitStage, YankChange, YankStage, seal,
};
use tokio::sync::watch;

use crate::context::Context;
use crate::error::CommandError;
use crate::release::{OpenRelease, options, policy};
use crate::smoke::interpreters;

/// How long a rehearsal waits for anything on its own index.
const WITHIN: Duration = Duration::from_secs(60);

/// One rehearsal: what is released, and how deep it is tested.
#[derive(Debug, Clone)]
pub(crate) struct Rehearsal {
    /// What is released.
    pub(crate) project: ProjectName,
    /// Its version.
    pub(crate) version: Version,
    /// Its files.
    pub(crate) files: Vec<SealedFile>,
    /// How deep it is tested.
    pub(crate) depth: Depth,
    /// The interpreters that were asked for.
    pub(crate) wanted: Vec<String>,
    /// What the index does wrong.
    pub(crate) faults: Option<FaultPlan>,
}

impl Rehearsal {
    /// Publishes to the test realm, promotes to the production realm, yanks and un-yanks there.
    pub(crate) async fn play(
        &self,
        release: &mut OpenRelease,
        interrupt: watch::Receiver<bool>,
        ctx: &Context,
    ) -> Result<Vec<RunReport>, CommandError> {
        let mut serving = ServerOptions::on_free_ports(None);
        serving.faults.clone_from(&self.faults);
        let server = Server::start(serving).await?;
        let test = target(&server, Realm::Test, Known::TestPypi, ctx)?;
        let production = target(&server, Realm::Production, Known::Pypi, ctx)?;
        let mut reports = Vec::new();
        for steps in [
            self.publish(&test, ctx),
            self.promote(&test, &production, ctx),
            self.yank(&production, 0),
            self.yank(&production, 1),
        ] {
            let title = format!("rehearse {} {}", self.project, self.version);
            let plan = Plan {
                release: release.record.key(),
                title,
                steps,
            };
            let policy = policy(test.index.address(), WITHIN);
            let options = options(policy, Arc::new(Yes), interrupt.clone());
            let report = release.attempt(&plan, options, ctx).await;
            if let Some(error) = failed(&report.outcome) {
                server.shutdown().await;
                return Err(error);
            }
            reports.push(report);
        }
        server.shutdown().await;
        Ok(reports)
    }

    fn publish(&self, test: &IndexTarget, ctx: &Context) -> Vec<Step> {
        let mut steps = vec![CheckStage::step(&self.files, &[])];
        steps.extend(self.upload(test, ctx));
        steps
    }

    fn promote(&self, test: &IndexTarget, production: &IndexTarget, ctx: &Context) -> Vec<Step> {
        let mut steps = vec![EvidenceStage::step(test, &self.project, &self.files)];
        steps.extend(self.upload(production, ctx));
        steps
    }

    fn upload(&self, target: &IndexTarget, ctx: &Context) -> [Step; 3] {
        let interpreters = interpreters(&self.project, self.wanted.clone(), ctx);
        [
            UploadStage::step(target, &self.project, &self.files, 4, None),
            WaitStage::step(target, (&self.project, &self.version), &self.files, WITHIN),
            VerifyStage::step(target, &self.project, &self.files, self.depth, interpreters),
        ]
    }

    fn yank(&self, production: &IndexTarget, turn: usize) -> Vec<Step> {
        let files = self.files.iter();
        let names = files.map(|file| file.filename.as_str().to_owned());
        let change = match turn {
            0 => YankChange::Yank {
                reason: "rehearsal".to_owned(),
            },
            _ => YankChange::Undo,
        };
        let mut step = YankStage::step(
            production,
            (&self.project, &self.version),
            names.collect(),
            change,
            (turn, WITHIN),
        );
        step.id = StepId::new(format!("{}:{turn}", step.id));
        vec![step]
    }
}

/// How a rehearsal failed. Whatever landed is gone with its index: nothing is public, nothing is open,
/// and there is nothing to resume.
fn failed(outcome: &Outcome) -> Option<CommandError> {
    match outcome {
        Outcome::Done => None,
        Outcome::Interrupted => Some(CommandError::Interrupted { landed: false }),
        Outcome::Stopped(failure) => {
            let mut failure = Box::new(failure.clone());
            failure.report.next = Some(
                "correct it and run `pubflow rehearse` again; nothing was published".to_owned(),
            );
            Some(CommandError::Stopped {
                failure,
                landed: false,
            })
        }
    }
}

/// One realm of the index, under the name of what it stands for.
fn target(
    server: &Server,
    realm: Realm,
    stands_for: Known,
    ctx: &Context,
) -> Result<IndexTarget, CommandError> {
    let address = server.realm(realm);
    let name = format!("rehearsal-{}", stands_for.name());
    let url = |text: &str| {
        url::Url::parse(text).map_err(|error| CommandError::Argument {
            option: "address",
            value: text.to_owned(),
            expected: "URL",
            why: error.to_string(),
        })
    };
    let name = IndexName::parse(&name).map_err(|error| CommandError::Argument {
        option: "index",
        value: name.clone(),
        expected: "name of an index",
        why: error.to_string(),
    })?;
    let secret = |text: &str| Secret::from_text(text).map_err(CommandError::Secret);
    let index = IndexAddress::new(
        name,
        IndexKind::Embedded,
        url(&address.upload)?,
        url(&address.simple)?,
    )
    .with_web(url(&address.web)?)
    .with_nonce(secret(server.nonce())?);
    let credential = Credential::token(secret(&address.token)?, "rehearsal");
    Ok(IndexTarget {
        index: Arc::new(ctx.index(index)?),
        credential: Some(Lease::fixed(credential)),
    })
}

/// A rehearsal as a gate of a release.
pub(crate) struct RehearsalStage {
    rehearsal: Rehearsal,
    interrupt: watch::Receiver<bool>,
    ctx: Context,
}

impl RehearsalStage {
    /// The step.
    pub(crate) fn step(
        rehearsal: Rehearsal,
        interrupt: watch::Receiver<bool>,
        ctx: &Context,
    ) -> Step {
        let digests: Vec<String> = rehearsal
            .files
            .iter()
            .map(|file| file.sha256.to_string())
            .collect();
        let depth = match rehearsal.depth {
            Depth::Digests => "digests",
            Depth::Install => "install",
        };
        let key = step_key(&[
            ("files", &digests.join(" ")),
            ("depth", depth),
            ("pythons", &rehearsal.wanted.join(" ")),
            // Another version rehearses other steps.
            ("version", env!("CARGO_PKG_VERSION")),
        ]);
        let title = "rehearse on an index of its own".to_owned();
        Step {
            id: StepId::new("rehearse:loopback"),
            title: title.clone(),
            kind: Kind::Gate,
            key,
            waves: vec![vec![Unit {
                id: UnitId::new("release"),
                title,
                identity: None,
            }]],
            jobs: 1,
            confirm: None,
            work: Arc::new(Self {
                rehearsal,
                interrupt,
                ctx: ctx.clone(),
            }),
        }
    }

    async fn rehearse(&self) -> Result<Evidence, CommandError> {
        let scratch = crate::fetched::temporary_directory()?;
        let own = self.ctx.with_state(scratch.path().join("state"));
        let files = self.rehearsal.files.iter();
        let paths: Vec<_> = files.map(|file| file.path.clone()).collect();
        let record = seal(&own.state()?, &paths, Origin::default())?;
        let mut release = OpenRelease::open(record, &own)?;
        let interrupt = self.interrupt.clone();
        let reports = self.rehearsal.play(&mut release, interrupt, &own).await?;
        let n_steps: usize = reports.iter().map(|report| report.steps.len()).sum();
        let evidence = Evidence::new().with("steps", n_steps.to_string());
        Ok(self
            .rehearsal
            .files
            .iter()
            .fold(evidence, |evidence, file| {
                evidence.with(
                    format!("sha256 {}", file.filename.as_str()),
                    file.sha256.to_string(),
                )
            }))
    }
}

impl Work for RehearsalStage {
    fn act<'a>(&'a self, _: &'a Unit, _: &'a Reporter) -> BoxFuture<'a, Result<Evidence, Failure>> {
        Box::pin(async { self.rehearse().await.map_err(CommandError::into_failure) })
    }
}
