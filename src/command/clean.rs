//! `pubflow clean`: removes what builds and tests leave in a source tree.

use std::path::Path;

use pubflow_forge::git;
use pubflow_python::leftovers::{Leftover, find, remove};

use crate::cli;
use crate::context::Context;
use crate::error::CommandError;
use crate::exit_code::ExitCode;
use crate::render::CleanDocument;

/// Removes left-overs, or says which there are.
pub(crate) fn run(args: &cli::Clean, ctx: &Context) -> Result<ExitCode, CommandError> {
    if !args.directory.is_dir() {
        return Err(CommandError::NoProject {
            path: args.directory.clone(),
        });
    }
    let found = match args.dry_run {
        true => leftovers(&args.directory, ctx)?,
        false => clean(&args.directory, ctx)?,
    };
    let done = match args.dry_run {
        true => "would remove",
        false => "removed",
    };
    let mut text: String = found
        .iter()
        .map(|one| format!("{done} {} ({})\n", one.path.display(), one.kind.as_str()))
        .collect();
    if found.is_empty() {
        text.push_str("nothing is left over here\n");
    }
    ctx.print(&CleanDocument::new(&found, args.dry_run), &text)?;
    Ok(ExitCode::Done)
}

/// Removes what is left over in `project`; what it was comes back.
pub(crate) fn clean(project: &Path, ctx: &Context) -> Result<Vec<Leftover>, CommandError> {
    let found = leftovers(project, ctx)?;
    remove(project, &found).map_err(|source| CommandError::Io {
        path: project.to_path_buf(),
        done: "cleaned",
        source,
    })?;
    Ok(found)
}

fn leftovers(project: &Path, ctx: &Context) -> Result<Vec<Leftover>, CommandError> {
    let tracked = git::tracked(project, &ctx.inherited)?.unwrap_or_default();
    find(project, &tracked).map_err(|source| CommandError::Io {
        path: project.to_path_buf(),
        done: "read",
        source,
    })
}
