//! Web pages: projects and releases for people, and the page on which a release is yanked.
//!
//! PyPI has no API for yanking, so a client hands its user over to a browser; the management page lets that path be
//! tried. Forms carry a token bound to the visitor's cookie and to the page, so that no other page can send them.

use std::fmt::Write as _;
use std::sync::Arc;

use hyper::body::Incoming;
use hyper::header::{self, HeaderMap};
use hyper::{Request, StatusCode};
use pubflow_metadata::upload_rule::RULES;
use pubflow_spec::{ProjectName, Version};

use crate::admin::{self, Operation};
use crate::answer::{Answer, Notice, header_text, page, set, set_text};
use crate::catalog::{Catalog, Project, Release};
use crate::credential::{keyed_digest, random_hex, same};
use crate::html::escape;
use crate::index::Index;
use crate::route::{SmallRequest, pairs};
use crate::store::stored::Status;

/// The cookie that a form's token is bound to.
const COOKIE: &str = "pubflow_form";

/// Answers the reading requests for pages, by the segments of the path.
///
/// # Errors
/// 404, and redirects to the address with its final slash.
pub(crate) fn answer(
    index: &Index,
    segments: &[&str],
    request: &Request<Incoming>,
) -> Result<Answer, Notice> {
    let catalog = index.catalog();
    match segments {
        [""] => Ok(shown(index, &catalog_page(index, &catalog))),
        ["help", ""] => Ok(shown(index, &help_page())),
        ["project", name, ""] => {
            let project = find_project(&catalog, name)?;
            let release = project.newest().ok_or_else(not_found)?;
            Ok(shown(index, &release_page(project, release)))
        }
        ["project", name, version, ""] => {
            let (project, release) = find_release(&catalog, name, version)?;
            Ok(shown(index, &release_page(project, release)))
        }
        ["manage", "project", name, "release", version, ""] => {
            let (project, release) = find_release(&catalog, name, version)?;
            manage_page(index, project, release, request.headers())
        }
        _ => Err(not_found()),
    }
}

/// Yanks or un-yanks a release for the form of its management page.
///
/// # Errors
/// 403 when the form is not one that this server gave to this visitor, else what the operation says.
pub(crate) async fn act(
    index: &Arc<Index>,
    project: &str,
    version: &str,
    request: SmallRequest,
) -> Result<Answer, Notice> {
    let text =
        std::str::from_utf8(request.body()).map_err(|_| Notice::plain(StatusCode::BAD_REQUEST))?;
    let fields: Vec<(String, String)> = pairs(text).collect();
    let field = |name: &str| {
        fields
            .iter()
            .find(|(given, _)| given == name)
            .map(|(_, value)| value.as_str())
    };
    let (normalized, canonical) = {
        let catalog = index.catalog();
        let (project, release) = find_release(&catalog, project, version)?;
        (project.normalized.clone(), release.version.to_string())
    };
    let path = manage_path(&normalized, &canonical);
    let cookie = cookie(request.headers()).unwrap_or_default();
    let expected = form_token(index, cookie, &path);
    if cookie.is_empty() || !same(field("csrf_token").unwrap_or_default(), &expected) {
        return Err(Notice::refusal(
            StatusCode::FORBIDDEN,
            "This form was not given to you by this page: reload it and try again.",
        ));
    }
    let (project, version) = (normalized, canonical);
    let operation = match field("action") {
        Some("yank") => {
            let reason = field("reason").unwrap_or_default().trim().to_owned();
            Operation::Yank {
                project,
                version,
                reason,
            }
        }
        Some("unyank") => Operation::Unyank { project, version },
        _ => return Err(Notice::plain(StatusCode::BAD_REQUEST)),
    };
    admin::perform(index, operation).await?;
    let mut answer = page(StatusCode::SEE_OTHER, "text/html; charset=UTF-8", "");
    set_text(&mut answer, header::LOCATION, &path);
    Ok(answer)
}

fn not_found() -> Notice {
    Notice::plain(StatusCode::NOT_FOUND).with(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")
}

fn find_project<'a>(catalog: &'a Catalog, name: &str) -> Result<&'a Project, Notice> {
    let name = ProjectName::parse(name).map_err(|_| not_found())?;
    catalog
        .project(name.normalized())
        .filter(|project| project.status != Status::Quarantined)
        .ok_or_else(not_found)
}

fn find_release<'a>(
    catalog: &'a Catalog,
    name: &str,
    version: &str,
) -> Result<(&'a Project, &'a Release), Notice> {
    let project = find_project(catalog, name)?;
    let version = Version::parse(version).map_err(|_| not_found())?;
    Ok((
        project,
        project.releases.get(&version).ok_or_else(not_found)?,
    ))
}

/// A page that no script runs on and that no other page can frame.
fn shown(index: &Index, content: &str) -> Answer {
    let realm = index.realm;
    let mut answer = page(
        StatusCode::OK,
        "text/html; charset=UTF-8",
        format!(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>Embedded index, {realm}\
             </title></head>\n<body>\n<p><a href=\"/\">Embedded index, {realm} realm</a></p>\n{content}</body>\n\
             </html>\n"
        ),
    );
    set(
        &mut answer,
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    );
    set(&mut answer, header::CACHE_CONTROL, "no-store");
    answer
}

fn catalog_page(index: &Index, catalog: &Catalog) -> String {
    let mut html = format!(
        "<h1>Projects</h1>\n<p>Upload to <code>{0}/legacy/</code>, install from <code>{0}/simple/</code>.</p>\n<ul>\n",
        escape(&index.origin)
    );
    for project in catalog
        .projects()
        .filter(|project| project.status != Status::Quarantined)
    {
        let _ = writeln!(
            html,
            "<li><a href=\"/project/{}/\">{}</a></li>",
            escape(&project.normalized),
            escape(&project.name)
        );
    }
    html.push_str("</ul>\n");
    html
}

fn release_page(project: &Project, release: &Release) -> String {
    let field = |name: &str| {
        let found = release.fields.iter().find(|(given, _)| given == name);
        escape(found.map_or("", |(_, value)| value.as_str()))
    };
    let version = release.version.to_string();
    let mut html = format!(
        "<h1>{} {}</h1>\n<p>{}</p>\n",
        escape(&project.name),
        escape(&version),
        field("summary")
    );
    if let Some(reason) = &release.yanked {
        let _ = writeln!(
            html,
            "<p>This release has been yanked. {}</p>",
            escape(reason)
        );
    }
    html.push_str("<ul>\n");
    for file in release.files.values() {
        let url = crate::simple::file_url("", file);
        let _ = writeln!(
            html,
            "<li><a href=\"{}\">{}</a>, {} bytes, SHA-256 <code>{}</code></li>",
            escape(&url),
            escape(&file.filename),
            file.size,
            file.sha256
        );
    }
    html.push_str("</ul>\n<h2>Releases</h2>\n<ul>\n");
    for other in project.releases.values().rev() {
        let version = other.version.to_string();
        let _ = writeln!(
            html,
            "<li><a href=\"/project/{0}/{1}/\">{1}</a> (<a href=\"{2}\">manage</a>)</li>",
            escape(&project.normalized),
            escape(&version),
            escape(&manage_path(&project.normalized, &version))
        );
    }
    let _ = writeln!(html, "</ul>\n<pre>{}</pre>", field("description"));
    html
}

fn manage_path(normalized: &str, version: &str) -> String {
    format!("/manage/project/{normalized}/release/{version}/")
}

fn manage_page(
    index: &Index,
    project: &Project,
    release: &Release,
    headers: &HeaderMap,
) -> Result<Answer, Notice> {
    let given = cookie(headers).map(str::to_owned);
    let cookie = match &given {
        Some(cookie) => cookie.clone(),
        None => random_hex().map_err(|_| Notice::plain(StatusCode::INTERNAL_SERVER_ERROR))?,
    };
    let version = release.version.to_string();
    let path = manage_path(&project.normalized, &version);
    let token = form_token(index, &cookie, &path);
    let (state, action, reason, button) = match &release.yanked {
        Some(reason) => (
            format!("This release is yanked. {}", escape(reason)),
            "unyank",
            "",
            "Un-yank release",
        ),
        None => (
            "This release is not yanked.".to_owned(),
            "yank",
            "<label>Reason <input name=\"reason\" maxlength=\"500\"></label>\n",
            "Yank release",
        ),
    };
    let mut answer = shown(
        index,
        &format!(
            "<h1>Manage {} {}</h1>\n<p>{state}</p>\n<form method=\"post\" action=\"{}\">\n\
             <input type=\"hidden\" name=\"csrf_token\" value=\"{token}\">\n\
             <input type=\"hidden\" name=\"action\" value=\"{action}\">\n{reason}<button>{button}</button>\n</form>\n",
            escape(&project.name),
            escape(&version),
            escape(&path),
        ),
    );
    if given.is_none() {
        set_text(
            &mut answer,
            header::SET_COOKIE,
            &format!("{COOKIE}={cookie}; Path=/; HttpOnly; SameSite=Strict"),
        );
    }
    Ok(answer)
}

fn form_token(index: &Index, cookie: &str, path: &str) -> String {
    keyed_digest(&index.form_key, &[cookie, "\n", path])
}

fn cookie(headers: &HeaderMap) -> Option<&str> {
    header_text(headers, header::COOKIE)?
        .split(';')
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(name, value)| (name == COOKIE && !value.is_empty()).then_some(value))
}

/// What the addresses in refusals lead to: every rule with its words.
fn help_page() -> String {
    let mut html = String::from(
        "<h1>Why an upload was refused</h1>\n\
         <p>This is an embedded index for rehearsals. It refuses what PyPI refuses, in the same \
         words.</p>\n<dl>\n",
    );
    for rule in RULES.iter().filter(|rule| !rule.words.is_empty()) {
        let _ = writeln!(
            html,
            "<dt id=\"{0}\">{0}, status {1}</dt><dd>{2}</dd>",
            rule.number,
            rule.status,
            escape(&rule.words.join("; ").replace("{}", "…"))
        );
    }
    html.push_str("</dl>\n");
    html
}
