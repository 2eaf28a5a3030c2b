//! `risks.toml`: what could go wrong with a release, as the project itself sees it.

use std::path::Path;

use toml_edit::{Document, Item};

use super::file::{ConfigError, Reader, line_of};
use super::origin::Origin;

/// Where the file is looked for, in this order.
const FILES: [&str; 2] = ["risks.toml", "docs/risks.toml"];
const KEYS: &[&str] = &["risk", "level", "mitigation", "status", "owner"];
const LEVELS: [&str; 4] = ["low", "medium", "high", "critical"];
const STATES: [&str; 4] = ["open", "mitigated", "accepted", "closed"];

/// One risk.
#[derive(Debug, Clone)]
pub(crate) struct Risk {
    /// What could go wrong.
    pub(crate) risk: String,
    /// `low`, `medium`, `high` or `critical`.
    pub(crate) level: String,
    /// What is done about it.
    pub(crate) mitigation: Option<String>,
    /// `open`, `mitigated`, `accepted` or `closed`.
    pub(crate) status: String,
    /// Whose risk it is.
    pub(crate) owner: Option<String>,
}

/// Reads the risks of the project in `directory`; none where there is no file.
///
/// # Errors
/// The file cannot be read or breaks the schema.
pub(crate) fn read_risks(directory: &Path) -> Result<Vec<Risk>, ConfigError> {
    let found = FILES.iter().map(|name| directory.join(name));
    let Some(path) = found.into_iter().find(|path| path.is_file()) else {
        return Ok(Vec::new());
    };
    let text = std::fs::read_to_string(&path).map_err(|source| ConfigError::Read {
        path: path.clone(),
        source,
    })?;
    let document = Document::parse(text.as_str()).map_err(|error| ConfigError::Syntax {
        path: path.clone(),
        line: line_of(&text, error.span().map_or(0, |span| span.start)),
        message: error.message().to_owned(),
    })?;
    let reader = Reader {
        path: &path,
        text: &text,
        origin: Origin::ProjectFile(path.clone()),
    };
    reader.known_keys(document.as_table(), "", &["risk"])?;
    let Some(item) = document.get("risk") else {
        return Ok(Vec::new());
    };
    let tables = item
        .as_array_of_tables()
        .ok_or_else(|| reader.wrong_type(item, "risk", "an array of tables: [[risk]]"))?;
    let risks = tables.iter().enumerate().map(|(number, table)| {
        let at = format!("risk[{number}]");
        reader.known_keys(table, &at, KEYS)?;
        let text = |key: &str| {
            let found = table.get(key).map(|item| {
                let text = item.as_str().map(str::to_owned);
                text.ok_or_else(|| reader.wrong_type(item, &format!("{at}.{key}"), "a string"))
            });
            found.transpose()
        };
        let one_of = |key: &str, words: &[&str], expected: &'static str| {
            let word = text(key)?.unwrap_or_else(|| words[0].to_owned());
            match words.contains(&word.as_str()) {
                true => Ok(word),
                false => {
                    let place = table.get(key).unwrap_or(&Item::None);
                    Err(reader.wrong_type(place, &format!("{at}.{key}"), expected))
                }
            }
        };
        Ok(Risk {
            risk: text("risk")?
                .ok_or_else(|| reader.unfit(item, &at, "needs a `risk`: what could go wrong"))?,
            level: one_of(
                "level",
                &LEVELS,
                "\"low\", \"medium\", \"high\" or \"critical\"",
            )?,
            mitigation: text("mitigation")?,
            status: one_of(
                "status",
                &STATES,
                "\"open\", \"mitigated\", \"accepted\" or \"closed\"",
            )?,
            owner: text("owner")?,
        })
    });
    risks.collect()
}
