//! `pubflow diff`: what changed between two distributions.

use std::path::{Path, PathBuf};

use pubflow_dist::comparison::{Comparison, closest};
use pubflow_dist::{Distribution, Limits};
use pubflow_spec::{DistributionFilename, DistributionKind};

use super::inspect::unreadable;
use crate::cli;
use crate::config::Settings;
use crate::context::Context;
use crate::error::CommandError;
use crate::exit_code::ExitCode;
use crate::fetched::{ReleaseOnIndex, temporary_directory};
use crate::reference::Reference;
use crate::render::{
    Compared, ReleaseFiles, comparison_document, comparison_markdown, comparison_text, print,
};

/// One side: a file, or what an index lists of a release.
enum Side {
    File(PathBuf),
    Release {
        text: String,
        listed: ReleaseOnIndex,
    },
}

impl Side {
    fn names(&self) -> Vec<&str> {
        match self {
            Self::File(path) => path
                .file_name()
                .and_then(|name| name.to_str())
                .into_iter()
                .collect(),
            Self::Release { listed, .. } => listed.names(),
        }
    }

    /// The file at `place`, fetched if need be.
    fn file(&self, place: usize, into: &Path, ctx: &Context) -> Result<PathBuf, CommandError> {
        match self {
            Self::File(path) => Ok(path.clone()),
            Self::Release { listed, .. } => {
                let name = &listed.files[place].filename;
                ctx.note(&format!("fetching {name} from {}", listed.index_name()));
                listed.fetch(place, into, ctx)
            }
        }
    }
}

/// Compares two files, or what is most alike of two releases.
pub(crate) fn run(args: &cli::Diff, ctx: &Context) -> Result<ExitCode, CommandError> {
    let old = side(&args.old, args, ctx)?;
    let new = side(&args.new, args, ctx)?;
    let (olds, news) = (temporary_directory()?, temporary_directory()?);
    let mut comparisons = Vec::new();
    for (from, to) in pairs(&old, &new) {
        let from = old.file(from, olds.path(), ctx)?;
        let to = new.file(to, news.path(), ctx)?;
        let comparison = compare(&from, &to)?;
        // Memory and disk hold one pair at a time.
        for (side, path) in [(&old, &from), (&new, &to)] {
            if matches!(side, Side::Release { .. }) {
                // What cannot be removed goes with its directory.
                let _ = std::fs::remove_file(path);
            }
        }
        comparisons.push(comparison);
    }
    if comparisons.is_empty() {
        return Err(CommandError::Argument {
            option: "OLD and NEW",
            value: format!("{} {}", args.old, args.new),
            expected: "pair of distributions",
            why: "neither side has a file whose name tells an sdist or a wheel".to_owned(),
        });
    }
    let compared = Compared {
        old: args.old.clone(),
        new: args.new.clone(),
        comparisons,
        releases: releases(&old, &new),
        with_lines: !args.summary,
    };
    if ctx.format == cli::Format::Markdown {
        let text = comparison_markdown(&compared);
        print(&text).map_err(|source| CommandError::Output { source })?;
    } else {
        ctx.print(
            &comparison_document(&compared),
            &comparison_text(&compared, ctx.out),
        )?;
    }
    Ok(if compared.is_same() {
        ExitCode::Done
    } else {
        ExitCode::Findings
    })
}

fn compare(old: &Path, new: &Path) -> Result<Comparison, CommandError> {
    let open = |path| Distribution::open(path, &Limits::default()).map_err(unreadable);
    Comparison::of(&open(old)?, &open(new)?).map_err(unreadable)
}

fn side(text: &str, args: &cli::Diff, ctx: &Context) -> Result<Side, CommandError> {
    let release = match Reference::parse(text)? {
        Reference::Path(path) => return Ok(Side::File(path)),
        Reference::Release(release) => release,
    };
    let settings = Settings::load(Path::new("."), &ctx.env)?;
    let requested = release.requested(&args.index);
    let listed = ReleaseOnIndex::observe(
        &release.project,
        &release.version,
        &requested,
        &settings,
        ctx,
    )?;
    Ok(Side::Release {
        text: format!("{release} on {}", listed.index_name()),
        listed,
    })
}

/// Which files are compared. Of two releases the sdists, and of the wheels one pair: one for any
/// platform if there is one, else the first; the others are compared by their names.
fn pairs(old: &Side, new: &Side) -> Vec<(usize, usize)> {
    let (olds, news) = (old.names(), new.names());
    match (old, new) {
        (Side::File(_), Side::File(_)) => vec![(0, 0)],
        (Side::File(_), _) => {
            let place = olds.first().and_then(|name| closest(name, &news));
            place.map(|place| (0, place)).into_iter().collect()
        }
        (_, Side::File(_)) => {
            let place = news.first().and_then(|name| closest(name, &olds));
            place.map(|place| (place, 0)).into_iter().collect()
        }
        (Side::Release { .. }, Side::Release { .. }) => {
            let of_kind = |kind| {
                let is_kind = move |name: &str| {
                    DistributionFilename::parse(name).is_ok_and(|name| name.kind() == kind)
                };
                let mut places = (0..news.len()).filter(|place| is_kind(news[*place]));
                let first = places.clone().next();
                let place = places
                    .find(|place| news[*place].ends_with("-any.whl"))
                    .or(first)?;
                let from = closest(news[place], &olds).filter(|from| is_kind(olds[*from]))?;
                Some((from, place))
            };
            let found: Vec<_> = [DistributionKind::Sdist, DistributionKind::Wheel]
                .into_iter()
                .filter_map(of_kind)
                .collect();
            // The one has no file of the other's kind.
            let any = || Some((closest(news.first()?, &olds)?, 0));
            if found.is_empty() {
                any().into_iter().collect()
            } else {
                found
            }
        }
    }
}

/// The lists of files of two releases.
fn releases(old: &Side, new: &Side) -> Option<ReleaseFiles> {
    match (old, new) {
        (Side::Release { text: from, .. }, Side::Release { text: to, .. }) => {
            Some(ReleaseFiles::of((from, &old.names()), (to, &new.names())))
        }
        _ => None,
    }
}
