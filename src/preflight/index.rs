//! The indexes: they answer, the version can go there, and the name is ours to use.

use pubflow_index::IndexAddress;
use pubflow_spec::{DistributionFilename, ProjectName, Version};

use super::{Asked, Found, Verdict};
use crate::error::CommandError;

pub(super) const NAME: &str = "index";

pub(super) fn ask(asked: &Asked<'_>) -> Result<Vec<Found>, CommandError> {
    let Some(project) = asked.project() else {
        return Ok(Vec::new());
    };
    let version = asked.version();
    let mut found = Vec::new();
    if let Some(version) = version.as_ref().filter(|version| version.local().is_some()) {
        found.push(Found::new(
            Verdict::Blocked,
            format!("{version} is a local version, which no public index takes"),
            format!("set the version to {}", version.public()),
        ));
    }
    for destination in asked.destinations {
        found.push(on(asked, destination.address, &project, version.as_ref())?);
    }
    Ok(found)
}

fn on(
    asked: &Asked<'_>,
    address: &IndexAddress,
    project: &ProjectName,
    version: Option<&Version>,
) -> Result<Found, CommandError> {
    let index = asked.ctx.index(address.clone())?;
    let name = &address.name;
    let page = asked
        .ctx
        .block_on_reading(async { Ok(index.project(project).await) })?;
    Ok(match page {
        Err(error) => Found::new(
            Verdict::Unreachable,
            format!("{name} cannot be asked: {error}"),
            format!("look at the address of `{name}` (pubflow config show), or try again later"),
        ),
        Ok(None) => Found::new(
            Verdict::Warning,
            format!(
                "{name} knows no project {project}: the first upload makes it, if the name is free"
            ),
            "it needs a token of the whole account or a pending publisher; replace that by a token of the project afterwards",
        ),
        Ok(Some(page)) => {
            let of_version = page.files.iter().filter(|file| {
                DistributionFilename::parse(&file.filename)
                    .is_ok_and(|parsed| version.is_some_and(|version| parsed.version() == version))
            });
            match (of_version.count(), version) {
                (0, Some(version)) => Found::fine(format!("{version} is free on {name}")),
                (0, None) => Found::fine(format!("{name} knows the project")),
                (n_files, _) => Found::new(
                    Verdict::Warning,
                    format!(
                        "{name} has {n_files} files of this version: the very same bytes are passed over, others are a conflict"
                    ),
                    "raise the version, unless you finish what was begun",
                ),
            }
        }
    })
}
