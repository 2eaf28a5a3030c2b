//! The requests that the realm has answered, the newest first; on demand loaded again and again.

use std::fmt::Write as _;

use super::layout::{Layout, shown};
use crate::answer::Answer;
use crate::html::escape;
use crate::index::Index;

/// How many requests are shown.
const MOST: usize = 200;

pub(super) fn answer(index: &Index, live: bool) -> Answer {
    let (layout, switch) = if live {
        let stop = "<a href=\"/_/requests\">Stop following</a>";
        (Layout::live("Requests"), stop)
    } else {
        let follow = "<a href=\"/_/requests?live=1\">Follow: load again every two seconds</a>";
        (Layout::titled("Requests"), follow)
    };
    let mut html = format!(
        "<h1>Requests</h1>\n<p>The newest {MOST}, without this page. {switch}</p>\n<div class=\"wide\">\n<table>\n\
         <thead><tr><th scope=\"col\">At</th><th scope=\"col\">Method</th><th scope=\"col\">Path</th>\
         <th scope=\"col\">Status</th><th scope=\"col\">ms</th></tr></thead>\n<tbody>\n"
    );
    let requests = index.requests.newest(MOST * 2);
    let others = requests
        .iter()
        .filter(|request| !["/_/requests", "/_/style.css"].contains(&request.path.as_str()));
    for request in others.take(MOST) {
        let status = match request.status {
            0 => "reset".to_owned(),
            status => status.to_string(),
        };
        let _ = writeln!(
            html,
            "<tr><td>{}</td><td>{}</td><td>{}</td><td>{status}</td><td>{}</td></tr>",
            escape(&request.at),
            escape(&request.method),
            escape(&request.path),
            request.took.as_millis()
        );
    }
    html.push_str("</tbody>\n</table>\n</div>\n");
    shown(index, &layout, &html)
}
