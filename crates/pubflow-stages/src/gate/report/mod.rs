//! The reports that gates read. One format is one file and one row.
//!
//! A report is written by a tool that ran the project's code, so it is as hostile as that: sizes and
//! depths are bounded, nothing in it is followed or expanded, and what is not understood is an error.

mod cobertura;
mod coverage_json;
mod json;
mod junit;
mod lcov;
mod mypy;
mod number;
mod pyright;
mod ruff;
mod sarif;
mod xml;

use std::collections::{BTreeMap, BTreeSet};

/// A report may have this size; the largest seen of real projects are a tenth of it.
pub(super) const REPORT_BYTES: u64 = 64 * 1024 * 1024;
/// Longer texts of a report are cut before they are shown or kept.
const TEXT_CHARACTERS: usize = 300;

/// What a report measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Tests and their outcomes.
    Tests,
    /// Covered lines and branches.
    Coverage,
    /// Findings of rules.
    Findings,
    /// One number.
    Number,
}

/// One format of reports.
#[derive(Debug)]
pub struct Format {
    /// Its name in settings.
    pub name: &'static str,
    /// What writes it.
    pub about: &'static str,
    /// What it measures.
    pub kind: Kind,
    /// Whether the place of the value has to be named.
    pub needs_place: bool,
    /// Reads it; the text is the place.
    pub(super) read: fn(&[u8], &str) -> Result<Measured, ReportError>,
}

/// Every format, the most used first.
pub static FORMATS: &[Format] = &[
    Format {
        name: "junit",
        about: "JUnit XML: `pytest --junitxml=FILE`",
        kind: Kind::Tests,
        needs_place: false,
        read: junit::read,
    },
    Format {
        name: "coverage-json",
        about: "`coverage json`",
        kind: Kind::Coverage,
        needs_place: false,
        read: coverage_json::read,
    },
    Format {
        name: "cobertura",
        about: "Cobertura XML: `coverage xml`",
        kind: Kind::Coverage,
        needs_place: false,
        read: cobertura::read,
    },
    Format {
        name: "lcov",
        about: "lcov tracefile: `coverage lcov`",
        kind: Kind::Coverage,
        needs_place: false,
        read: lcov::read,
    },
    Format {
        name: "ruff",
        about: "`ruff check --output-format json`",
        kind: Kind::Findings,
        needs_place: false,
        read: ruff::read,
    },
    Format {
        name: "mypy",
        about: "`mypy --output json`",
        kind: Kind::Findings,
        needs_place: false,
        read: mypy::read,
    },
    Format {
        name: "pyright",
        about: "`pyright --outputjson`",
        kind: Kind::Findings,
        needs_place: false,
        read: pyright::read,
    },
    Format {
        name: "sarif",
        about: "SARIF 2.1.0 of any tool",
        kind: Kind::Findings,
        needs_place: false,
        read: sarif::read,
    },
    Format {
        name: "number",
        about: "one number of a JSON file, such as a benchmark's: number:FILE:a.b.0",
        kind: Kind::Number,
        needs_place: true,
        read: number::read,
    },
];

/// The row of a format.
#[must_use]
pub(super) fn find_format(name: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|row| row.name == name)
}

/// What a report says.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Measured {
    Tests(Tests),
    Coverage(Coverage),
    Findings(RuleCounts),
    Number(f64),
}

/// Tests and their outcomes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Tests {
    pub(crate) passed: u64,
    /// Names of those that failed.
    pub(crate) failed: BTreeSet<String>,
    /// Names of those that could not run.
    pub(crate) errors: BTreeSet<String>,
    pub(crate) skipped: u64,
    /// Names of those that failed first and passed then.
    pub(crate) flaky: BTreeSet<String>,
    /// What was said of failures and errors, and of which tests.
    pub(crate) messages: BTreeMap<String, Vec<String>>,
}

impl Tests {
    /// How many there are, of any outcome.
    pub(crate) fn collected(&self) -> u64 {
        self.ran() + self.skipped
    }

    /// How many ran or were to run.
    pub(crate) fn ran(&self) -> u64 {
        self.passed + count(&self.failed) + count(&self.errors)
    }

    /// The groups of failures by what was said, the largest first.
    pub(crate) fn groups(&self) -> Vec<(&str, &[String])> {
        let mut groups: Vec<(&str, &[String])> = self
            .messages
            .iter()
            .map(|(message, tests)| (message.as_str(), tests.as_slice()))
            .collect();
        groups.sort_by(|a, b| b.1.len().cmp(&a.1.len()).then(a.0.cmp(b.0)));
        groups
    }
}

/// How many names there are.
pub(crate) fn count(names: &BTreeSet<String>) -> u64 {
    names.len() as u64
}

/// Lines and branches: how many there are, and how many were run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Coverage {
    pub(crate) covered: u64,
    pub(crate) total: u64,
}

/// Findings by rule.
pub(crate) type RuleCounts = BTreeMap<String, RuleCount>;

/// The findings of one rule.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct RuleCount {
    /// Those that the tool itself calls errors.
    pub(crate) errors: u64,
    /// Those that it calls less.
    pub(crate) warnings: u64,
    /// Where the first one is, and what is said of it.
    pub(crate) first: String,
}

/// How a tool rates one finding itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Level {
    Error,
    Warning,
}

/// Counts one finding.
fn add(counts: &mut RuleCounts, rule: &str, level: Level, first: impl FnOnce() -> String) {
    // A name is one line of at most some length, whoever wrote it.
    let count = counts.entry(shown(rule)).or_insert_with(|| RuleCount {
        first: first(),
        ..RuleCount::default()
    });
    match level {
        Level::Error => count.errors += 1,
        Level::Warning => count.warnings += 1,
    }
}

/// A report that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ReportError {
    /// It is not there.
    #[error("is not there")]
    Missing,
    /// It was there before, and the command did not write it.
    #[error("was there before and was not written by this run")]
    Stale,
    /// The system's words.
    #[error("cannot be read: {message}")]
    Read { message: String },
    /// It is too large.
    #[error("is larger than {} MiB", REPORT_BYTES / 1024 / 1024)]
    Large,
    /// It is no text of its format.
    #[error("is not {expected}: {message}")]
    Syntax {
        expected: &'static str,
        message: String,
    },
    /// Something is not there or is something else.
    #[error("{message}")]
    Shape { message: String },
}

fn shape(message: impl Into<String>) -> ReportError {
    ReportError::Shape {
        message: message.into(),
    }
}

/// One line of bounded length without control characters, fit for terminals and journals.
pub(crate) fn shown(text: &str) -> String {
    let mut line = String::new();
    for (n, character) in text.trim().chars().enumerate() {
        if n == TEXT_CHARACTERS {
            line.push('…');
            break;
        }
        line.push(match character.is_control() {
            true => ' ',
            false => character,
        });
    }
    line
}

#[cfg(test)]
mod tests;
