//! One error, in text and in JSON: what, where, why, next, docs.

use pubflow_pipeline::Report;
use serde::Serialize;

use super::clean::clean;
use super::style::Style;

/// An error as it stands on the terminal.
pub(crate) fn error_text(report: &Report, style: Style) -> String {
    let code = report.code.as_deref();
    let heading = code.map_or_else(|| "error".to_owned(), |code| format!("error[{code}]"));
    let mut text = format!("{}: {}\n", style.red(&heading), clean(&report.message));
    let docs = code.map(|code| format!("pubflow rule {code}"));
    let parts = [
        ("where", &report.place),
        ("why", &report.why),
        ("next", &report.next),
        ("docs", &docs),
    ];
    for (name, part) in parts {
        if let Some(part) = part {
            let part = clean(part).trim_end().replace('\n', "\n         ");
            text.push_str(&format!("  {:<6} {part}\n", format!("{name}:")));
        }
    }
    text
}

/// An error in JSON.
#[derive(Debug, Serialize)]
pub(crate) struct ErrorJson {
    code: Option<String>,
    message: String,
    r#where: Option<String>,
    why: Option<String>,
    next: Option<String>,
}

impl From<&Report> for ErrorJson {
    fn from(report: &Report) -> Self {
        Self {
            code: report.code.clone(),
            message: report.message.clone(),
            r#where: report.place.clone(),
            why: report.why.clone(),
            next: report.next.clone(),
        }
    }
}

/// What is printed as JSON when a command ends in an error.
#[derive(Debug, Serialize)]
pub(crate) struct ErrorDocument {
    schema: u32,
    exit: u8,
    error: ErrorJson,
}

impl ErrorDocument {
    /// The document for an error that ends the command with status `exit`.
    pub(crate) fn new(exit: u8, report: &Report) -> Self {
        Self {
            schema: super::SCHEMA,
            exit,
            error: report.into(),
        }
    }
}
