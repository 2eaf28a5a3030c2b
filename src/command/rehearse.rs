//! `pubflow rehearse`: the whole release for real, on an index inside this process. The worktree is
//! left untouched, nothing leaves the machine but what build requirements and dependencies need.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use pubflow_check::{SubjectKind, is_project};
use pubflow_finding::Severity;
use pubflow_forge::git;
use pubflow_http::Secret;
use pubflow_index::known::Known;
use pubflow_index::{Credential, IndexAddress, IndexKind, IndexName, Lease};
use pubflow_pipeline::{Outcome, Plan, RunReport, Step, StepId, Yes};
use pubflow_python::build::{Comparisons, Isolation, Memory};
use pubflow_python::installer::{InstallerChoice, Network};
use pubflow_server::{FaultPlan, Realm, Server, ServerOptions};
use pubflow_spec::{ProjectName, Version};
use pubflow_stages::{
    CheckStage, Depth, EvidenceStage, IndexTarget, Interpreters, SealedFile, UploadStage,
    VerifyStage, WaitStage, YankChange, YankStage, copy_tree, open_files,
};
use tempfile::TempDir;
use tokio::sync::watch;

use super::build::{BuildJob, Done, build_and_seal};
use super::index::read_faults;
use crate::cli;
use crate::config::{ConfigError, Settings};
use crate::context::Context;
use crate::error::CommandError;
use crate::exit_code::ExitCode;
use crate::job::pythons;
use crate::release::{OpenRelease, options, policy};
use crate::render::{RehearsalDocument, RehearsalRow, findings_text, seconds, table};

/// How long the rehearsal waits for anything on its own index.
const WITHIN: Duration = Duration::from_secs(60);

/// Rehearses the release of a project.
pub(crate) fn run(args: &cli::Rehearse, ctx: &Context) -> Result<ExitCode, CommandError> {
    let wanted = match Settings::load(&args.directory, &ctx.env) {
        Ok(settings) => pythons(&args.verification, &settings),
        // The build says more of a broken pyproject.toml.
        Err(ConfigError::Syntax { .. }) => args.verification.pythons.clone(),
        Err(error) => return Err(error.into()),
    };
    if args.directory.is_dir() && !is_project(&args.directory) {
        return Err(CommandError::Argument {
            option: "DIR",
            value: args.directory.display().to_string(),
            expected: "Python project",
            why: "there is no pyproject.toml, setup.py or setup.cfg in it".to_owned(),
        });
    }
    let faults = args.faults.as_deref().map(read_faults).transpose()?;
    let stage = Stage::set(&args.directory, ctx)?;
    let own = ctx.with_state(stage.path("state"));
    let job = BuildJob {
        project: &stage.path("project"),
        out_dir: stage.path("dist"),
        python: None,
        installer: InstallerChoice::Auto,
        network: Network::Online,
        config_settings: Vec::new(),
        isolation: Isolation::Isolated,
        constraints: None,
        memory: Memory::Recent,
        comparisons: Comparisons::default(),
    };
    let started = Instant::now();
    let built = build_and_seal(&job, &own)?;
    refuse_errors(&built, &args.directory, ctx)?;
    let mut rows = vec![RehearsalRow::new(
        "build sdist and wheel",
        "done",
        started.elapsed(),
    )];
    let state = own.state()?;
    let record = state
        .records()?
        .into_iter()
        .next()
        .ok_or(CommandError::NoRelease {
            release: "built".to_owned(),
        })?;
    let mut release = OpenRelease::open(record, &own)?;
    let rehearsal = Rehearsal {
        depth: if args.no_verify {
            Depth::Digests
        } else {
            Depth::Install
        },
        wanted,
        faults,
        files: open_files(&state, &release.record)?,
        project: built.built.name.clone(),
        version: built.built.version.clone(),
    };
    let report =
        ctx.block_on(async |interrupt| rehearsal.play(&mut release, interrupt, &own).await)?;
    rows.extend(
        report
            .iter()
            .flat_map(|report| &report.steps)
            .map(RehearsalRow::of),
    );
    let cells: Vec<Vec<String>> = rows.iter().map(RehearsalRow::cells).collect();
    let total: Duration = started.elapsed();
    let text = format!(
        "{}\n{}\n{} {} went through the whole release in {}. Your files were not touched and nothing was published.\n",
        ctx.out.bold("Rehearsal"),
        table(&["what", "result", "time"], &cells),
        rehearsal.project,
        rehearsal.version,
        seconds(total)
    );
    ctx.print(
        &RehearsalDocument::new(&rehearsal.project, &rehearsal.version, rows, total),
        &text,
    )?;
    Ok(ExitCode::Done)
}

/// Stops where the check found errors in the project itself: a rehearsal that goes through says that
/// the release can be made.
fn refuse_errors(done: &Done, project: &Path, ctx: &Context) -> Result<(), CommandError> {
    let errors: Vec<_> = done
        .subjects
        .iter()
        .filter(|subject| subject.kind == SubjectKind::Pyproject)
        .flat_map(|subject| &subject.findings)
        .filter(|finding| finding.severity == Severity::Error)
        .collect();
    if errors.is_empty() {
        return Ok(());
    }
    let shown = project.display().to_string();
    ctx.note(findings_text(&shown, &errors, ctx.err).trim_end());
    Err(CommandError::ProjectErrors {
        n_errors: errors.len(),
    })
}

/// A scratch directory with a copy of the project.
struct Stage {
    scratch: TempDir,
}

impl Stage {
    fn set(project: &Path, ctx: &Context) -> Result<Self, CommandError> {
        if !project.is_dir() {
            return Err(CommandError::NoProject {
                path: project.to_owned(),
            });
        }
        let scratch = tempfile::tempdir().map_err(|source| CommandError::Io {
            path: project.to_owned(),
            done: "copied: there is no scratch directory",
            source,
        })?;
        let listed = git::files(project, &ctx.inherited)?;
        // Nothing that git knows of: the project lies in a folder that some repository ignores.
        let listed = listed.filter(|listed| !listed.is_empty());
        copy_tree(project, &scratch.path().join("project"), listed.as_deref())?;
        Ok(Self { scratch })
    }

    fn path(&self, name: &str) -> PathBuf {
        self.scratch.path().join(name)
    }
}

/// One rehearsal: what is released, and how deep it is tested.
struct Rehearsal {
    project: ProjectName,
    version: Version,
    files: Vec<SealedFile>,
    depth: Depth,
    wanted: Vec<String>,
    faults: Option<FaultPlan>,
}

impl Rehearsal {
    /// Publishes to the test realm, promotes to the production realm, yanks and un-yanks there.
    async fn play(
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
        let interpreters = Interpreters {
            wanted: self.wanted.clone(),
            inherited: ctx.inherited.clone(),
        };
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
