//! The release that new distributions are compared with: `check --against`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use pubflow_check::{Predecessor, distributions_of};
use pubflow_dist::comparison::closest;

use crate::cli;
use crate::config::Settings;
use crate::context::Context;
use crate::error::CommandError;
use crate::fetched::ReleaseOnIndex;
use crate::reference::Reference;
use crate::selection::distributions_in;

/// The release that `--against` names: a file, the files of a directory, or what an index serves of it.
/// Of an index only the files are fetched that something here is to be compared with.
pub(crate) fn predecessor(
    text: &str,
    paths: &[PathBuf],
    into: &Path,
    ctx: &Context,
) -> Result<Predecessor, CommandError> {
    let release = match Reference::parse(text)? {
        Reference::Path(path) if path.is_dir() => {
            let files = distributions_in(&path)?;
            let name = |file: &PathBuf| Some(file.file_name()?.to_str()?.to_owned());
            let all_names = files.iter().filter_map(name).collect();
            return Ok(Predecessor { files, all_names });
        }
        Reference::Path(path) => {
            return Ok(Predecessor {
                files: vec![path],
                all_names: Vec::new(),
            });
        }
        Reference::Release(release) => release,
    };
    let settings = Settings::load(Path::new("."), &ctx.env)?;
    let requested = release.requested(&cli::IndexChoice::default());
    let listed = ReleaseOnIndex::observe(
        &release.project,
        &release.version,
        &requested,
        &settings,
        ctx,
    )?;
    let names = listed.names();
    let mut wanted = BTreeSet::new();
    for path in distributions_of(paths)? {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        wanted.extend(closest(&name, &names));
    }
    let files = wanted.into_iter().map(|place| {
        ctx.note(&format!(
            "fetching {} from {}",
            names[place],
            listed.index_name()
        ));
        listed.fetch(place, into, ctx)
    });
    Ok(Predecessor {
        files: files.collect::<Result<_, _>>()?,
        all_names: names.iter().map(|name| (*name).to_owned()).collect(),
    })
}
