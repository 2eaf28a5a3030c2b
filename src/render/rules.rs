//! Rules in JSON.

use pubflow_finding::{Rule, Severity};
use pubflow_stages::refused_by;
use serde::Serialize;

use super::filled::filled;
use super::style::Style;

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
    why: &'static str,
    cure: &'static str,
    bad: &'static str,
    good: &'static str,
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
            why: rule.why,
            cure: rule.cure,
            bad: rule.bad,
            good: rule.good,
        }
    }
}

/// Columns of running text.
const WIDTH: usize = 96;

/// One rule for people.
pub(crate) fn rule_text(rule: &Rule, style: Style) -> String {
    let severity = match rule.severity {
        Severity::Error => style.red("error"),
        Severity::Warning => style.yellow("warning"),
        Severity::Note => "note".to_owned(),
    };
    let mut text = format!("{} {}\n", style.bold(rule.code), style.bold(rule.name));
    let refused = refused_by(rule);
    text.push_str(&format!(
        "{severity} · refused by: {refused} · source: {}\n",
        rule.source
    ));
    text.push_str(&format!("\n{}\n", filled(rule.about, WIDTH)));
    for (heading, words) in [("Why it hurts", rule.why), ("How to fix it", rule.cure)] {
        text.push_str(&format!(
            "\n{}\n{}\n",
            style.bold(heading),
            filled(words, WIDTH)
        ));
    }
    for (heading, lines) in [("Bad", rule.bad), ("Good", rule.good)] {
        text.push_str(&format!("\n{}\n", style.bold(heading)));
        for line in lines.lines() {
            text.push_str(&format!("    {line}\n"));
        }
    }
    text
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
