//! The JSON API of projects and releases, which poetry and dashboards read.
//!
//! Spec: the shape that PyPI serves at `/pypi/<project>/json`; there is no standard for it. A quarantined project is
//! not there at all.

mod wire;

use crate::connection::RequestBody;
use hyper::header;
use hyper::{Request, StatusCode};
use pubflow_spec::{ProjectName, Version};

use crate::answer::{Answer, Notice, set, set_text};
use crate::caching::tagged_page;
use crate::catalog::{Project, Release};
use crate::index::Index;
use crate::route::readable_everywhere;
use crate::simple::LAST_SERIAL;
use crate::store::stored::Status;

/// Answers everything below `/pypi`, by the segments after it.
///
/// # Errors
/// A redirect to the normalised name, or 404.
pub(crate) fn answer(
    index: &Index,
    origin: &str,
    segments: &[&str],
    request: &Request<RequestBody>,
) -> Result<Answer, Notice> {
    let (given, version) = match segments {
        [name, "json"] | [name, "json", ""] => (*name, None),
        [name, version, "json"] | [name, version, "json", ""] => (*name, Some(*version)),
        _ => return Err(not_found()),
    };
    let name = ProjectName::parse(given).map_err(|_| not_found())?;
    let project = index.catalog().project(name.normalized())?;
    let project = project
        .filter(|project| project.status != Status::Quarantined)
        .ok_or_else(not_found)?;
    if given != name.normalized() {
        let rest = version.map_or_else(String::new, |version| format!("{version}/"));
        let path = format!("/pypi/{}/{rest}json", name.normalized());
        return Err(
            Notice::redirect(StatusCode::MOVED_PERMANENTLY, origin, &path)
                .with(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        );
    }
    let body = match version {
        Some(version) => wire::release(
            origin,
            &project,
            find(&project, version).ok_or_else(not_found)?,
        ),
        None => wire::project(origin, &project, project.newest().ok_or_else(not_found)?),
    };
    let mut answer = tagged_page(request.headers(), "application/json", body);
    set_text(&mut answer, LAST_SERIAL, &project.serial.to_string());
    set(&mut answer, header::VARY, "Accept-Encoding");
    readable_everywhere(&mut answer);
    Ok(answer)
}

fn find<'a>(project: &'a Project, version: &str) -> Option<&'a Release> {
    project.releases.get(&Version::parse(version).ok()?)
}

fn not_found() -> Notice {
    Notice::plain(StatusCode::NOT_FOUND)
        .always_json()
        .with(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")
}
