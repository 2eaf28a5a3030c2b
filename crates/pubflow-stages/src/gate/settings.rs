//! What a gate is: what it runs, what it reads, and what it asks of that.

use std::collections::BTreeMap;
use std::time::Duration;

use super::report::{Format, Kind, find_format};

/// How long a command of a gate may run where nothing else is said.
pub const TIMEOUT: Duration = Duration::from_secs(30 * 60);

/// One gate of a project.
#[derive(Debug, Clone, PartialEq)]
pub struct Gate {
    /// Its name; the step is called `gate:NAME`.
    pub name: String,
    /// What it looks at.
    pub work: GateWork,
    /// What it asks.
    pub thresholds: Thresholds,
    /// Whether it stops a release; one that does not only says what it saw.
    pub required: bool,
}

/// What a gate looks at.
#[derive(Debug, Clone, PartialEq)]
pub enum GateWork {
    /// A command, and the report that it writes.
    Command(CommandGate),
    /// A report that something else wrote.
    Report(ReportSource),
    /// Words that must not stand in the tracked files.
    Todo {
        /// The words.
        words: Vec<String>,
    },
}

/// A command that a gate runs.
#[derive(Debug, Clone, PartialEq)]
pub struct CommandGate {
    /// Program and arguments; `{out}` stands for a directory of this run alone.
    pub run: Vec<String>,
    /// The report it writes; without one the exit status decides.
    pub report: Option<ReportSource>,
    /// How long it may run.
    pub timeout: Duration,
    /// How often it is run again after a failure. What passes then is flaky.
    pub retries: u32,
}

/// Which report is read, and how.
#[derive(Debug, Clone)]
pub struct ReportSource {
    /// The row of the reader.
    pub format: &'static Format,
    /// The file, relative to the project, where `{out}` may stand; `-` is the standard output.
    pub file: String,
    /// Where in the file the value stands, for the formats that ask.
    pub at: Option<String>,
}

impl PartialEq for ReportSource {
    fn eq(&self, other: &Self) -> bool {
        (self.format.name, &self.file, &self.at) == (other.format.name, &other.file, &other.at)
    }
}

/// A report that cannot be meant.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReportSourceError {
    /// There is no colon in it.
    #[error("is not FORMAT:FILE")]
    NoFormat,
    /// No reader has this name.
    #[error("names the unknown format `{found}`; there are {known}")]
    UnknownFormat {
        /// The name.
        found: String,
        /// Those there are.
        known: String,
    },
    /// The file is missing.
    #[error("names no file")]
    NoFile,
    /// The format needs a place in the file.
    #[error("needs FORMAT:FILE:PLACE, such as number:bench.json:mean.seconds")]
    NoPlace,
}

impl ReportSource {
    /// Reads `FORMAT:FILE`, or `FORMAT:FILE:PLACE` for formats that need a place.
    ///
    /// # Errors
    /// [`ReportSourceError`].
    pub fn parse(text: &str) -> Result<Self, ReportSourceError> {
        let (name, file) = text.split_once(':').ok_or(ReportSourceError::NoFormat)?;
        let format = find_format(name).ok_or_else(|| {
            let known: Vec<&str> = super::report::FORMATS.iter().map(|row| row.name).collect();
            ReportSourceError::UnknownFormat {
                found: name.to_owned(),
                known: known.join(", "),
            }
        })?;
        let (file, at) = match format.needs_place {
            true => {
                let (file, at) = file.rsplit_once(':').ok_or(ReportSourceError::NoPlace)?;
                if at.is_empty() {
                    return Err(ReportSourceError::NoPlace);
                }
                (file, Some(at.to_owned()))
            }
            false => (file, None),
        };
        if file.is_empty() {
            return Err(ReportSourceError::NoFile);
        }
        Ok(Self {
            format,
            file: file.to_owned(),
            at,
        })
    }
}

impl std::fmt::Display for ReportSource {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}:{}", self.format.name, self.file)?;
        match &self.at {
            Some(at) => write!(formatter, ":{at}"),
            None => Ok(()),
        }
    }
}

/// What a test that passes only sometimes costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaky {
    /// The gate fails.
    Fail,
    /// The gate passes and says so.
    Warn,
}

/// What a finding of a rule costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rating {
    /// The gate fails.
    Block,
    /// The gate says so.
    Warn,
    /// Nothing.
    Ignore,
}

impl Rating {
    /// The word that stands for it in settings.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Block => "block",
            Self::Warn => "warn",
            Self::Ignore => "ignore",
        }
    }
}

/// What a gate asks of what it sees. None asks what is usual: no failed test, no error, at least one
/// test; no finding that the tool itself calls an error.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Thresholds {
    /// Share of passed tests among those that ran, from 0 to 1.
    pub min_pass_rate: Option<f64>,
    /// Failed tests at most.
    pub max_failed: Option<u64>,
    /// Tests at most that could not run.
    pub max_errors: Option<u64>,
    /// Skipped tests at most.
    pub max_skipped: Option<u64>,
    /// Tests at least, of any outcome.
    pub min_collected: Option<u64>,
    /// What a flaky test costs.
    pub flaky: Option<Flaky>,
    /// Coverage in percent, or a number, at least.
    pub min: Option<f64>,
    /// Findings or a number at most.
    pub max: Option<f64>,
    /// What findings of a rule cost, by code or beginning of codes.
    pub severity: BTreeMap<String, Rating>,
}

impl Thresholds {
    /// The names of those that are set, as they stand in settings, each with its value.
    #[must_use]
    pub fn named(&self) -> Vec<(&'static str, String)> {
        let mut rows = Vec::new();
        let mut add = |name, value: Option<String>| {
            if let Some(value) = value {
                rows.push((name, value));
            }
        };
        add("min-pass-rate", self.min_pass_rate.map(|v| v.to_string()));
        add("max-failed", self.max_failed.map(|v| v.to_string()));
        add("max-errors", self.max_errors.map(|v| v.to_string()));
        add("max-skipped", self.max_skipped.map(|v| v.to_string()));
        add("min-collected", self.min_collected.map(|v| v.to_string()));
        let flaky = self.flaky.map(|flaky| match flaky {
            Flaky::Fail => "fail".to_owned(),
            Flaky::Warn => "warn".to_owned(),
        });
        add("flaky", flaky);
        add("min", self.min.map(|v| v.to_string()));
        add("max", self.max.map(|v| v.to_string()));
        if !self.severity.is_empty() {
            let ratings = self.severity.iter();
            let ratings: Vec<String> = ratings
                .map(|(code, rating)| format!("{code} = {}", rating.word()))
                .collect();
            add("severity", Some(ratings.join(", ")));
        }
        rows
    }

    /// The thresholds that mean something for what is measured.
    #[must_use]
    pub fn of(kind: Kind) -> &'static [&'static str] {
        match kind {
            Kind::Tests => &[
                "min-pass-rate",
                "max-failed",
                "max-errors",
                "max-skipped",
                "min-collected",
                "flaky",
            ],
            Kind::Coverage => &["min"],
            Kind::Findings => &["max", "severity"],
            Kind::Number => &["min", "max"],
        }
    }
}

impl Gate {
    /// What it measures; nothing where an exit status decides.
    #[must_use]
    pub fn measures(&self) -> Option<Kind> {
        match &self.work {
            GateWork::Command(command) => command.report.as_ref().map(|report| report.format.kind),
            GateWork::Report(report) => Some(report.format.kind),
            GateWork::Todo { .. } => Some(Kind::Findings),
        }
    }

    /// The report it reads.
    #[must_use]
    pub fn report(&self) -> Option<&ReportSource> {
        match &self.work {
            GateWork::Command(command) => command.report.as_ref(),
            GateWork::Report(report) => Some(report),
            GateWork::Todo { .. } => None,
        }
    }

    /// The first threshold that means nothing for this gate, where one is set.
    #[must_use]
    pub fn meaningless(&self) -> Option<&'static str> {
        let known = match self.measures() {
            Some(kind) => Thresholds::of(kind),
            None => &[],
        };
        let is_flaky_command = |name: &&str| {
            *name == "flaky"
                && matches!(&self.work, GateWork::Command(command) if command.retries > 0)
        };
        let set = self.thresholds.named();
        let found = set
            .iter()
            .find(|(name, _)| !known.contains(name) && !is_flaky_command(name));
        found.map(|(name, _)| *name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_are_named_by_format_file_and_place() {
        let report = ReportSource::parse("number:{out}/bench.json:mean.seconds").unwrap();
        assert_eq!(
            (
                report.format.name,
                report.file.as_str(),
                report.at.as_deref()
            ),
            ("number", "{out}/bench.json", Some("mean.seconds"))
        );
        assert_eq!(report.to_string(), "number:{out}/bench.json:mean.seconds");
        for (text, words) in [
            ("junit", "is not FORMAT:FILE"),
            ("junit:", "no file"),
            ("number:bench.json", "PLACE"),
            ("number:bench.json:", "PLACE"),
            ("junix:a.xml", "unknown format `junix`; there are junit"),
        ] {
            let error = ReportSource::parse(text).unwrap_err().to_string();
            assert!(error.contains(words), "{text}: {error}");
        }
    }

    #[test]
    fn a_threshold_that_means_nothing_is_found() {
        let mut gate = Gate {
            name: "tests".to_owned(),
            work: GateWork::Report(ReportSource::parse("junit:a.xml").unwrap()),
            thresholds: Thresholds {
                max_failed: Some(1),
                ..Thresholds::default()
            },
            required: true,
        };
        assert_eq!(gate.meaningless(), None);
        gate.thresholds.min = Some(85.0);
        assert_eq!(gate.meaningless(), Some("min"));
    }
}
