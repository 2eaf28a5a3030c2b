//! Rules in JSON.

use pubflow_finding::Rule;
use serde::Serialize;

/// What `pubflow rule --format json` prints.
#[derive(Debug, Serialize)]
pub(crate) struct RulesDocument {
    schema: u32,
    rules: Vec<RuleJson>,
}

impl RulesDocument {
    /// The document for `rules`.
    pub(crate) fn new(rules: Vec<RuleJson>) -> Self {
        Self {
            schema: super::SCHEMA,
            rules,
        }
    }
}

/// One rule.
#[derive(Debug, Serialize)]
pub(crate) struct RuleJson {
    code: &'static str,
    name: &'static str,
    severity: &'static str,
    source: &'static str,
    refused_by: Vec<&'static str>,
    about: &'static str,
}

impl From<&'static Rule> for RuleJson {
    fn from(rule: &'static Rule) -> Self {
        Self {
            code: rule.code,
            name: rule.name,
            severity: rule.severity.as_str(),
            source: rule.source,
            refused_by: rule
                .refused_by
                .iter()
                .map(|refuser| refuser.as_str())
                .collect(),
            about: rule.about,
        }
    }
}

/// What `pubflow rule E…` prints as JSON.
#[derive(Debug, Serialize)]
pub(crate) struct ErrorCodeDocument<'a> {
    schema: u32,
    code: String,
    about: &'a str,
}

impl<'a> ErrorCodeDocument<'a> {
    /// The document for one error code and its section of the page.
    pub(crate) fn new(code: &str, section: &'a str) -> Self {
        let about = section
            .split_once('\n')
            .map_or("", |(_, about)| about.trim());
        Self {
            schema: super::SCHEMA,
            code: code.to_ascii_uppercase(),
            about,
        }
    }
}
