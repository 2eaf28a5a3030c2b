//! The list of projects, a page at a time, with a search.

use std::fmt::Write as _;

use crate::answer::Notice;
use crate::catalog::{Catalog, Entry, Project};
use crate::html::escape;
use crate::index::Index;
use crate::store::stored::Status;

/// How many projects a page lists.
const PER_PAGE: usize = 100;

/// What a visitor asks for.
pub(super) struct Wanted {
    /// What the name has to hold; empty for all.
    pub(super) text: String,
    /// Counted from 1.
    pub(super) page: usize,
}

/// Lists the projects that fit.
///
/// # Errors
/// 507 when the disk does not give what is known of them.
pub(super) fn page(index: &Index, catalog: &Catalog, wanted: &Wanted) -> Result<String, Notice> {
    let needle = wanted.text.trim().to_lowercase().replace(['_', '.'], "-");
    let fits = |(normalized, entry): &(&str, &Entry)| {
        entry.status != Status::Quarantined && normalized.contains(&needle)
    };
    let n_found = catalog.entries().filter(fits).count();
    let n_pages = n_found.div_ceil(PER_PAGE).max(1);
    let page = wanted.page.clamp(1, n_pages);
    let origin = escape(&index.origin);
    let mut html = format!(
        "<h1>Projects</h1>\n<p>Upload to <code>{origin}/legacy/</code>, install from <code>{origin}/simple/</code>.</p>\n\
         <form class=\"search\" role=\"search\" action=\"/\">\n<label for=\"q\">Name</label>\n\
         <input id=\"q\" name=\"q\" type=\"search\" value=\"{}\">\n<button>Search</button>\n</form>\n\
         <p class=\"quiet\">{n_found} projects</p>\n<ul class=\"projects\">\n",
        escape(&wanted.text)
    );
    for (normalized, _) in catalog
        .entries()
        .filter(fits)
        .skip((page - 1) * PER_PAGE)
        .take(PER_PAGE)
    {
        if let Some(project) = catalog.project(normalized)? {
            let _ = writeln!(html, "<li>{}</li>", row(&project));
        }
    }
    html.push_str("</ul>\n");
    if n_pages > 1 {
        html.push_str("<nav aria-label=\"Pages of projects\"><p>");
        let query: String = crate::route::encode(&wanted.text);
        for (label, other, shown) in [
            ("Previous", page.saturating_sub(1), page > 1),
            ("Next", page + 1, page < n_pages),
        ] {
            if shown {
                let _ = write!(
                    html,
                    "<a href=\"/?q={query}&amp;page={other}\">{label}</a> "
                );
            }
        }
        let _ = writeln!(html, "Page {page} of {n_pages}</p></nav>");
    }
    Ok(html)
}

fn row(project: &Project) -> String {
    let link = format!(
        "<a href=\"/project/{}/\">{}</a>",
        escape(&project.normalized),
        escape(&project.name)
    );
    let Some(release) = project.newest() else {
        return format!("{link} <span class=\"quiet\">no release yet</span>");
    };
    let summary = release
        .fields
        .iter()
        .find_map(|(name, value)| (name == "summary").then_some(value.as_str()))
        .unwrap_or_default();
    format!(
        "{link} <span class=\"quiet\">{}</span><br>{}",
        escape(&release.version.to_string()),
        escape(summary)
    )
}
