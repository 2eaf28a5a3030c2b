//! The file of tokens: `{"schema": 1, "tokens": [{"origin", "project", "token"}]}`; described in
//! docs/credentials.md.

use std::borrow::Cow;
use std::collections::BTreeMap;

use pubflow_http::{Origin, Secret};
use serde::{Deserialize, Serialize};
use url::Url;
use zeroize::Zeroizing;

use super::Entry;

const SCHEMA: u32 = 1;

/// The tokens of a file.
#[derive(Default)]
pub(super) struct Tokens(BTreeMap<Entry, Secret>);

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document<'a> {
    schema: u32,
    #[serde(borrow)]
    tokens: Vec<Row<'a>>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row<'a> {
    origin: String,
    project: Option<String>,
    /// Borrowed where JSON escapes nothing in it, so that no copy of a token is left in memory.
    #[serde(borrow)]
    token: Cow<'a, str>,
}

impl Tokens {
    /// The tokens in a file; none when it is no such file.
    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        let document: Document<'_> = serde_json::from_slice(bytes).ok()?;
        if document.schema != SCHEMA {
            return None;
        }
        let read = |row: Row<'_>| {
            let origin = Origin::of(&Url::parse(&row.origin).ok()?).ok()?;
            let project = row.project;
            Some((
                Entry { origin, project },
                Secret::from_text(row.token.into_owned()).ok()?,
            ))
        };
        document
            .tokens
            .into_iter()
            .map(read)
            .collect::<Option<_>>()
            .map(Self)
    }

    pub(super) fn render(&self) -> Zeroizing<String> {
        let rows = self.0.iter().map(|(entry, token)| Row {
            origin: entry.origin.to_string(),
            project: entry.project.clone(),
            token: Cow::Borrowed(token.expose()),
        });
        let document = Document {
            schema: SCHEMA,
            tokens: rows.collect(),
        };
        let text = serde_json::to_string_pretty(&document);
        Zeroizing::new(text.expect("texts and numbers can always be written") + "\n")
    }

    pub(super) fn get(&self, entry: &Entry) -> Option<&Secret> {
        self.0.get(entry)
    }

    pub(super) fn set(&mut self, entry: Entry, token: Secret) {
        self.0.insert(entry, token);
    }

    pub(super) fn remove(&mut self, entry: &Entry) {
        self.0.remove(entry);
    }
}
