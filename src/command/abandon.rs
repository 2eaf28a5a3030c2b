//! `pubflow abandon`: gives up a release that was begun, and says what is left to do about it.

use std::collections::BTreeMap;

use pubflow_pipeline::{Facts, JournalState, ReleaseKey};

use super::resume::has_open_work;
use crate::cli;
use crate::context::Context;
use crate::error::CommandError;
use crate::exit_code::ExitCode;
use crate::records::{find_release_here, require_release};
use crate::release::OpenRelease;
use crate::render::{AbandonDocument, Place};

/// Notes that the release is given up. Nothing is taken back: that is a person's decision, and the
/// commands for it are printed.
pub(crate) fn run(args: &cli::Abandon, ctx: &Context) -> Result<ExitCode, CommandError> {
    let reason = args.reason.trim();
    if reason.is_empty() {
        return Err(CommandError::Argument {
            option: "--reason",
            value: args.reason.clone(),
            expected: "reason",
            why: "it is kept with the release, for whoever asks why it stopped".to_owned(),
        });
    }
    let state = ctx.state()?;
    let record = match &args.release {
        Some(release) => require_release(&state, release, has_open_work)?,
        None => find_release_here(&state, has_open_work)?.ok_or(CommandError::NoReleases)?,
    };
    let key = record.key();
    if !has_open_work(&record)? {
        return Err(CommandError::NotOpen {
            release: format!("{}=={}", key.project, key.version),
        });
    }
    let mut release = OpenRelease::open(record, ctx)?;
    release.abandon(reason)?;
    let places = places(release.journal.facts());
    let text = text(&key, &places);
    ctx.print(&AbandonDocument::new(&key, reason, places), &text)?;
    Ok(ExitCode::Done)
}

/// What is, or may be, public of the release, by index.
fn places(facts: &Facts) -> Vec<Place> {
    let mut places: BTreeMap<String, Place> = BTreeMap::new();
    for (subject, state) in facts.subjects() {
        let Some(index) = subject.step.as_str().strip_prefix("upload:") else {
            continue;
        };
        let place = places
            .entry(index.to_owned())
            .or_insert_with(|| Place::new(index));
        match state {
            JournalState::Done { .. } => place.public.push(subject.unit.to_string()),
            JournalState::Intent { .. } => place.uncertain.push(subject.unit.to_string()),
            JournalState::Nothing => {}
        }
    }
    places.retain(|_, place| !place.is_empty());
    places.into_values().collect()
}

fn text(key: &ReleaseKey, places: &[Place]) -> String {
    let release = format!("{}=={}", key.project, key.version);
    let mut text = format!("{release} is given up.\n");
    for place in places {
        let index = &place.index;
        if !place.public.is_empty() {
            text.push_str(&format!(
                "\npublic on {index}, and staying there: {}\n  to keep installers from choosing it: pubflow yank {release} --index {index} --reason …\n",
                place.public.join(", ")
            ));
        }
        if !place.uncertain.is_empty() {
            text.push_str(&format!(
                "\nperhaps on {index}, the answer was lost: {}\n  to find out: pubflow status {release}\n",
                place.uncertain.join(", ")
            ));
        }
    }
    if places.is_empty() {
        text.push_str("Nothing of it is public.\n");
    } else {
        text.push_str("\nThese file names cannot be used again there: the next release needs another version.\n");
    }
    text
}
