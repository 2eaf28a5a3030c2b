//! `pubflow logout`: takes kept tokens of an index out of the keyring and the file.

use std::path::Path;

use pubflow_index::credential::vault::{Entry, Vault};
use pubflow_spec::ProjectName;

use crate::cli;
use crate::config::{Settings, choose_target};
use crate::consent::title;
use crate::context::Context;
use crate::error::CommandError;
use crate::exit_code::ExitCode;
use crate::records::project_here;
use crate::render::LogoutDocument;

/// Forgets the token for every project, and the one of the project that is named or here.
pub(crate) fn run(args: &cli::Logout, ctx: &Context) -> Result<ExitCode, CommandError> {
    let here = Path::new(".");
    let settings = Settings::load(here, &ctx.env)?;
    let target = choose_target(&args.index.requested(), &settings, &ctx.env, here)?;
    let origin = target.address.upload_origin()?;
    let project = match &args.project {
        Some(text) => Some(
            ProjectName::parse(text).map_err(|error| CommandError::Argument {
                option: "--project",
                value: text.clone(),
                expected: "name of a project",
                why: error.to_string(),
            })?,
        ),
        None => project_here(here),
    };
    let of_project = project.map(|project| Entry::for_project(origin.clone(), &project));
    let vault = Vault::of(ctx.env.variables());
    let mut forgotten = Vec::new();
    for entry in of_project.into_iter().chain([Entry::for_all(origin)]) {
        for place in vault.forget(&entry)? {
            forgotten.push((entry.clone(), place));
        }
    }
    let document = LogoutDocument::new(target.address.name.as_str(), &forgotten);
    ctx.print(&document, &document.text(&title(&target.address)))?;
    Ok(ExitCode::Done)
}
