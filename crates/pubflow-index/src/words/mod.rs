//! What a server said, made fit to be shown.
//!
//! The same sentence may stand in the reason phrase, in a JSON object (`message`, `detail`,
//! `title`, `code`), in an HTML page or in plain text; it is cleaned of secrets and control characters.
//!
//! Spec: RFC 9457 for `detail` and `title`.

use std::fmt;

use pubflow_http::{Redactor, Response};

mod wire;

/// Read of a refusal at most, in bytes. The longest seen is under 4 KiB.
const READ_BYTES: usize = 64 * 1024;

/// The server's own words, without secrets and control characters; may be empty.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ServerWords(String);

impl ServerWords {
    /// Reads what a refusal says.
    pub(crate) async fn of(response: Response, redactor: &Redactor) -> Self {
        let reason = response.reason().unwrap_or_default();
        let content_type = response
            .header("content-type")
            .unwrap_or_default()
            .to_owned();
        let prefix = response.read_prefix(READ_BYTES).await;
        let mut body = prefix.bytes;
        if prefix.cut {
            // The end may be the first half of a secret, which no search would find.
            body.truncate(body.len().saturating_sub(redactor.longest()));
        }
        let body = String::from_utf8_lossy(&body);
        Self::from_parts(&reason, &content_type, &body, redactor)
    }

    fn from_parts(reason: &str, content_type: &str, body: &str, redactor: &Redactor) -> Self {
        let said = if content_type.contains("json") {
            wire::sentence(body)
        } else if content_type.contains("html") || body.trim_start().starts_with('<') {
            Some(text_of_html(body))
        } else {
            Some(body.to_owned())
        };
        let said = redactor.clean(&said.unwrap_or_default());
        let reason = redactor.clean(reason);
        // Some servers give the reason in the phrase alone and a page for people in the body.
        Self(if said.is_empty() {
            reason
        } else if said.contains(&reason) {
            said
        } else {
            format!("{reason}; {said}")
        })
    }

    /// The words, on one line.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the server said nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for ServerWords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The text between the tags, without styles and scripts; the title, which repeats the heading,
/// only where there is nothing else.
fn text_of_html(html: &str) -> String {
    const SILENT: [&str; 3] = ["style", "script", "title"];
    let lower = html.to_ascii_lowercase();
    let mut text = String::new();
    let mut title = "";
    let mut at = 0;
    while let Some(start) = html[at..].find('<').map(|found| at + found) {
        text.push_str(&html[at..start]);
        text.push(' ');
        let Some(end) = html[start..].find('>').map(|found| start + found) else {
            at = html.len();
            break;
        };
        at = end + 1;
        let tag = &lower[start + 1..end];
        let name = tag.split(|c: char| !c.is_ascii_alphanumeric()).next();
        if let Some(silent) = SILENT.iter().find(|silent| name == Some(**silent)) {
            let end_tag = lower[at..].find(&format!("</{silent}"));
            let after = end_tag.map_or(html.len(), |found| at + found);
            if *silent == "title" {
                title = &html[at..after];
            }
            at = after;
        }
    }
    text.push_str(&html[at..]);
    let text = if text.trim().is_empty() { title } else { &text };
    crate::simple::unescape(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(reason: &str, content_type: &str, body: &str, expected: &str) {
        let words = ServerWords::from_parts(reason, content_type, body, &Redactor::new());
        assert_eq!(words.as_str(), expected);
    }

    #[test]
    fn the_sentence_is_found_in_every_shape() {
        let json = r#"{"message": "The server could not comply.\n\n\nOnly one sdist may be uploaded per release.\n\n", "code": "400 Only one sdist may be uploaded per release.", "title": "Bad Request"}"#;
        check(
            "",
            "application/json",
            json,
            "Only one sdist may be uploaded per release.",
        );
        check(
            "",
            "application/problem+json",
            r#"{"title": "Conflict", "detail": "version is sealed"}"#,
            "version is sealed",
        );
        check(
            "400 No",
            "text/html; charset=UTF-8",
            "<html><head><title>400 No</title><style>a{}</style></head><body><h1>400 No &amp; never</h1><script>1<2</script></body></html>",
            "400 No & never",
        );
        check(
            "Bad Request",
            "text/plain",
            "already there\n",
            "Bad Request; already there",
        );
        check(
            "",
            "text/html",
            "<head><title>400 gone</title></head>",
            "400 gone",
        );
        check(
            "Repository does not allow updating assets",
            "",
            "",
            "Repository does not allow updating assets",
        );
        check("", "application/json", "not json", "not json");
    }

    #[test]
    fn html_that_never_ends_is_read_in_linear_time() {
        let body = "<script>".repeat(5000);
        check("", "text/html", &body, "");
        check("", "text/html", &"<".repeat(20_000), "");
        check("", "text/html", &"<script></script>".repeat(2000), "");
    }
}
