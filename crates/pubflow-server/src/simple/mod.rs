//! The simple API: the list of projects and the page of one project, in JSON and HTML.
//!
//! Spec: simple repository API 1.4 (PEP 503, 592, 629, 658, 691, 700, 714, 792). As on PyPI an unknown media type gets
//! HTML, never 406, and a quarantined project's page exists but lists nothing.

mod listing;
mod wire;

use std::fmt::Write as _;

use crate::connection::RequestBody;
use hyper::header::{self, HeaderName};
use hyper::{Method, Request, StatusCode};
use jiff::Timestamp;
use pubflow_spec::ProjectName;

use crate::accept;
use crate::answer::{Answer, Notice, header_text, page, set, set_text};
use crate::caching::Tagged;
use crate::catalog::{IndexedFile, Project, Release};
use crate::html::escape;
use crate::index::Index;
use crate::route::readable_everywhere;
use crate::store::stored::Status;

pub(crate) use listing::Listings;

/// The version of the API that the pages declare.
const API_VERSION: &str = "1.4";

pub(crate) const LAST_SERIAL: HeaderName = HeaderName::from_static("x-pypi-last-serial");

const TEXT_HTML: &str = "text/html";
const V1_HTML: &str = "application/vnd.pypi.simple.v1+html";
const V1_JSON: &str = "application/vnd.pypi.simple.v1+json";

/// Marks a request that falls to a node which knows only what was there at this time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AsOf(pub(crate) Timestamp);

/// Answers everything below `/simple`, by the segments after it.
///
/// # Errors
/// Redirects to the canonical address and 404.
pub(crate) fn answer(
    index: &Index,
    origin: &str,
    segments: &[&str],
    request: &Request<RequestBody>,
) -> Result<Answer, Notice> {
    match segments {
        [] => Ok(moved(origin, "/simple/")),
        [""] => Ok(root(index, request)),
        [name] => match ProjectName::parse(name) {
            Ok(name) => Ok(moved(origin, &format!("/simple/{}/", name.normalized()))),
            Err(_) => Ok(not_found()),
        },
        [name, ""] => Ok(project(index, origin, name, request)?),
        _ => Ok(not_found()),
    }
}

/// Redirects and 404 of this API are plain text whatever the client accepts.
fn moved(origin: &str, path: &str) -> Answer {
    let body = format!(
        "301 Moved Permanently\n\nThe resource has been moved to {path}; you should be redirected automatically.\n\n"
    );
    let mut answer = page(
        StatusCode::MOVED_PERMANENTLY,
        "text/plain; charset=UTF-8",
        body,
    );
    set_text(&mut answer, header::LOCATION, &format!("{origin}{path}"));
    set(&mut answer, header::VARY, "Accept-Encoding");
    answer
}

fn not_found() -> Answer {
    let mut answer = page(
        StatusCode::NOT_FOUND,
        "text/plain; charset=UTF-8",
        "404 Not Found\n\nThe resource could not be found.\n\n",
    );
    set(&mut answer, header::VARY, "Accept-Encoding");
    readable_everywhere(&mut answer);
    answer
}

/// The form that the client gets and its `Content-Type`.
fn form(request: &Request<RequestBody>) -> (&'static str, &'static str) {
    let accepted = header_text(request.headers(), header::ACCEPT);
    match accept::choose(accepted, &[TEXT_HTML, V1_HTML, V1_JSON]) {
        Some(V1_JSON) => (V1_JSON, V1_JSON),
        Some(V1_HTML) => (V1_HTML, V1_HTML),
        _ => (TEXT_HTML, "text/html; charset=UTF-8"),
    }
}

fn root(index: &Index, request: &Request<RequestBody>) -> Answer {
    let catalog = index.catalog();
    let (kind, content_type) = form(request);
    let list = if kind == V1_JSON {
        index.listings.json(&catalog)
    } else {
        index.listings.html(&catalog)
    };
    finish(request, content_type, &list, catalog.serial())
}

fn project(
    index: &Index,
    origin: &str,
    given: &str,
    request: &Request<RequestBody>,
) -> Result<Answer, Notice> {
    let Ok(name) = ProjectName::parse(given) else {
        return Ok(not_found());
    };
    let Some(project) = index.catalog().project(name.normalized())? else {
        return Ok(not_found());
    };
    let project = project.as_ref();
    if given != name.normalized() {
        let mut answer = moved(origin, &format!("/simple/{}/", name.normalized()));
        set(&mut answer, header::VARY, "Accept, Accept-Encoding");
        readable_everywhere(&mut answer);
        return Ok(answer);
    }
    let as_of = request.extensions().get::<AsOf>().map(|as_of| as_of.0);
    if as_of.is_some_and(|as_of| project.files().all(|(_, file)| file.uploaded > as_of)) {
        return Ok(not_found());
    }
    let (kind, content_type) = form(request);
    let body = if kind == V1_JSON {
        wire::project(API_VERSION, origin, project, listed_files(project, as_of))
    } else {
        project_html(origin, project, as_of).into_bytes()
    };
    let page = Tagged::of(body);
    Ok(finish(request, content_type, &page, project.serial))
}

/// The files that installers may see, on a node that lags as of some time ago.
fn listed_files(
    project: &Project,
    as_of: Option<Timestamp>,
) -> impl Iterator<Item = (&Release, &IndexedFile)> {
    project
        .files()
        .filter(|_| project.status != Status::Quarantined)
        .filter(move |(_, file)| as_of.is_none_or(|as_of| file.uploaded <= as_of))
}

/// The address of a file: its place is derived from its BLAKE2 digest, so it never changes.
pub(crate) fn file_url(origin: &str, file: &IndexedFile) -> String {
    let digest = file.blake2b_256.to_string();
    format!(
        "{origin}/files/{}/{}/{}/{}",
        &digest[..2],
        &digest[2..4],
        &digest[4..],
        file.filename
    )
}

/// The address of a file's provenance.
pub(crate) fn provenance_url(
    origin: &str,
    project: &Project,
    release: &Release,
    file: &IndexedFile,
) -> String {
    format!(
        "{origin}/integrity/{}/{}/{}/provenance",
        project.normalized, release.version, file.filename
    )
}

fn project_html(origin: &str, project: &Project, as_of: Option<Timestamp>) -> String {
    let mut html = opening(
        &format!("Links for {}", project.normalized),
        Some(project.status),
    );
    for (release, file) in listed_files(project, as_of) {
        let _ = write!(
            html,
            "    <a href=\"{}#sha256={}\"",
            escape(&file_url(origin, file)),
            file.sha256
        );
        if let Some(requires_python) = &file.requires_python {
            let _ = write!(
                html,
                " data-requires-python=\"{}\"",
                escape(requires_python)
            );
        }
        if let Some(digest) = &file.metadata_sha256 {
            let _ = write!(
                html,
                " data-dist-info-metadata=\"sha256={digest}\" data-core-metadata=\"sha256={digest}\""
            );
        }
        if file.provenance.is_some() {
            let url = provenance_url(origin, project, release, file);
            let _ = write!(html, " data-provenance=\"{}\"", escape(&url));
        }
        if let Some(reason) = &release.yanked {
            let _ = write!(html, " data-yanked=\"{}\"", escape(reason));
        }
        let _ = writeln!(html, ">{}</a><br />", escape(&file.filename));
    }
    let _ = writeln!(html, "  </body>\n</html>\n<!--SERIAL {}-->", project.serial);
    html
}

fn opening(title: &str, status: Option<Status>) -> String {
    let title = escape(title);
    let status = status.map_or_else(String::new, |status| {
        format!(
            "    <meta name=\"pypi:project-status\" content=\"{}\">\n",
            status.as_str()
        )
    });
    format!(
        "<!DOCTYPE html>\n<html>\n  <head>\n    <meta name=\"pypi:repository-version\" content=\"{API_VERSION}\">\n\
         {status}    <title>{title}</title>\n  </head>\n  <body>\n    <h1>{title}</h1>\n"
    )
}

fn finish(
    request: &Request<RequestBody>,
    content_type: &'static str,
    content: &Tagged,
    serial: u64,
) -> Answer {
    let mut answer = if request.method() == Method::OPTIONS {
        page(StatusCode::OK, "text/html; charset=UTF-8", "")
    } else {
        content.answer(request.headers(), content_type)
    };
    set_text(&mut answer, LAST_SERIAL, &serial.to_string());
    set(&mut answer, header::VARY, "Accept, Accept-Encoding");
    readable_everywhere(&mut answer);
    answer
}
