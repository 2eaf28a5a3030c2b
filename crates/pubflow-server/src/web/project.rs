//! The page of a release: what a visitor of PyPI expects to find there.

use std::fmt::Write as _;
use std::sync::Arc;

use pubflow_readme::{Profile, judge};
use tokio::task;

use super::layout::{Layout, shown};
use super::manage::manage_path;
use super::{find_project, find_release, not_found};
use crate::answer::{Answer, Notice};
use crate::catalog::{IndexedFile, Project, Release};
use crate::html::escape;
use crate::index::Index;
use crate::simple::file_url;

/// Shows a release, or the newest one.
///
/// # Errors
/// 404 when project or release is not there.
pub(super) async fn answer(
    index: &Arc<Index>,
    name: &str,
    version: Option<&str>,
) -> Result<Answer, Notice> {
    let project = find_project(index, name)?;
    let release = match version {
        Some(version) => find_release(&project, version)?,
        None => project.newest().ok_or_else(not_found)?,
    };
    let field = |name| one(release, name).map(str::to_owned);
    let text = field("description").unwrap_or_default();
    let content_type = field("description_content_type");
    // Rendering can take a while: other requests do not wait for it.
    let description = task::spawn_blocking(move || {
        judge(&text, content_type.as_deref(), Profile::default()).html
    })
    .await
    .expect("rendering does not panic and is not cancelled");
    let title = format!("{} {}", project.name, release.version);
    let content = release_page(index, &project, release, description.as_deref());
    Ok(shown(index, &Layout::titled(&title), &content))
}

fn one<'a>(release: &'a Release, name: &str) -> Option<&'a str> {
    all(release, name).next()
}

fn all<'a>(release: &'a Release, name: &str) -> impl Iterator<Item = &'a str> {
    release
        .fields
        .iter()
        .filter(move |(given, value)| given == name && !value.is_empty())
        .map(|(_, value)| value.as_str())
}

fn release_page(
    index: &Index,
    project: &Project,
    release: &Release,
    description: Option<&str>,
) -> String {
    let version = release.version.to_string();
    let (name, normalized) = (escape(&project.name), escape(&project.normalized));
    let mut html = format!(
        "<h1>{name} {version}</h1>\n<p>{}</p>\n",
        escape(one(release, "summary").unwrap_or_default())
    );
    if let Some(reason) = &release.yanked {
        let _ = writeln!(
            html,
            "<p class=\"yanked\">This release has been yanked. {}</p>",
            escape(reason)
        );
    }
    let _ = write!(
        html,
        "<code class=\"install\">pip install -i {}/simple/ {normalized}=={version}</code>\n<div class=\"columns\">\n<div>\n",
        escape(&index.origin)
    );
    html.push_str(
        "<section aria-labelledby=\"about\">\n<h2 id=\"about\">Project description</h2>\n",
    );
    match description.filter(|description| !description.is_empty()) {
        // Sanitised by the renderer, as PyPI's is.
        Some(description) => {
            let _ = writeln!(html, "<div class=\"description\">\n{description}\n</div>");
        }
        None => html.push_str("<p class=\"quiet\">There is none.</p>\n"),
    }
    html.push_str("</section>\n");
    history(&mut html, project, release);
    files(&mut html, release);
    html.push_str("</div>\n");
    sidebar(&mut html, project, release);
    html.push_str("</div>\n");
    html
}

fn history(html: &mut String, project: &Project, shown: &Release) {
    html.push_str(
        "<section aria-labelledby=\"history\">\n<h2 id=\"history\">Release history</h2>\n<div class=\"wide\">\n<table>\n\
         <thead><tr><th scope=\"col\">Version</th><th scope=\"col\">Made</th><th scope=\"col\">Files</th>\
         <th scope=\"col\">Manage</th></tr></thead>\n<tbody>\n",
    );
    for other in project.releases.values().rev() {
        let version = other.version.to_string();
        let current = if other.version == shown.version {
            " aria-current=\"page\""
        } else {
            ""
        };
        let yanked = other.yanked.as_ref().map_or_else(String::new, |reason| {
            format!(" <span class=\"yanked\">yanked</span> {}", escape(reason))
        });
        let _ = writeln!(
            html,
            "<tr><td><a href=\"/project/{}/{version}/\"{current}>{version}</a>{yanked}</td><td>{}</td><td>{}</td>\
             <td><a href=\"{}\">manage {version}</a></td></tr>",
            escape(&project.normalized),
            other.created.strftime("%Y-%m-%d %H:%M"),
            other.files.len(),
            escape(&manage_path(&project.normalized, &version)),
        );
    }
    html.push_str("</tbody>\n</table>\n</div>\n</section>\n");
}

fn files(html: &mut String, release: &Release) {
    html.push_str("<section aria-labelledby=\"files\">\n<h2 id=\"files\">Files</h2>\n");
    for file in release.files.values() {
        let IndexedFile {
            filename,
            size,
            sha256,
            blake2b_256,
            md5,
            ..
        } = file;
        let _ = writeln!(
            html,
            "<h3><a href=\"{}\">{}</a></h3>\n<p class=\"quiet\">{size} bytes, uploaded {}, {}</p>\n<div class=\"wide\"><table>\n\
             <tr><th scope=\"row\">SHA-256</th><td><code>{sha256}</code></td></tr>\n\
             <tr><th scope=\"row\">BLAKE2b-256</th><td><code>{blake2b_256}</code></td></tr>\n\
             <tr><th scope=\"row\">MD5</th><td><code>{md5}</code></td></tr>\n</table></div>",
            escape(&file_url("", file)),
            escape(filename),
            file.uploaded.strftime("%Y-%m-%d %H:%M"),
            escape(&file.python_version),
        );
    }
    html.push_str("</section>\n");
}

fn sidebar(html: &mut String, project: &Project, release: &Release) {
    html.push_str("<aside aria-label=\"Project metadata\">\n");
    let mut block = |title: &str, lines: Vec<String>| {
        if !lines.is_empty() {
            let _ = write!(html, "<h2>{title}</h2>\n<ul>\n");
            for line in lines {
                let _ = writeln!(html, "<li>{line}</li>");
            }
            html.push_str("</ul>\n");
        }
    };
    let texts = |name: &str| -> Vec<String> {
        all(release, name)
            .map(|value| escape(value).into_owned())
            .collect()
    };
    let link = |label: &str, url: &str| {
        let is_web = url.starts_with("https://") || url.starts_with("http://");
        let label = escape(label);
        if is_web {
            format!(
                "<a rel=\"nofollow noopener\" href=\"{}\">{label}</a>",
                escape(url)
            )
        } else {
            format!("{label}: {}", escape(url))
        }
    };
    let mut links: Vec<String> = all(release, "project_urls")
        .filter_map(|value| value.split_once(','))
        .map(|(label, url)| link(label.trim(), url.trim()))
        .collect();
    links.extend(one(release, "home_page").map(|url| link("Homepage", url)));
    block("Links", links);
    block("Status", vec![project.status.as_str().to_owned()]);
    let mut licence = texts("license_expression");
    licence.extend(texts("license"));
    block("Licence", licence);
    let mut authors = texts("author");
    authors.extend(texts("author_email"));
    block("Author", authors);
    let mut maintainers = texts("maintainer");
    maintainers.extend(texts("maintainer_email"));
    block("Maintainer", maintainers);
    block("Requires Python", texts("requires_python"));
    block("Requires", texts("requires_dist"));
    block("Extras", texts("provides_extra"));
    block("Keywords", texts("keywords"));
    block("Classifiers", texts("classifiers"));
    let people = project.people.iter().map(|name| escape(name).into_owned());
    block("People", people.collect());
    html.push_str("</aside>\n");
}
