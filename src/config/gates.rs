//! `[tool.pubflow.gates.NAME]`: what has to be true of the source before a release.

use std::collections::BTreeMap;
use std::time::Duration;

use pubflow_stages::{
    CommandGate, Flaky, Gate, GateWork, Rating, ReportSource, TIMEOUT, Thresholds,
};
use toml_edit::{Item, TableLike};

use super::file::{ConfigError, Reader};
use super::origin::{Origin, Setting};
use super::release::duration;

const KEYS: &[&str] = &[
    "run",
    "report",
    "todo",
    "timeout",
    "retries",
    "required",
    "min-pass-rate",
    "max-failed",
    "max-errors",
    "max-skipped",
    "min-collected",
    "flaky",
    "min",
    "max",
    "severity",
];
/// What `todo = true` looks for.
const WORDS: [&str; 2] = ["TODO", "FIXME"];

/// Every gate as `config show` prints it.
pub(crate) fn shown(gates: &[Setting<Gate>]) -> Vec<(String, String, Origin)> {
    let mut rows = Vec::new();
    for Setting {
        value: gate,
        origin,
    } in gates
    {
        let mut add = |key: &str, value: String| {
            rows.push((format!("gates.{}.{key}", gate.name), value, origin.clone()));
        };
        match &gate.work {
            GateWork::Command(command) => {
                add("run", command.run.join(" "));
                add("timeout", format!("{} s", command.timeout.as_secs_f64()));
                if command.retries > 0 {
                    add("retries", command.retries.to_string());
                }
            }
            GateWork::Report(_) => {}
            GateWork::Todo { words } => add("todo", words.join(", ")),
        }
        if let Some(report) = gate.report() {
            add("report", report.to_string());
        }
        if !gate.required {
            add("required", "false".to_owned());
        }
        for (key, value) in gate.thresholds.named() {
            add(key, value);
        }
    }
    rows
}

impl Reader<'_> {
    /// The table `gates`, in the order of the file.
    pub(super) fn gates(&self, table: &dyn TableLike) -> Result<Vec<Setting<Gate>>, ConfigError> {
        let mut gates = Vec::new();
        for (name, item) in table.iter() {
            let gate = self.gate(name, item)?;
            gates.push(Setting::new(gate, self.origin.clone()));
        }
        Ok(gates)
    }

    fn gate(&self, name: &str, item: &Item) -> Result<Gate, ConfigError> {
        let at = format!("gates.{name}");
        let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        if name.is_empty() || name.len() > 60 || !name.chars().all(is_plain) {
            let problem = "is no name for a gate: use letters, digits, `-` and `_`";
            return Err(self.unfit(item, &at, problem));
        }
        let table = self.table(item, &at)?;
        self.known_keys(table, &at, KEYS)?;
        let gate = Gate {
            name: name.to_owned(),
            work: self.gate_work(table, item, &at)?,
            thresholds: self.thresholds(table, &at)?,
            required: self.gate_bool(table, &at, "required")?.unwrap_or(true),
        };
        if let Some(key) = gate.meaningless() {
            let measured = match gate.report() {
                Some(report) => format!("a report of the format `{}`", report.format.name),
                None if table.contains_key("todo") => "a count of words".to_owned(),
                None => "an exit status: name the `report` that it is about".to_owned(),
            };
            let key = format!("{at}.{key}");
            return Err(self.unfit(item, &key, &format!("means nothing for {measured}")));
        }
        if let (Some(report), None, None) =
            (gate.report(), gate.thresholds.min, gate.thresholds.max)
            && report.format.needs_place
        {
            return Err(self.unfit(item, &at, "needs `min` or `max` for its number"));
        }
        Ok(gate)
    }

    fn gate_work(
        &self,
        table: &dyn TableLike,
        item: &Item,
        at: &str,
    ) -> Result<GateWork, ConfigError> {
        let report = table
            .get("report")
            .map(|item| {
                let key = format!("{at}.report");
                let text = item
                    .as_str()
                    .ok_or_else(|| self.wrong_type(item, &key, "a string: FORMAT:FILE"))?;
                ReportSource::parse(text)
                    .map_err(|error| self.unfit(item, &key, &error.to_string()))
            })
            .transpose()?;
        let only_for_commands = |key: &str| match table.get(key) {
            Some(item) => {
                let key = format!("{at}.{key}");
                Err(self.unfit(item, &key, "means nothing without `run`"))
            }
            None => Ok(()),
        };
        let Some(run) = table.get("run") else {
            only_for_commands("timeout")?;
            only_for_commands("retries")?;
            return match (report, table.get("todo")) {
                (Some(report), None) if report.file == "-" || report.file.contains("{out}") => {
                    Err(self.unfit(item, at, "reads what a command writes, and has no `run`"))
                }
                (Some(report), None) => Ok(GateWork::Report(report)),
                (None, Some(words)) => self.words(words, at),
                (Some(_), Some(_)) => Err(self.unfit(item, at, "has both `report` and `todo`")),
                (None, None) => Err(self.unfit(item, at, "needs `run`, `report` or `todo`")),
            };
        };
        if let Some(words) = table.get("todo") {
            return Err(self.unfit(words, at, "has both `run` and `todo`"));
        }
        let key = format!("{at}.run");
        let run = self.argument_vector(run, &key)?;
        Ok(GateWork::Command(CommandGate {
            run,
            report,
            timeout: self.gate_timeout(table, at)?.unwrap_or(TIMEOUT),
            retries: self
                .gate_count(table, at, "retries")?
                .map_or(0, |n| u32::try_from(n.min(10)).unwrap_or(10)),
        }))
    }

    fn argument_vector(&self, item: &Item, key: &str) -> Result<Vec<String>, ConfigError> {
        let wrong = || {
            let expected = "an array of strings, such as [\"pytest\", \"-q\"]: no shell is used";
            self.wrong_type(item, key, expected)
        };
        let array = item.as_array().ok_or_else(wrong)?;
        let parts = array.iter().map(|value| value.as_str().map(str::to_owned));
        let parts: Vec<String> = parts.collect::<Option<_>>().ok_or_else(wrong)?;
        match parts.first().is_some_and(|program| !program.is_empty()) {
            true => Ok(parts),
            false => Err(wrong()),
        }
    }

    fn words(&self, item: &Item, at: &str) -> Result<GateWork, ConfigError> {
        let key = format!("{at}.todo");
        let wrong = || self.wrong_type(item, &key, "true, or an array of words");
        let words = match (item.as_bool(), item.as_array()) {
            (Some(true), _) => WORDS.map(str::to_owned).to_vec(),
            (_, Some(array)) => {
                let words = array.iter().map(|value| value.as_str().map(str::to_owned));
                words.collect::<Option<_>>().ok_or_else(wrong)?
            }
            _ => return Err(wrong()),
        };
        match words.iter().any(|word: &String| word.is_empty()) || words.is_empty() {
            true => Err(wrong()),
            false => Ok(GateWork::Todo { words }),
        }
    }

    fn thresholds(&self, table: &dyn TableLike, at: &str) -> Result<Thresholds, ConfigError> {
        let rate = self.gate_number(table, at, "min-pass-rate")?;
        if let (Some(rate), Some(item)) = (rate, table.get("min-pass-rate"))
            && !(0.0..=1.0).contains(&rate)
        {
            let key = format!("{at}.min-pass-rate");
            return Err(self.wrong_type(item, &key, "a share from 0 to 1, such as 0.95"));
        }
        let flaky = match table.get("flaky") {
            None => None,
            Some(item) => Some(match item.as_str() {
                Some("fail") => Flaky::Fail,
                Some("warn") => Flaky::Warn,
                _ => {
                    let key = format!("{at}.flaky");
                    return Err(self.wrong_type(item, &key, "\"fail\" or \"warn\""));
                }
            }),
        };
        Ok(Thresholds {
            min_pass_rate: rate,
            max_failed: self.gate_count(table, at, "max-failed")?,
            max_errors: self.gate_count(table, at, "max-errors")?,
            max_skipped: self.gate_count(table, at, "max-skipped")?,
            min_collected: self.gate_count(table, at, "min-collected")?,
            flaky,
            min: self.gate_number(table, at, "min")?,
            max: self.gate_number(table, at, "max")?,
            severity: self.severities(table, at)?,
        })
    }

    fn severities(
        &self,
        table: &dyn TableLike,
        at: &str,
    ) -> Result<BTreeMap<String, Rating>, ConfigError> {
        let Some(item) = table.get("severity") else {
            return Ok(BTreeMap::new());
        };
        let at = format!("{at}.severity");
        let rows = self.table(item, &at)?.iter().map(|(code, item)| {
            let words = [Rating::Block, Rating::Warn, Rating::Ignore];
            let rating = words
                .into_iter()
                .find(|rating| item.as_str() == Some(rating.word()));
            let expected = "\"block\", \"warn\" or \"ignore\"";
            let rating =
                rating.ok_or_else(|| self.wrong_type(item, &format!("{at}.{code}"), expected))?;
            Ok((code.to_owned(), rating))
        });
        rows.collect()
    }

    fn gate_timeout(
        &self,
        table: &dyn TableLike,
        at: &str,
    ) -> Result<Option<Duration>, ConfigError> {
        let Some(item) = table.get("timeout") else {
            return Ok(None);
        };
        let seconds = item
            .as_integer()
            .and_then(|seconds| u64::try_from(seconds).ok())
            .map(Duration::from_secs);
        let found = seconds.or_else(|| item.as_str().and_then(duration));
        let expected = "a time such as \"10m\", or a number of seconds";
        found
            .filter(|limit| !limit.is_zero())
            .map(Some)
            .ok_or_else(|| self.wrong_type(item, &format!("{at}.timeout"), expected))
    }

    fn gate_count(
        &self,
        table: &dyn TableLike,
        at: &str,
        key: &str,
    ) -> Result<Option<u64>, ConfigError> {
        let Some(item) = table.get(key) else {
            return Ok(None);
        };
        let count = item.as_integer().and_then(|n| u64::try_from(n).ok());
        count
            .map(Some)
            .ok_or_else(|| self.wrong_type(item, &format!("{at}.{key}"), "a count from 0"))
    }

    fn gate_number(
        &self,
        table: &dyn TableLike,
        at: &str,
        key: &str,
    ) -> Result<Option<f64>, ConfigError> {
        let Some(item) = table.get(key) else {
            return Ok(None);
        };
        let number = item
            .as_float()
            .or_else(|| item.as_integer().map(|n| n as f64));
        number
            .filter(|number| number.is_finite())
            .map(Some)
            .ok_or_else(|| self.wrong_type(item, &format!("{at}.{key}"), "a number"))
    }

    fn gate_bool(
        &self,
        table: &dyn TableLike,
        at: &str,
        key: &str,
    ) -> Result<Option<bool>, ConfigError> {
        let Some(item) = table.get(key) else {
            return Ok(None);
        };
        item.as_bool()
            .map(Some)
            .ok_or_else(|| self.wrong_type(item, &format!("{at}.{key}"), "true or false"))
    }

    /// A value of the right type that cannot be meant.
    pub(super) fn unfit(&self, item: &Item, key: &str, problem: &str) -> ConfigError {
        ConfigError::Unfit {
            path: self.path.to_owned(),
            line: self.line(item),
            key: key.to_owned(),
            problem: problem.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::environment::Environment;
    use super::super::settings::Settings;
    use super::*;

    fn load(toml: &str) -> Result<Vec<Setting<Gate>>, ConfigError> {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("pubflow.toml"), toml).unwrap();
        Settings::load(dir.path(), &Environment::default()).map(|settings| settings.gates)
    }

    #[track_caller]
    fn refuses(body: &str, words: &[&str]) {
        let error = load(&format!("[gates.tests]\n{body}\n")).unwrap_err();
        let text = error.to_string();
        for word in words {
            assert!(text.contains(word), "{body}: {text}");
        }
    }

    #[test]
    fn gates_are_read_in_the_order_of_the_file() {
        let gates = load(
            r#"
            [gates.tests]
            run = ["pytest", "-q", "--junitxml={out}/junit.xml"]
            report = "junit:{out}/junit.xml"
            min-pass-rate = 1
            timeout = "10m"
            retries = 1
            flaky = "warn"
            [gates.coverage]
            report = "coverage-json:coverage.json"
            min = 85
            [gates.lint]
            run = ["ruff", "check", "--output-format", "json"]
            report = "ruff:-"
            severity = { F821 = "block", F401 = "warn" }
            required = false
            [gates.todo]
            todo = true
            max = 10
            "#,
        )
        .unwrap();
        let names: Vec<&str> = gates.iter().map(|gate| gate.value.name.as_str()).collect();
        assert_eq!(names, ["tests", "coverage", "lint", "todo"]);
        let GateWork::Command(tests) = &gates[0].value.work else {
            panic!("it is a command");
        };
        assert_eq!(tests.timeout, Duration::from_secs(600));
        assert_eq!(gates[1].value.thresholds.min, Some(85.0));
        let rows: Vec<String> = shown(&gates)
            .into_iter()
            .map(|(key, value, _)| format!("{key} = {value}"))
            .collect();
        assert!(rows.contains(&"gates.lint.severity = F401 = warn, F821 = block".to_owned()));
        assert!(rows.contains(&"gates.todo.todo = TODO, FIXME".to_owned()));
        assert!(rows.contains(&"gates.lint.required = false".to_owned()));
    }

    #[test]
    fn what_cannot_be_meant_is_an_error() {
        refuses("", &["gates.tests", "needs `run`, `report` or `todo`"]);
        refuses("run = \"pytest\"", &["gates.tests.run", "array of strings"]);
        refuses("run = []", &["array of strings"]);
        refuses("runn = [\"a\"]", &["unknown key `gates.tests.runn`"]);
        refuses("report = \"junix:a.xml\"", &["unknown format `junix`"]);
        refuses("report = \"junit:-\"", &["has no `run`"]);
        refuses(
            "report = \"junit:a.xml\"\nmin = 80",
            &["gates.tests.min", "format `junit`"],
        );
        refuses("run = [\"a\"]\nmax-failed = 1", &["exit status"]);
        refuses("report = \"junit:a.xml\"\ntimeout = 3", &["without `run`"]);
        refuses(
            "report = \"junit:a.xml\"\nmin-pass-rate = 95",
            &["from 0 to 1"],
        );
        refuses(
            "report = \"junit:a.xml\"\nmax-failed = -1",
            &["a count from 0"],
        );
        refuses("report = \"number:a.json:x\"", &["needs `min` or `max`"]);
        refuses("run = [\"a\"]\ntimeout = \"soon\"", &["a time such as"]);
        refuses("todo = false", &["true, or an array"]);
        refuses(
            "run = [\"a\"]\nflaky = \"maybe\"",
            &["\"fail\" or \"warn\""],
        );
        let error = load("[gates.\"../x\"]\nrun = [\"a\"]\n").unwrap_err();
        assert!(error.to_string().contains("no name for a gate"));
    }
}
