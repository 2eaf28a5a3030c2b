//! `[tool.pubflow.check]`: which rules are looked at, and what a finding costs.

use std::path::PathBuf;

use pubflow_finding::{Place, Severity};
use toml_edit::{Item, TableLike, Value};

use super::file::{ConfigError, Reader};
use super::origin::{Origin, Setting};

/// What a file says about `pubflow check`. Rules are kept as they were written: which there are, the
/// caller knows.
#[derive(Debug, Clone, Default)]
pub(crate) struct CheckSettings {
    /// Rules that are looked at instead of all.
    pub(crate) select: Vec<RuleSetting>,
    /// Rules that are looked at besides.
    pub(crate) extend_select: Vec<RuleSetting>,
    /// Rules that are switched off, each with its reason.
    pub(crate) ignore: Vec<IgnoreSetting>,
    /// Other severities.
    pub(crate) severity: Vec<(RuleSetting, Severity)>,
    /// Rules that are switched off for the files of a pattern.
    pub(crate) per_file_ignores: Vec<FileIgnoreSetting>,
}

/// A rule as it was written, and where.
#[derive(Debug, Clone)]
pub(crate) struct RuleSetting {
    /// Code, beginning of codes, family or name.
    pub(crate) text: String,
    /// Where it stands.
    pub(crate) place: Place,
}

/// One entry of `ignore`.
#[derive(Debug, Clone)]
pub(crate) struct IgnoreSetting {
    /// The rule.
    pub(crate) rule: RuleSetting,
    /// Why.
    pub(crate) reason: String,
}

/// One entry of `per-file-ignores`.
#[derive(Debug, Clone)]
pub(crate) struct FileIgnoreSetting {
    /// The pattern.
    pub(crate) pattern: Setting<String>,
    /// The rules.
    pub(crate) rules: Vec<RuleSetting>,
    /// Where it stands.
    pub(crate) place: Place,
}

impl CheckSettings {
    /// Every setting as `config show` prints it.
    pub(crate) fn shown(&self) -> Vec<(String, String, Origin)> {
        let joined = |rules: &[RuleSetting]| {
            let texts: Vec<&str> = rules.iter().map(|rule| rule.text.as_str()).collect();
            texts.join(", ")
        };
        let origin = |rule: &RuleSetting| Origin::ProjectFile(PathBuf::from(&rule.place.path));
        let mut rows = Vec::new();
        for (key, rules) in [
            ("select", &self.select),
            ("extend-select", &self.extend_select),
        ] {
            if let Some(first) = rules.first() {
                rows.push((format!("check.{key}"), joined(rules), origin(first)));
            }
        }
        for IgnoreSetting { rule, reason } in &self.ignore {
            let key = format!("check.ignore.{}", rule.text);
            rows.push((key, reason.clone(), origin(rule)));
        }
        for (rule, severity) in &self.severity {
            let key = format!("check.severity.{}", rule.text);
            rows.push((key, severity.to_string(), origin(rule)));
        }
        for ignore in &self.per_file_ignores {
            let key = format!("check.per-file-ignores.{}", ignore.pattern.value);
            rows.push((key, joined(&ignore.rules), ignore.pattern.origin.clone()));
        }
        rows
    }
}

const KEYS: &[&str] = &[
    "select",
    "extend-select",
    "ignore",
    "severity",
    "per-file-ignores",
];
const IGNORE_KEYS: &[&str] = &["code", "reason"];

impl Reader<'_> {
    /// The table `check`.
    pub(super) fn check(&self, table: &dyn TableLike) -> Result<CheckSettings, ConfigError> {
        self.known_keys(table, "check", KEYS)?;
        let mut settings = CheckSettings::default();
        if let Some(item) = table.get("select") {
            settings.select = self.rules(item, "check.select")?;
        }
        if let Some(item) = table.get("extend-select") {
            settings.extend_select = self.rules(item, "check.extend-select")?;
        }
        if let Some(item) = table.get("ignore") {
            settings.ignore = self.ignores(item)?;
        }
        if let Some(item) = table.get("severity") {
            for (text, item) in self.table(item, "check.severity")?.iter() {
                let key = format!("check.severity.{text}");
                let severity = match item.as_str() {
                    Some("error") => Severity::Error,
                    Some("warning") => Severity::Warning,
                    Some("note") => Severity::Note,
                    _ => {
                        let expected = "\"error\", \"warning\" or \"note\"";
                        return Err(self.wrong_type(item, &key, expected));
                    }
                };
                let rule = self.rule(text, self.line(item), &key);
                settings.severity.push((rule, severity));
            }
        }
        if let Some(item) = table.get("per-file-ignores") {
            for (pattern, item) in self.table(item, "check.per-file-ignores")?.iter() {
                let key = format!("check.per-file-ignores.\"{pattern}\"");
                settings.per_file_ignores.push(FileIgnoreSetting {
                    pattern: Setting::new(pattern.to_owned(), self.origin.clone()),
                    rules: self.rules(item, &key)?,
                    place: self.place(self.line(item), &key),
                });
            }
        }
        Ok(settings)
    }

    /// `ignore`, as an array of tables in either form.
    fn ignores(&self, item: &Item) -> Result<Vec<IgnoreSetting>, ConfigError> {
        let expected = "an array of { code = \"…\", reason = \"…\" }";
        let wrong = || self.wrong_type(item, "check.ignore", expected);
        let mut ignores = Vec::new();
        if let Some(tables) = item.as_array_of_tables() {
            for table in tables {
                let span = table.span();
                ignores.push(self.ignore(table, self.line_at(span), ignores.len())?);
            }
            return Ok(ignores);
        }
        for value in item.as_array().ok_or_else(wrong)? {
            let table = value.as_inline_table().ok_or_else(wrong)?;
            ignores.push(self.ignore(table, self.line_at(value.span()), ignores.len())?);
        }
        Ok(ignores)
    }

    fn ignore(
        &self,
        table: &dyn TableLike,
        line: usize,
        number: usize,
    ) -> Result<IgnoreSetting, ConfigError> {
        let at = format!("check.ignore[{number}]");
        self.known_keys(table, &at, IGNORE_KEYS)?;
        let text = |key: &str, expected| {
            let item = table.get(key);
            let text = item
                .and_then(Item::as_str)
                .filter(|text| !text.trim().is_empty());
            text.map(str::to_owned)
                .ok_or_else(|| ConfigError::WrongType {
                    path: self.path.to_owned(),
                    line: item.map_or(line, |item| self.line(item)),
                    key: format!("{at}.{key}"),
                    expected,
                })
        };
        let code = text("code", "a string: the code of the rule")?;
        Ok(IgnoreSetting {
            rule: self.rule(&code, line, &at),
            reason: text("reason", "a string: why the rule is ignored")?,
        })
    }

    fn rules(&self, item: &Item, key: &str) -> Result<Vec<RuleSetting>, ConfigError> {
        let wrong = || self.wrong_type(item, key, "an array of strings");
        let array = item.as_array().ok_or_else(wrong)?;
        let rule = |value: &Value| {
            let text = value.as_str().ok_or_else(wrong)?;
            Ok(self.rule(text, self.line_at(value.span()), key))
        };
        array.iter().map(rule).collect()
    }

    fn rule(&self, text: &str, line: usize, key: &str) -> RuleSetting {
        RuleSetting {
            text: text.to_owned(),
            place: self.place(line, key),
        }
    }

    fn place(&self, line: usize, key: &str) -> Place {
        Place {
            path: self.path.display().to_string(),
            line: Some(line),
            field: Some(format!("tool.pubflow.{key}")),
            ..Place::default()
        }
    }
}
