//! The formats that findings come in: one file each, one row in [`FORMATS`].

use pubflow_check::SubjectReport;
use pubflow_finding::{Finding, Severity};
use serde::Serialize;

use super::style::Style;
use super::{concise, github, gitlab, json, jsonl, junit, markdown, sarif, text};
use crate::cli::Format;

/// What a check came to, and how it is to be shown.
pub(crate) struct CheckResult<'a> {
    /// What was looked at.
    pub(crate) subjects: &'a [SubjectReport],
    /// What `--fix` cured before.
    pub(crate) cured: &'a [Finding],
    /// Whether warnings fail.
    pub(crate) strict: bool,
    /// Whether notes are shown where people read.
    pub(crate) notes: bool,
    /// Whether findings are counted by rule.
    pub(crate) statistics: bool,
    /// Colour, in the formats that have it.
    pub(crate) style: Style,
}

impl CheckResult<'_> {
    /// The findings of a subject that are shown where people read.
    pub(super) fn shown<'s>(&self, subject: &'s SubjectReport) -> Vec<&'s Finding> {
        let is_shown = |finding: &&Finding| self.notes || finding.severity > Severity::Note;
        subject.findings.iter().filter(is_shown).collect()
    }

    /// Whether this finding makes its subject fail.
    pub(super) fn fails(&self, finding: &Finding) -> bool {
        let worst = if self.strict {
            Severity::Warning
        } else {
            Severity::Error
        };
        finding.severity >= worst
    }
}

/// A format of findings.
pub(crate) struct FindingsFormat {
    /// Its value on the command line.
    pub(crate) format: Format,
    /// Writes everything in this format.
    pub(crate) render: fn(&CheckResult) -> String,
}

/// Every format, in the order of the help.
pub(crate) static FORMATS: &[FindingsFormat] = &[
    row(Format::Text, text::render),
    row(Format::Concise, concise::render),
    row(Format::Json, json::render),
    row(Format::Jsonl, jsonl::render),
    row(Format::Sarif, sarif::render),
    row(Format::Github, github::render),
    row(Format::Gitlab, gitlab::render),
    row(Format::Junit, junit::render),
    row(Format::Markdown, markdown::render),
];

const fn row(format: Format, render: fn(&CheckResult) -> String) -> FindingsFormat {
    FindingsFormat { format, render }
}

/// A result in one format.
pub(crate) fn rendered(result: &CheckResult, format: Format) -> String {
    let row = FORMATS.iter().find(|row| row.format == format);
    row.map_or_else(String::new, |row| (row.render)(result))
}

/// A document as indented JSON with a line end.
pub(super) fn json_text<T: Serialize>(document: &T) -> String {
    let text = serde_json::to_string_pretty(document).expect("texts and numbers serialise");
    text + "\n"
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum;

    use super::*;

    #[test]
    fn every_format_has_its_row() {
        let rows: Vec<Format> = FORMATS.iter().map(|row| row.format).collect();
        assert_eq!(rows, Format::value_variants());
    }
}
