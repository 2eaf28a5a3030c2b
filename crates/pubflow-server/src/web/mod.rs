//! Web pages: projects and releases for people, the page on which a release is yanked, the requests as they come.
//!
//! PyPI has no API for yanking, so a client hands its user over to a browser; the management page lets that path be
//! tried. Pages are made here, work without scripts, and load nothing from elsewhere.

mod help;
mod layout;
mod manage;
mod project;
mod projects;
mod requests;

use std::sync::Arc;

use hyper::StatusCode;
use hyper::header::{self, HeaderMap};
use pubflow_spec::{ProjectName, Version};

use crate::answer::{Answer, Notice, page};
use crate::catalog::{Project, Release};
use crate::index::Index;
use crate::route::pairs;
use crate::store::stored::Status;

use layout::{Layout, STYLE, shown};
pub(crate) use manage::act;

/// Answers the reading requests for pages, by the segments of the path.
///
/// # Errors
/// 404.
pub(crate) async fn answer(
    index: &Arc<Index>,
    segments: &[&str],
    headers: &HeaderMap,
    query: Option<&str>,
) -> Result<Answer, Notice> {
    let asked = |name: &str| {
        let mut pairs = pairs(query.unwrap_or_default());
        pairs.find_map(|(given, value)| (given == name).then_some(value))
    };
    match segments {
        [""] => {
            let wanted = projects::Wanted {
                text: asked("q").unwrap_or_default(),
                page: asked("page")
                    .and_then(|page| page.parse().ok())
                    .unwrap_or(1),
            };
            let content = projects::page(index, &index.catalog(), &wanted)?;
            Ok(shown(index, &Layout::titled("Projects"), &content))
        }
        ["help", ""] => {
            let layout = Layout::titled("Why an upload was refused");
            Ok(shown(index, &layout, &help::help_page()))
        }
        ["_", "style.css"] => Ok(page(StatusCode::OK, "text/css; charset=UTF-8", STYLE)),
        ["_", "requests"] => Ok(requests::answer(index, asked("live").is_some())),
        ["project", name, ""] => project::answer(index, name, None).await,
        ["project", name, version, ""] => project::answer(index, name, Some(version)).await,
        ["manage", "project", name, "release", version, ""] => {
            let project = find_project(index, name)?;
            let release = find_release(&project, version)?;
            manage::manage_page(index, &project, release, headers)
        }
        _ => Err(not_found()),
    }
}

fn not_found() -> Notice {
    Notice::plain(StatusCode::NOT_FOUND)
        .always_html()
        .with(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")
}

fn find_project(index: &Index, name: &str) -> Result<Arc<Project>, Notice> {
    let name = ProjectName::parse(name).map_err(|_| not_found())?;
    let project = index.catalog().project(name.normalized())?;
    project
        .filter(|project| project.status != Status::Quarantined)
        .ok_or_else(not_found)
}

fn find_release<'a>(project: &'a Project, version: &str) -> Result<&'a Release, Notice> {
    let version = Version::parse(version).map_err(|_| not_found())?;
    project.releases.get(&version).ok_or_else(not_found)
}
