//! Rendered descriptions: as JSON, and as a page that can be looked at.

use pubflow_finding::Finding;
use pubflow_readme::{FirstMessage, Judgement, Profile, TwineVerdict};
use serde::{Deserialize, Serialize};

use super::finding_json::FindingJson;

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
    /// What the checks of a description say; not in a batch, which judges only.
    #[serde(skip_serializing_if = "Option::is_none")]
    findings: Option<Vec<FindingJson>>,
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
            findings: None,
            ..Self::alone(judgement, twine, &[])
        }
    }

    /// The document for one file. Code is never highlighted, so `html` is null wherever
    /// highlighting could have changed something.
    pub(crate) fn alone(judgement: Judgement, twine: TwineVerdict, findings: &[Finding]) -> Self {
        let (html_plain, has_code) = (judgement.html, judgement.has_code);
        Self {
            schema: Some(super::SCHEMA),
            id: None,
            verdict: if judgement.accepted { "pass" } else { "fail" },
            first_message: judgement.first_message.map(MessageJson::from),
            html: html_plain.clone().filter(|_| !has_code),
            html_plain,
            twine_verdict: twine.as_str(),
            findings: Some(findings.iter().map(FindingJson::from).collect()),
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

/// The page's own look: light or dark as the reader's system is, and readable when narrow.
const STYLE: &str = include_str!("preview.css");

/// A page around the HTML; needs nothing from anywhere but the images that the text names.
pub(crate) fn preview_page(title: &str, html: &str, profile: Profile) -> String {
    let title = title.replace('&', "&amp;").replace('<', "&lt;");
    let renderer = profile.as_str();
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n\
         <header><b>{title}</b> <span>as PyPI shows it, renderer {renderer}; code is not coloured here</span></header>\n\
         <main>\n{html}\n</main>\n</body>\n</html>\n"
    )
}
