//! What every page has around its content: landmarks, the switch between the realms, the style.

use hyper::{StatusCode, header};

use crate::Realm;
use crate::answer::{Answer, page, set};
use crate::html::escape;
use crate::index::Index;

/// The style of every page, light or dark as the visitor has it.
pub(super) const STYLE: &str = include_str!("style.css");

/// How a page is presented.
pub(super) struct Layout<'a> {
    title: &'a str,
    refresh: bool,
}

impl<'a> Layout<'a> {
    pub(super) fn titled(title: &'a str) -> Self {
        Self {
            title,
            refresh: false,
        }
    }

    /// A page that is loaded again every two seconds.
    pub(super) fn live(title: &'a str) -> Self {
        Self {
            title,
            refresh: true,
        }
    }
}

/// A page that no script runs on and that no other page can frame.
pub(super) fn shown(index: &Index, layout: &Layout<'_>, content: &str) -> Answer {
    let realm = index.realm;
    let refresh = if layout.refresh {
        "<meta http-equiv=\"refresh\" content=\"2\">\n"
    } else {
        ""
    };
    let switch: String = Realm::ALL
        .iter()
        .map(|other| {
            if *other == realm {
                format!("<a href=\"/\" aria-current=\"page\">{other}</a>\n")
            } else {
                format!("<a href=\"{}/\">{other}</a>\n", escape(&index.sibling))
            }
        })
        .collect();
    let mut answer = page(
        StatusCode::OK,
        "text/html; charset=UTF-8",
        format!(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n{refresh}\
             <title>{title} · embedded index, {realm}</title>\n<link rel=\"stylesheet\" href=\"/_/style.css\">\n\
             <link rel=\"icon\" href=\"data:,\">\n</head>\n<body class=\"{realm}\">\n\
             <a class=\"skip\" href=\"#main\">Skip to the content</a>\n<header>\n\
             <a class=\"home\" href=\"/\">Embedded index</a>\n\
             <nav class=\"realms\" aria-label=\"Realms\">\n{switch}</nav>\n\
             <nav aria-label=\"Pages\">\n<a href=\"/\">Projects</a>\n<a href=\"/_/requests\">Requests</a>\n\
             <a href=\"/help/\">Rules</a>\n</nav>\n</header>\n<main id=\"main\">\n{content}</main>\n\
             <footer>The {realm} realm of pubflow's embedded index, for rehearsals. Nothing here is public.</footer>\n\
             </body>\n</html>\n",
            title = escape(layout.title),
        ),
    );
    set(
        &mut answer,
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    );
    set(&mut answer, header::CACHE_CONTROL, "no-store");
    answer
}
