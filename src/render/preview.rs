//! Rendered descriptions: as JSON, and as a page that can be looked at.

use pubflow_readme::{FirstMessage, Judgement, TwineVerdict};
use serde::{Deserialize, Serialize};

/// One line of `pubflow preview --batch`.
#[derive(Debug, Deserialize)]
pub(crate) struct PreviewQuestion {
    pub(crate) id: String,
    /// `null` where the metadata has no description, which PyPI treats as an empty one.
    pub(crate) text: Option<String>,
    #[serde(default)]
    pub(crate) content_type: Option<String>,
    #[serde(default)]
    pub(crate) profile: Option<String>,
}

/// The verdict on one description.
#[derive(Debug, Serialize)]
pub(crate) struct PreviewAnswer {
    #[serde(skip_serializing_if = "Option::is_none")]
    schema: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    verdict: &'static str,
    first_message: Option<MessageJson>,
    html: Option<String>,
    html_plain: Option<String>,
    twine_verdict: &'static str,
}

/// The message behind a refusal.
#[derive(Debug, Serialize)]
struct MessageJson {
    line: Option<usize>,
    level: Option<&'static str>,
    message: String,
}

impl From<FirstMessage> for MessageJson {
    fn from(message: FirstMessage) -> Self {
        Self {
            line: message.line,
            level: message.level.map(|level| level.as_str()),
            message: message.message,
        }
    }
}

impl PreviewAnswer {
    /// The answer to the question called `id`.
    pub(crate) fn in_batch(id: String, judgement: Judgement, twine: TwineVerdict) -> Self {
        Self {
            schema: None,
            id: Some(id),
            ..Self::alone(judgement, twine)
        }
    }

    /// The document for one file. Code is never highlighted, so `html` is null wherever
    /// highlighting could have changed something.
    pub(crate) fn alone(judgement: Judgement, twine: TwineVerdict) -> Self {
        let (html_plain, has_code) = (judgement.html, judgement.has_code);
        Self {
            schema: Some(super::SCHEMA),
            id: None,
            verdict: if judgement.accepted { "pass" } else { "fail" },
            first_message: judgement.first_message.map(MessageJson::from),
            html: html_plain.clone().filter(|_| !has_code),
            html_plain,
            twine_verdict: twine.as_str(),
        }
    }
}

/// The answer to a line that is no question.
#[derive(Debug, Serialize)]
pub(crate) struct PreviewError {
    id: Option<String>,
    error: String,
}

impl PreviewError {
    /// Says what is wrong with the line.
    pub(crate) fn new(error: String) -> Self {
        Self { id: None, error }
    }
}

const STYLE: &str = "\
:root { color-scheme: light dark; --line: #8884; --soft: #8881; }
body { font: 16px/1.6 system-ui, sans-serif; margin: 0 auto; max-width: 52rem; padding: 2rem 1rem; }
h1, h2 { border-bottom: 1px solid var(--line); padding-bottom: .2em; }
h1, h2, h3, h4, h5, h6 { line-height: 1.25; margin: 1.6em 0 .6em; }
pre { background: var(--soft); border-radius: 6px; overflow: auto; padding: 1em; }
code, tt { background: var(--soft); border-radius: 4px; font-size: .9em; padding: .1em .3em; }
pre code { background: none; padding: 0; }
blockquote { border-left: 4px solid var(--line); margin-left: 0; padding-left: 1em; }
table { border-collapse: collapse; display: block; overflow: auto; }
td, th { border: 1px solid var(--line); padding: .4em .8em; text-align: left; }
img { max-width: 100%; }
aside { background: var(--soft); border-radius: 6px; padding: .1em 1em; }
";

/// A page around the HTML; needs nothing from anywhere.
pub(crate) fn preview_page(title: &str, html: &str) -> String {
    let title = title.replace('&', "&amp;").replace('<', "&lt;");
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n{html}\n</body>\n</html>\n"
    )
}
