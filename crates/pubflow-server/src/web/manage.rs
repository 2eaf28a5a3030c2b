//! The page on which a release is yanked, and the form on it.
//!
//! Forms carry a token bound to the visitor's cookie and to the page, so that no other page can send them.

use std::sync::Arc;

use hyper::StatusCode;
use hyper::header::{self, HeaderMap};

use super::layout::{Layout, shown};
use super::{find_project, find_release};
use crate::admin::{self, Operation};
use crate::answer::{Answer, Notice, header_text, page, set_text};
use crate::catalog::{Project, Release};
use crate::credential::{keyed_digest, random_hex, same};
use crate::html::escape;
use crate::index::Index;
use crate::route::{SmallRequest, pairs};

/// The cookie that a form's token is bound to.
const COOKIE: &str = "pubflow_form";

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
    let project = find_project(index, project)?;
    let canonical = find_release(&project, version)?.version.to_string();
    let normalized = project.normalized.clone();
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

/// The address of a release's management page.
pub(super) fn manage_path(normalized: &str, version: &str) -> String {
    format!("/manage/project/{normalized}/release/{version}/")
}

/// The management page of a release.
pub(super) fn manage_page(
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
            "This release is not yanked. Installers choose it like any other.".to_owned(),
            "yank",
            "<p><label for=\"reason\">Reason, shown to whoever installs it by its exact version</label><br>\n\
             <input id=\"reason\" name=\"reason\" maxlength=\"500\"></p>\n",
            "Yank release",
        ),
    };
    let (name, version) = (escape(&project.name), escape(&version));
    let title = format!("Manage {} {version}", project.name);
    let content = format!(
        "<h1>Manage {name} {version}</h1>\n<p><a href=\"/project/{}/{version}/\">Back to the release</a></p>\n\
         <p>{state}</p>\n<form method=\"post\" action=\"{}\">\n\
         <input type=\"hidden\" name=\"csrf_token\" value=\"{token}\">\n\
         <input type=\"hidden\" name=\"action\" value=\"{action}\">\n{reason}\
         <button id=\"{action}\">{button}</button>\n</form>\n",
        escape(&project.normalized),
        escape(&path),
    );
    let mut answer = shown(index, &Layout::titled(&title), &content);
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
