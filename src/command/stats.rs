//! `pubflow stats`: downloads of a project, as the public statistics service counts them.

use std::path::Path;

use pubflow_index::{Statistics, StatisticsError, known};
use pubflow_spec::ProjectName;
use url::Url;

use crate::cli;
use crate::context::Context;
use crate::error::CommandError;
use crate::exit_code::ExitCode;
use crate::records::project_here;
use crate::render::StatisticsDocument;

/// Where another service of the same shape is asked.
const VARIABLE: &str = "PUBFLOW_STATS_URL";

/// Prints the downloads of the project that is named, or of the one here.
pub(crate) fn run(args: &cli::Stats, ctx: &Context) -> Result<ExitCode, CommandError> {
    let project = project_named(args.project.as_deref())?;
    let root = match ctx.env.get(VARIABLE) {
        None => known::statistics(),
        Some(text) => Url::parse(text).map_err(|error| CommandError::Argument {
            option: VARIABLE,
            value: text.to_owned(),
            expected: "address",
            why: error.to_string(),
        })?,
    };
    let client = ctx.http()?;
    let found = ctx.block_on_reading(async {
        let found = Statistics::fetch(&client, &root, &project).await;
        found.map_err(|source| CommandError::Statistics {
            project: project.normalized().to_owned(),
            source: Box::new(source),
        })
    })?;
    let document = StatisticsDocument::new(&project, &found);
    ctx.print(&document, &document.text())?;
    Ok(ExitCode::Done)
}

/// The project that is named, or the one here.
pub(crate) fn project_named(text: Option<&str>) -> Result<ProjectName, CommandError> {
    let wrong = |value: &str, why: String| CommandError::Argument {
        option: "NAME",
        value: value.to_owned(),
        expected: "name of a project",
        why,
    };
    match text {
        Some(text) => ProjectName::parse(text).map_err(|error| wrong(text, error.to_string())),
        None => project_here(Path::new("."))
            .ok_or_else(|| wrong("", "there is no pyproject.toml with a name here".to_owned())),
    }
}

/// Whether the service itself was not there.
pub(crate) fn is_unreachable(error: &StatisticsError) -> bool {
    matches!(
        error,
        StatisticsError::Http(_) | StatisticsError::Status { .. } | StatisticsError::Shape
    )
}
