//! `pubflow status`: plan, journal and remote side by side.

use std::path::Path;
use std::sync::Arc;

use pubflow_index::{FileState, Index};
use pubflow_pipeline::{Facts, JournalState, ReleaseRecord, StepId};

use super::yank::{open_yank, yank_in_journal};
use crate::cli;
use crate::config::{Origin, Setting, Settings};
use crate::context::Context;
use crate::error::CommandError;
use crate::exit_code::ExitCode;
use crate::records::{find_release_here, require_release};
use crate::release::{is_open, recipe_of};
use crate::render::{StatusDocument, StatusRow, table};

/// Shows one release.
pub(crate) fn run(args: &cli::Status, ctx: &Context) -> Result<ExitCode, CommandError> {
    let settings = Settings::load(Path::new("."), &ctx.env)?;
    let state = ctx.state()?;
    let record = match &args.release {
        Some(release) => require_release(&state, release, |_| Ok(true))?,
        None => {
            let newest = find_release_here(&state, |_| Ok(true))?;
            newest.ok_or(CommandError::NoReleases)?
        }
    };
    let facts = Facts::read(&record)?;
    let indexes = indexes(&facts, &settings, args.offline, ctx);
    let rows = ctx.block_on_reading(async { Ok(rows(&record, &facts, &indexes).await) })?;
    let open =
        open_yank(&record, &facts).is_some() || (recipe_of(&facts).is_some() && is_open(&facts));
    let cells: Vec<Vec<String>> = rows.iter().map(StatusRow::cells).collect();
    let key = record.key();
    let mut text = format!(
        "{} {}, manifest {}\n\n",
        key.project, key.version, key.manifest
    );
    text.push_str(&table(
        &["file", "sha256", "index", "journal", "remote"],
        &cells,
    ));
    if open {
        text.push_str(&format!(
            "\nopen: `pubflow resume {}=={}` goes on where it stopped\n",
            key.project, key.version
        ));
    }
    ctx.print(&StatusDocument::new(&key, open, rows), &text)?;
    Ok(ExitCode::Done)
}

/// One index that the journal speaks of; without a client where it is not asked.
struct Known {
    name: String,
    client: Option<Arc<Index>>,
}

fn indexes(facts: &Facts, settings: &Settings, offline: bool, ctx: &Context) -> Vec<Known> {
    let mut names: Vec<String> = facts
        .subjects()
        .filter_map(|(subject, _)| {
            let (step, index) = subject.step.as_str().split_once(':')?;
            ["upload", "yank"].contains(&step).then(|| index.to_owned())
        })
        .collect();
    names.extend(recipe_of(facts).map(|recipe| recipe.index));
    names.sort();
    names.dedup();
    let client = |name: &String| {
        let address = settings
            .address(&Setting::new(name.clone(), Origin::Default))
            .ok()?;
        ctx.index(address).ok().map(Arc::new)
    };
    names
        .into_iter()
        .map(|name| Known {
            client: if offline { None } else { client(&name) },
            name,
        })
        .collect()
}

async fn rows(record: &ReleaseRecord, facts: &Facts, indexes: &[Known]) -> Vec<StatusRow> {
    let mut rows = Vec::new();
    let manifest = record.manifest();
    for file in manifest.files() {
        if indexes.is_empty() {
            rows.push(StatusRow::new(file, "-", "sealed", "-"));
        }
        for index in indexes {
            let step = StepId::new(format!("upload:{}", index.name));
            let state = facts
                .subjects()
                .find(|(subject, _)| subject.step == step && subject.unit.as_str() == file.filename)
                .map(|(_, state)| state);
            let uploaded = match state {
                None | Some(JournalState::Nothing) => "nothing",
                Some(JournalState::Intent { .. }) => "begun",
                Some(JournalState::Done { .. }) => "done",
            };
            let journal = match yank_in_journal(facts, &index.name) {
                Some(yank) => format!("{uploaded}, {yank}"),
                None => uploaded.to_owned(),
            };
            let remote = match &index.client {
                None => "not asked".to_owned(),
                Some(client) => match client.observe(manifest.name(), &file.filename).await {
                    FileState::Absent => "absent".to_owned(),
                    FileState::Present { sha256, yanked, .. } => {
                        let same = if sha256 == file.sha256 {
                            "identical"
                        } else {
                            "DIFFERENT"
                        };
                        if yanked.is_some() {
                            format!("{same}, yanked")
                        } else {
                            same.to_owned()
                        }
                    }
                    FileState::Unknown(error) => format!("unknown: {error}"),
                },
            };
            rows.push(StatusRow::new(file, &index.name, &journal, &remote));
        }
    }
    rows
}
