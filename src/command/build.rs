//! `pubflow build`: sdist, then the wheel from it; checked and sealed.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use pubflow_check::{CheckOptions, SubjectReport, check_paths};
use pubflow_forge::git;
use pubflow_pipeline::ReleaseRecord;
use pubflow_process::Cancel;
use pubflow_python::build::{
    BuildRequest, Built, Comparisons, Isolation, Memory, TreeComparison, build,
};
use pubflow_python::installer::{InstallerChoice, Network};
use pubflow_stages::{Origin, seal_expecting};
use tokio::sync::watch;

use crate::check_settings::Selections;
use crate::cli::{self, RuleChoice};
use crate::context::Context;
use crate::error::CommandError;
use crate::exit_code::ExitCode;
use crate::records::published_otherwise;
use crate::render::{BuildDocument, findings_text, print_json, table};

/// No real build takes longer; a hook that hangs must not hang a release.
const DEADLINE: Duration = Duration::from_secs(3600);

/// Builds a project and says what came out.
pub(crate) fn run(args: &cli::Build, ctx: &Context) -> Result<ExitCode, CommandError> {
    let job = BuildJob {
        project: &args.directory,
        out_dir: args.out_dir.clone().unwrap_or_else(|| match &args.unit {
            Some(id) => super::unit::usual_place(&args.directory, id),
            None => args.directory.join("dist"),
        }),
        python: args.python.as_deref(),
        installer: args.installer.choice(),
        network: if args.offline {
            Network::Offline
        } else {
            Network::Online
        },
        config_settings: args
            .config_setting
            .iter()
            .map(|text| setting(text))
            .collect::<Result<_, _>>()?,
        isolation: match args.no_isolation {
            true => Isolation::None,
            false => Isolation::Isolated,
        },
        constraints: args.build_constraint.clone().map(absolute).transpose()?,
        memory: match args.refresh {
            true => Memory::Fresh,
            false => Memory::Recent,
        },
        comparisons: Comparisons {
            again: args.twice,
            tree: args.compare_tree,
        },
    };
    if args.clean && args.directory.is_dir() {
        for one in super::clean::clean(&args.directory, ctx)? {
            ctx.note(&format!(
                "removed {} ({})",
                one.path.display(),
                one.kind.as_str()
            ));
        }
    }
    if let Some(id) = &args.unit {
        return super::unit::run(id, &job, ctx);
    }
    match build_and_seal(&job, ctx) {
        Ok(done) => {
            let document = BuildDocument::built(&done.built, &done.subjects);
            ctx.print(&document, &text(&done, ctx))?;
            Ok(ExitCode::Done)
        }
        Err(CommandError::Build(error)) if ctx.json() => {
            print_json(&BuildDocument::refused(&error))
                .map_err(|source| CommandError::Output { source })?;
            let error = CommandError::Build(error);
            ctx.note(crate::render::error_text(&error.report(), ctx.err).trim_end());
            Ok(error.exit_code())
        }
        Err(error) => Err(error),
    }
}

/// What to build and how.
pub(crate) struct BuildJob<'a> {
    /// The source tree.
    pub(crate) project: &'a Path,
    /// Where the files go.
    pub(crate) out_dir: PathBuf,
    /// Interpreter, as the user named it.
    pub(crate) python: Option<&'a str>,
    /// What installs build requirements.
    pub(crate) installer: InstallerChoice,
    /// Whether build requirements may be fetched.
    pub(crate) network: Network,
    /// For the backend.
    pub(crate) config_settings: Vec<(String, String)>,
    /// Where hooks run.
    pub(crate) isolation: Isolation,
    /// Bounds of build requirements.
    pub(crate) constraints: Option<PathBuf>,
    /// What is taken from earlier builds.
    pub(crate) memory: Memory,
    /// What is built besides, to be compared.
    pub(crate) comparisons: Comparisons,
}

impl<'a> BuildJob<'a> {
    /// A build with nothing said about it.
    pub(crate) fn plain(project: &'a Path, out_dir: PathBuf) -> Self {
        Self {
            project,
            out_dir,
            python: None,
            installer: InstallerChoice::Auto,
            network: Network::Online,
            config_settings: Vec::new(),
            isolation: Isolation::Isolated,
            constraints: None,
            memory: Memory::Recent,
            comparisons: Comparisons::default(),
        }
    }
}

/// A build that went well.
pub(crate) struct Done {
    /// The record of the sealed files.
    pub(crate) record: ReleaseRecord,
    /// The files.
    pub(crate) built: Built,
    /// What the check says of them.
    pub(crate) subjects: Vec<SubjectReport>,
}

/// Builds, checks and seals.
pub(crate) fn build_and_seal(job: &BuildJob<'_>, ctx: &Context) -> Result<Done, CommandError> {
    let head = head_of(job.project, ctx)?;
    let built = build_only(job, ctx)?;
    let record = seal_built(&built, head.commit, ctx)?;
    let pyproject = Some(job.project.join("pyproject.toml")).filter(|path| path.is_file());
    let built_files = [built.sdist.path.clone(), built.wheel.path.clone()];
    let paths: Vec<PathBuf> = pyproject.into_iter().chain(built_files).collect();
    let mut subjects = check_paths(&paths, &CheckOptions::default())?;
    Selections::new(&RuleChoice::default(), None, &ctx.env)?.apply(&mut subjects)?;
    Ok(Done {
        record,
        built,
        subjects,
    })
}

/// The state of the sources.
pub(super) struct Head {
    /// The commit that is checked out.
    pub(super) commit: Option<String>,
    /// Time of the sources in seconds since 1970.
    pub(super) epoch: Option<u64>,
}

/// What a source tree stands on. What is no directory is for the build to explain.
pub(super) fn head_of(project: &Path, ctx: &Context) -> Result<Head, CommandError> {
    let head = match project.is_dir() {
        true => git::head(project, &ctx.inherited)?,
        false => None,
    };
    let epoch = ctx.env.get("SOURCE_DATE_EPOCH");
    let epoch = epoch.and_then(|text| text.parse().ok());
    let epoch = epoch.or_else(|| head.as_ref().and_then(|head| u64::try_from(head.time).ok()));
    Ok(Head {
        commit: head.map(|head| head.commit),
        epoch,
    })
}

/// Copies files into a directory, each whole or not at all; answers where they are.
pub(super) fn place<'a>(
    files: impl Iterator<Item = &'a Path>,
    directory: &Path,
) -> Result<Vec<PathBuf>, CommandError> {
    let failed = |path: &Path, source| CommandError::Io {
        path: path.to_owned(),
        done: "written",
        source,
    };
    std::fs::create_dir_all(directory).map_err(|source| failed(directory, source))?;
    let copy = |file: &Path, path: &Path| {
        // A file that lies there already, under whatever name of the directory, is that file.
        if path.exists() && path.canonicalize()? == file.canonicalize()? {
            return Ok(());
        }
        let named = tempfile::Builder::new()
            .make_in(directory, |name| std::fs::copy(file, name).map(drop))?;
        named.into_temp_path().persist(path)?;
        Ok(())
    };
    files
        .map(|file| {
            let path = directory.join(file.file_name().unwrap_or_default());
            copy(file, &path).map_err(|source| failed(&path, source))?;
            Ok(path)
        })
        .collect()
}

/// Builds.
pub(super) fn build_only(job: &BuildJob<'_>, ctx: &Context) -> Result<Built, CommandError> {
    let epoch = head_of(job.project, ctx)?.epoch;
    let started = std::time::Instant::now();
    ctx.note(&format!("building {}", job.project.display()));
    let built = ctx.block_on(async |interrupt| {
        let cancel = Cancel::new();
        let watcher = tokio::spawn(cancel_on(interrupt, cancel.clone()));
        let result = tokio::task::block_in_place(|| {
            build(&BuildRequest {
                project: job.project,
                out_dir: &job.out_dir,
                python: job.python,
                installer: job.installer,
                network: job.network,
                isolation: job.isolation,
                constraints: job.constraints.as_deref(),
                memory: job.memory,
                comparisons: job.comparisons,
                config_settings: &job.config_settings,
                source_date_epoch: epoch,
                pass_environment: &[],
                inherited: &ctx.inherited,
                deadline: DEADLINE,
                log: None,
                cancel: Some(&cancel),
            })
        });
        watcher.abort();
        match result {
            Err(_) if cancel.is_cancelled() => Err(CommandError::Interrupted { landed: false }),
            result => Ok(result?),
        }
    })?;
    ctx.note(&format!(
        "built in {}",
        crate::render::seconds(started.elapsed())
    ));
    Ok(built)
}

pub(super) async fn cancel_on(mut interrupt: watch::Receiver<bool>, cancel: Cancel) {
    if interrupt.wait_for(|stop| *stop).await.is_ok() {
        cancel.cancel();
    }
}

/// Takes the files over; what was put into the store must be what was built.
fn seal_built(
    built: &Built,
    commit: Option<String>,
    ctx: &Context,
) -> Result<ReleaseRecord, CommandError> {
    let files = [&built.sdist, &built.wheel];
    let tools = BTreeMap::from([
        ("pubflow".to_owned(), env!("CARGO_PKG_VERSION").to_owned()),
        ("python".to_owned(), built.interpreter.label()),
        ("backend".to_owned(), built.backend.clone()),
        ("installer".to_owned(), built.installer.to_owned()),
    ]);
    let expected = files.map(|file| (file.path.clone(), file.digests.sha256));
    let state = ctx.state()?;
    let record = seal_expecting(&state, &expected, Origin { commit, tools })?;
    for index in published_otherwise(&state, &record)? {
        let key = record.key();
        ctx.note(&format!(
            "warning: {} {} is on {index} already, with other bytes: raise the version before you publish",
            key.project, key.version
        ));
    }
    Ok(record)
}

/// A file that is there, whatever directory it is read from.
fn absolute(path: PathBuf) -> Result<PathBuf, CommandError> {
    path.canonicalize().map_err(|source| CommandError::Io {
        path,
        done: "read",
        source,
    })
}

fn setting(text: &str) -> Result<(String, String), CommandError> {
    let (key, value) = text.split_once('=').ok_or_else(|| CommandError::Argument {
        option: "--config-setting",
        value: text.to_owned(),
        expected: "KEY=VALUE",
        why: "the backend gets it as a key with a text".to_owned(),
    })?;
    Ok((key.to_owned(), value.to_owned()))
}

/// What was built besides, in words.
fn comparisons(built: &Built) -> String {
    let list = |differences: &[pubflow_python::build::Difference]| -> String {
        differences.iter().map(|one| format!("  {one}\n")).collect()
    };
    let mut text = String::new();
    match built.again.as_deref() {
        None => {}
        Some([]) => text.push_str("\nbuilt twice: both builds are the same, byte for byte\n"),
        Some(found) => {
            text.push_str("\nbuilt twice: the builds differ\n");
            text.push_str(&list(found));
        }
    }
    match &built.tree {
        None => {}
        Some(TreeComparison::Compared(found)) if found.is_empty() => {
            text.push_str("\nthe wheel from the tree holds the same as the wheel from the sdist\n");
        }
        Some(TreeComparison::Compared(found)) => {
            text.push_str("\nthe wheel from the sdist (first) and from the tree (second) differ\n");
            text.push_str(&list(found));
            text.push_str("users who build from the sdist get the first: see which files the sdist leaves out\n");
        }
        Some(TreeComparison::Failed(why)) => {
            text.push_str(&format!("\nno wheel can be built from the tree: {why}\n"));
        }
    }
    text
}

fn text(done: &Done, ctx: &Context) -> String {
    let rows: Vec<Vec<String>> = [&done.built.sdist, &done.built.wheel]
        .iter()
        .map(|file| {
            vec![
                file.path.display().to_string(),
                file.digests.size.to_string(),
                file.digests.sha256.to_string(),
            ]
        })
        .collect();
    let mut text = table(&["file", "size", "sha256"], &rows);
    text.push_str(&comparisons(&done.built));
    let mut n_errors = 0;
    for subject in &done.subjects {
        let shown: Vec<_> = subject
            .findings
            .iter()
            .filter(|finding| finding.severity > pubflow_finding::Severity::Note)
            .collect();
        n_errors += shown
            .iter()
            .filter(|finding| finding.severity == pubflow_finding::Severity::Error)
            .count();
        if !shown.is_empty() {
            text.push('\n');
            text.push_str(&findings_text(
                &subject.path.display().to_string(),
                &shown,
                ctx.out,
            ));
        }
    }
    if n_errors > 0 {
        text.push_str("\nThese errors stop `pubflow publish`; correct them and build again.\n");
    }
    text
}
