//! `pubflow approve`: a person says yes to the very bytes of a release.

use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};
use pubflow_dist::comparison::{Comparison, closest};
use pubflow_dist::{Distribution, Limits};
use pubflow_pipeline::{ReleaseRecord, StateDir};
use pubflow_spec::Sha256;
use pubflow_stages::{Approval, open_files};

use super::inspect::unreadable;
use super::resume::has_open_work;
use crate::cli;
use crate::config::{Settings, choose_target};
use crate::consent::{has_terminal, says_yes};
use crate::context::Context;
use crate::error::CommandError;
use crate::exit_code::ExitCode;
use crate::fetched::temporary_directory;
use crate::predecessor::predecessor;
use crate::records::{digest, find_release_here, require_release, was_published};
use crate::release::{OpenRelease, abandoned, is_open, recipe_of};
use crate::render::{ApprovalDocument, Compared, comparison_text, table};

/// Shows what would go out, and records the approval.
pub(crate) fn run(args: &cli::Approve, ctx: &Context) -> Result<ExitCode, CommandError> {
    let settings = Settings::load(Path::new("."), &ctx.env)?;
    let state = ctx.state()?;
    let record = match &args.release {
        Some(release) => require_release(&state, release, is_meant)?,
        None => find_release_here(&state, has_open_work)?.ok_or(CommandError::NoReleases)?,
    };
    let mut release = OpenRelease::open(record, ctx)?;
    let key = release.record.key();
    let name = format!("{}=={}", key.project, key.version);
    if let Some(reason) = abandoned(release.journal.facts()) {
        let reason = reason.to_owned();
        return Err(CommandError::Abandoned {
            release: name,
            reason,
        });
    }
    if let Some(given) = &args.manifest {
        require_manifest(given, key.manifest, &name)?;
    }
    let index = index(args, &release, &settings, ctx)?;
    let approval = Approval {
        manifest: key.manifest,
        index: index.clone(),
        by: by(args, ctx)?,
        until: until(&settings),
        comment: args.comment.clone(),
    };
    show(args, &release.record, &state, ctx)?;
    if !args.yes && !agrees(&approval, &name, ctx)? {
        return Err(CommandError::NotApproved { release: name });
    }
    release
        .journal
        .append(pubflow_pipeline::Entry::Note(approval.note()))?;
    let until = match approval.until {
        Some(until) => format!(" until {until}"),
        None => String::new(),
    };
    let text = format!(
        "{name}, manifest {}, is approved for {index} by {}{until}\n",
        key.manifest, approval.by
    );
    ctx.print(&ApprovalDocument::new(&key, &approval), &text)?;
    ctx.note(&match is_open(release.journal.facts()) {
        true => format!("next: `pubflow resume {name}`"),
        false => "next: `pubflow release`".to_owned(),
    });
    Ok(ExitCode::Done)
}

/// What NAME==VERSION is about: what was begun and not given up.
fn is_meant(record: &ReleaseRecord) -> Result<bool, CommandError> {
    let facts = pubflow_pipeline::Facts::read(record)?;
    Ok(recipe_of(&facts).is_some() && abandoned(&facts).is_none())
}

/// The digest that was looked at elsewhere has to be the one here.
fn require_manifest(given: &str, here: Sha256, release: &str) -> Result<(), CommandError> {
    let given = digest("--manifest", given)?;
    if given == here {
        return Ok(());
    }
    Err(CommandError::OtherManifest {
        release: release.to_owned(),
        given: given.to_string(),
        here: here.to_string(),
    })
}

/// The index that the approval is for: the one that was named, else the one that the release goes to.
fn index(
    args: &cli::Approve,
    release: &OpenRelease,
    settings: &Settings,
    ctx: &Context,
) -> Result<String, CommandError> {
    let requested = args.index.requested();
    if requested.name.is_none()
        && let Some(recipe) = recipe_of(release.journal.facts())
    {
        return Ok(recipe.index);
    }
    let target = choose_target(&requested, settings, &ctx.env, Path::new("."))?;
    Ok(target.address.name.as_str().to_owned())
}

fn by(args: &cli::Approve, ctx: &Context) -> Result<String, CommandError> {
    const WHO: [&str; 5] = [
        "GITHUB_ACTOR",
        "GITLAB_USER_LOGIN",
        "USER",
        "LOGNAME",
        "USERNAME",
    ];
    let given = args.by.as_deref().map(str::trim);
    let found = given.or_else(|| WHO.iter().find_map(|name| ctx.env.get(name)));
    match found.filter(|name| !name.is_empty()) {
        Some(name) => Ok(name.to_owned()),
        None => Err(CommandError::Argument {
            option: "--by",
            value: given.unwrap_or_default().to_owned(),
            expected: "name",
            why: "an approval names the person who gave it".to_owned(),
        }),
    }
}

fn until(settings: &Settings) -> Option<Timestamp> {
    let good_for = settings.release.approvals_expire.as_ref()?.value;
    let good_for = SignedDuration::try_from(good_for).ok()?;
    Timestamp::now().checked_add(good_for).ok()
}

/// The digests, and what is new since the release before.
fn show(
    args: &cli::Approve,
    record: &ReleaseRecord,
    state: &StateDir,
    ctx: &Context,
) -> Result<(), CommandError> {
    let files = open_files(state, record)?;
    let rows: Vec<Vec<String>> = files
        .iter()
        .map(|file| {
            vec![
                file.filename.as_str().to_owned(),
                file.size.to_string(),
                file.sha256.to_string(),
            ]
        })
        .collect();
    ctx.note(table(&["file", "size", "sha256"], &rows).trim_end());
    ctx.note(&format!("manifest {}", record.key().manifest));
    let paths: Vec<PathBuf> = files.iter().map(|file| file.path.clone()).collect();
    let fetched = temporary_directory()?;
    let (old, before) = match &args.against {
        Some(text) => (
            text.clone(),
            predecessor(text, &paths, fetched.path(), ctx)?.files,
        ),
        None => match before(record, state)? {
            Some((name, paths)) => (name, paths),
            None => {
                ctx.note("there is no release before it here; --against NAME==VERSION compares with one on the index");
                return Ok(());
            }
        },
    };
    let comparisons = compare(&before, &paths)?;
    let compared = Compared {
        old,
        new: record.key().version.to_string(),
        comparisons,
        releases: None,
        with_lines: false,
    };
    ctx.note(comparison_text(&compared, ctx.err).trim_end());
    Ok(())
}

/// The newest release of another version that went somewhere, as it is stored here.
fn before(
    record: &ReleaseRecord,
    state: &StateDir,
) -> Result<Option<(String, Vec<PathBuf>)>, CommandError> {
    let ours = record.key();
    let mut newest: Option<ReleaseRecord> = None;
    for other in state.records_of(&ours.project)? {
        let version = other.manifest().version();
        let is_newer = newest
            .as_ref()
            .is_none_or(|held| held.manifest().version() < version);
        if *version >= ours.version || !is_newer {
            continue;
        }
        if let Some(recipe) = recipe_of(&pubflow_pipeline::Facts::read(&other)?)
            && was_published(&other, &recipe.index)?
        {
            newest = Some(other);
        }
    }
    let Some(other) = newest else { return Ok(None) };
    let name = format!("{}=={}", ours.project, other.manifest().version());
    let files = open_files(state, &other)?;
    Ok(Some((
        name,
        files.into_iter().map(|file| file.path).collect(),
    )))
}

/// Each file with the one of the release before that is most like it.
fn compare(olds: &[PathBuf], news: &[PathBuf]) -> Result<Vec<Comparison>, CommandError> {
    let name = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default();
        name.to_string_lossy().into_owned()
    };
    let names: Vec<String> = olds.iter().map(name).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let open = |path: &PathBuf| Distribution::open(path, &Limits::default()).map_err(unreadable);
    let mut comparisons = Vec::new();
    for new in news {
        if let Some(place) = closest(&name(new), &names) {
            let comparison = Comparison::of(&open(&olds[place])?, &open(new)?);
            comparisons.push(comparison.map_err(unreadable)?);
        }
    }
    Ok(comparisons)
}

fn agrees(approval: &Approval, release: &str, ctx: &Context) -> Result<bool, CommandError> {
    if !has_terminal() {
        return Err(CommandError::NotApproved {
            release: release.to_owned(),
        });
    }
    ctx.note(&format!(
        "approve {release} for {} as {}? [y/N]",
        approval.index, approval.by
    ));
    says_yes().map_err(|source| CommandError::Io {
        path: "standard input".into(),
        done: "read",
        source,
    })
}
