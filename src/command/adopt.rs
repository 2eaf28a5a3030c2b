//! `pubflow adopt`: a release that was begun by other means becomes a record here.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use pubflow_spec::Sha256;
use pubflow_stages::{Origin, keep_attestations, seal};

use crate::cli;
use crate::config::{Settings, choose_target};
use crate::context::Context;
use crate::error::CommandError;
use crate::exit_code::ExitCode;
use crate::fetched::{ReleaseOnIndex, temporary_directory};
use crate::job::{Job, publish};
use crate::records::name_and_version;
use crate::release::{OpenRelease, Recipe};
use crate::token::ChosenBy;

/// Fetches what the index has of the release, compares it with the files that were named, seals all
/// of it, and brings the release to its end from there.
pub(crate) fn run(args: &cli::Adopt, ctx: &Context) -> Result<ExitCode, CommandError> {
    let here = Path::new(".");
    let settings = Settings::load(here, &ctx.env)?;
    let requested = args.index.requested();
    let target = choose_target(&requested, &settings, &ctx.env, here)?;
    let (project, version) = name_and_version(&args.release)?;
    let state = ctx.state()?;
    let ours = digests(&args.files)?;
    let listed = ReleaseOnIndex::observe(&project, &version, &requested, &settings, ctx)?;
    let folder = temporary_directory()?;
    let mut paths = Vec::new();
    for (place, file) in listed.files.iter().enumerate() {
        let Some((here, path)) = ours.get(file.filename.as_str()) else {
            ctx.note(&format!(
                "fetching {} from {}",
                file.filename,
                listed.index_name()
            ));
            paths.push(listed.fetch(place, folder.path(), ctx)?);
            continue;
        };
        // An index that lists no digest is asked for the bytes.
        let there = match file.sha256 {
            Some(there) => there,
            None => listed.digest(place, *here, folder.path(), ctx)?,
        };
        if *here != there {
            return Err(CommandError::OtherBytes {
                path: path.clone(),
                index: listed.index_name().to_owned(),
                here: here.to_string(),
                there: there.to_string(),
            });
        }
        paths.push(path.clone());
    }
    for (name, (_, path)) in &ours {
        if !listed.names().contains(&name.as_str()) {
            paths.push(path.clone());
        }
    }
    let record = seal(&state, &paths, Origin::default())?;
    keep_attestations(&record, &paths)?;
    let key = record.key();
    if (&key.project, &key.version) != (&project, &version) {
        return Err(CommandError::Argument {
            option: "FILES",
            value: format!("{}=={}", key.project, key.version),
            expected: "file of that release",
            why: format!("{} was named", args.release),
        });
    }
    let recipe = Recipe::new(
        "adopt",
        &target.address,
        (&args.upload, &args.verification),
        &settings,
    )?;
    let job = Job {
        target: &target.address,
        source: None,
        named: requested.name.is_some(),
        chosen_by: ChosenBy::of(&target, &settings),
        recipe,
        upload: &args.upload,
        whole: None,
    };
    publish(OpenRelease::open(record, ctx)?, &state, &job, ctx)
}

/// The files that were named, by their names.
fn digests(files: &[PathBuf]) -> Result<BTreeMap<String, (Sha256, PathBuf)>, CommandError> {
    let digest = |path: &PathBuf| {
        let sha256 = pubflow_dist::sha256_file(path).map_err(|source| CommandError::Io {
            path: path.clone(),
            done: "read",
            source,
        })?;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        Ok((name.into_owned(), (sha256, path.clone())))
    };
    files.iter().map(digest).collect()
}
