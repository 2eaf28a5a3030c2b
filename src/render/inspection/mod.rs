//! What is in a distribution: as text, as JSON, and as a page for a browser.

mod document;
mod page;
mod text;
mod tree;

use std::path::Path;

use pubflow_dist::Distribution;
use pubflow_dist::overview::{Overview, RecordState};
use pubflow_finding::{Finding, Severity};
use pubflow_spec::Sha256;

use super::size::count;

pub(crate) use document::inspection_document;
pub(crate) use page::inspection_page;
pub(crate) use text::inspection_text;

/// A distribution that was looked at.
pub(crate) struct Inspected<'a> {
    /// The file, as it was named.
    pub(crate) path: &'a Path,
    /// Size of the file.
    pub(crate) bytes: u64,
    /// Digest of the file.
    pub(crate) sha256: Sha256,
    /// What was read of it.
    pub(crate) distribution: &'a Distribution,
    /// What it holds.
    pub(crate) overview: &'a Overview,
    /// What `check` says about it.
    pub(crate) findings: &'a [Finding],
}

impl Inspected<'_> {
    fn filename(&self) -> String {
        self.path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default()
    }

    fn kind(&self) -> &'static str {
        self.distribution
            .kind()
            .map_or("unknown", |kind| kind.as_str())
    }

    /// The first value of a metadata field, unless it is empty.
    fn field(&self, name: &str) -> Option<&str> {
        let value = self.distribution.metadata()?.first(name)?.trim();
        (!value.is_empty() && value != "UNKNOWN").then_some(value)
    }

    /// `numpy 2.1.0`, or the file name where no metadata can be read.
    fn title(&self) -> String {
        match (self.field("Name"), self.field("Version")) {
            (Some(name), Some(version)) => format!("{name} {version}"),
            _ => self.filename(),
        }
    }

    /// The licence in a few words.
    fn licence(&self) -> String {
        let licences = &self.overview.licences;
        let told = licences
            .expression
            .clone()
            .or_else(|| licences.text.clone())
            .or_else(|| {
                let last = licences
                    .classifiers
                    .iter()
                    .map(|classifier| classifier.rsplit(" :: ").next().unwrap_or(classifier));
                last.map(str::to_owned)
                    .reduce(|all, one| format!("{all}, {one}"))
            })
            .unwrap_or_else(|| "not told".to_owned());
        let n_missing = licences
            .files
            .iter()
            .filter(|file| file.member.is_none())
            .count();
        match (licences.files.len(), n_missing) {
            (0, _) => told,
            (n, 0) => format!("{told} ({})", count(n, "licence file")),
            (n, missing) => format!("{told} ({}, {missing} missing)", count(n, "licence file")),
        }
    }

    /// How many findings of each severity.
    fn verdict(&self) -> String {
        let n = |severity| {
            let of = self.findings.iter().filter(|f| f.severity == severity);
            of.count()
        };
        match (n(Severity::Error), n(Severity::Warning), n(Severity::Note)) {
            (0, 0, 0) => "nothing found".to_owned(),
            (errors, warnings, notes) => format!(
                "{}, {}, {}",
                count(errors, "error"),
                count(warnings, "warning"),
                count(notes, "note")
            ),
        }
    }
}

/// RECORD in a few words.
fn record_words(record: &RecordState) -> String {
    if !record.is_readable {
        return "missing, or it cannot be read".to_owned();
    }
    if record.is_whole() {
        return format!("{}, every file listed as it is", count(record.rows, "row"));
    }
    let parts: Vec<String> = [
        (record.wrong, "with another digest or size than the file"),
        (record.without_digest, "without a SHA-256"),
        (record.absent, "of files that are not in the wheel"),
        (record.unlisted, "missing for files of the wheel"),
    ]
    .into_iter()
    .filter(|(n, _)| *n > 0)
    .map(|(n, words)| format!("{n} {words}"))
    .collect();
    format!("{}; {}", count(record.rows, "row"), parts.join(", "))
}
