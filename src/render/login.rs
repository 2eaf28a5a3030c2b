//! What `login` and `logout` print.

use pubflow_index::credential::TokenFacts;
use pubflow_index::credential::vault::{Entry, Place};
use serde::Serialize;

/// What `pubflow login --format json` prints.
#[derive(Debug, Serialize)]
pub(crate) struct LoginDocument {
    schema: u32,
    index: String,
    origin: String,
    project: Option<String>,
    place: String,
    expires: Option<String>,
}

impl LoginDocument {
    /// The document for a token that was kept.
    pub(crate) fn new(index: &str, entry: &Entry, place: &Place, facts: &TokenFacts) -> Self {
        Self {
            schema: super::SCHEMA,
            index: index.to_owned(),
            origin: entry.origin.to_string(),
            project: entry.project.clone(),
            place: place.to_string(),
            expires: facts.expires.map(|time| time.to_string()),
        }
    }

    /// The same for people.
    pub(crate) fn text(&self, title: &str) -> String {
        let project = self.project.as_deref();
        let scope = project.map_or(String::new(), |project| {
            format!(", project {project} alone")
        });
        let expires = self.expires.as_deref();
        let until = expires.map_or(String::new(), |time| format!(", until {time}"));
        format!(
            "kept a token for {title} ({}{scope}{until}) in {}\n",
            self.origin, self.place
        )
    }
}

/// What `pubflow logout --format json` prints.
#[derive(Debug, Serialize)]
pub(crate) struct LogoutDocument {
    schema: u32,
    index: String,
    forgotten: Vec<ForgottenJson>,
}

#[derive(Debug, Serialize)]
struct ForgottenJson {
    origin: String,
    project: Option<String>,
    place: String,
}

impl LogoutDocument {
    /// The document for the tokens that were forgotten.
    pub(crate) fn new(index: &str, forgotten: &[(Entry, Place)]) -> Self {
        let forgotten = forgotten.iter().map(|(entry, place)| ForgottenJson {
            origin: entry.origin.to_string(),
            project: entry.project.clone(),
            place: place.to_string(),
        });
        Self {
            schema: super::SCHEMA,
            index: index.to_owned(),
            forgotten: forgotten.collect(),
        }
    }

    /// The same for people.
    pub(crate) fn text(&self, title: &str) -> String {
        if self.forgotten.is_empty() {
            return format!("no token was kept for {title}\n");
        }
        let lines = self.forgotten.iter().map(|token| {
            let project = token.project.as_deref();
            let scope = project.map_or(String::new(), |project| format!(", project {project}"));
            format!(
                "forgot the token for {title} ({}{scope}) in {}\n",
                token.origin, token.place
            )
        });
        lines.collect()
    }
}
