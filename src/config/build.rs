//! `build.units` and `expect`: what a release is made of.

use pubflow_stages::BuildUnit;
use toml_edit::{Item, TableLike};

use super::file::{ConfigError, Reader};
use super::origin::{Origin, Setting, strongest};

/// What a file says about building.
#[derive(Debug, Default, Clone)]
pub(crate) struct BuildSettings {
    /// Parts of a release that are built by themselves.
    pub(crate) units: Option<Setting<Vec<BuildUnit>>>,
    /// The distributions of a release.
    pub(crate) expect: Option<Setting<Vec<String>>>,
}

const KEYS: &[&str] = &["units"];
const UNIT_KEYS: &[&str] = &["id", "runner", "command", "environment", "expect"];
/// The unit that is the project's own sdist and wheel.
pub(crate) const PURE: &str = "pure";

impl BuildSettings {
    /// Takes what is set more strongly in `other`.
    pub(super) fn merge(&mut self, other: Self) {
        if let Some(setting) = other.units {
            strongest(&mut self.units, setting);
        }
        if let Some(setting) = other.expect {
            strongest(&mut self.expect, setting);
        }
    }

    /// The units; a project that names none has the one that is its sdist and wheel.
    pub(crate) fn units(&self) -> Vec<BuildUnit> {
        let named = self.units.as_ref().map(|setting| setting.value.clone());
        named.unwrap_or_else(|| vec![pure()])
    }

    /// Every setting as `config show` prints it.
    pub(crate) fn shown(&self) -> Vec<(String, String, Origin)> {
        let mut rows = Vec::new();
        if let Some(setting) = &self.units {
            for unit in &setting.value {
                let value = match unit.command.is_empty() {
                    true => "sdist and wheel".to_owned(),
                    false => unit.command.join(" "),
                };
                let key = format!("build.units.{}", unit.id);
                rows.push((key, value, setting.origin.clone()));
            }
        }
        if let Some(setting) = &self.expect {
            let value = setting.value.join(", ");
            rows.push(("expect".to_owned(), value, setting.origin.clone()));
        }
        rows
    }
}

fn pure() -> BuildUnit {
    BuildUnit {
        id: PURE.to_owned(),
        runner: None,
        command: Vec::new(),
        environment: Vec::new(),
        expect: Vec::new(),
    }
}

impl Reader<'_> {
    /// The table `build`.
    pub(super) fn build(&self, table: &dyn TableLike) -> Result<BuildSettings, ConfigError> {
        self.known_keys(table, "build", KEYS)?;
        let Some(item) = table.get("units") else {
            return Ok(BuildSettings::default());
        };
        let mut units: Vec<BuildUnit> = Vec::new();
        for unit in self.units(item)? {
            if units.iter().any(|other| other.id == unit.id) {
                let expected = "an array of units with different ids";
                return Err(self.wrong_type(item, "build.units", expected));
            }
            units.push(unit);
        }
        Ok(BuildSettings {
            units: Some(Setting::new(units, self.origin.clone())),
            expect: None,
        })
    }

    /// `expect`.
    pub(super) fn expect(&self, item: &Item) -> Result<Setting<Vec<String>>, ConfigError> {
        match item.as_str() {
            Some(text) => Ok(Setting::new(vec![text.to_owned()], self.origin.clone())),
            None => self.texts(item, "expect"),
        }
    }

    fn units(&self, item: &Item) -> Result<Vec<BuildUnit>, ConfigError> {
        let wrong = || {
            let expected = "an array of \"pure\" and of { id = \"…\", command = [\"…\"] }";
            self.wrong_type(item, "build.units", expected)
        };
        if let Some(tables) = item.as_array_of_tables() {
            return tables.iter().map(|table| self.unit(table, item)).collect();
        }
        let unit = |value: &toml_edit::Value| match (value.as_str(), value.as_inline_table()) {
            (Some(PURE), _) => Ok(pure()),
            (_, Some(table)) => self.unit(table, item),
            _ => Err(wrong()),
        };
        item.as_array()
            .ok_or_else(wrong)?
            .iter()
            .map(unit)
            .collect()
    }

    fn unit(&self, table: &dyn TableLike, at: &Item) -> Result<BuildUnit, ConfigError> {
        self.known_keys(table, "build.units", UNIT_KEYS)?;
        let texts = |key: &str| {
            let item = table.get(key);
            let read = item.map(|item| self.texts(item, &format!("build.units.{key}")));
            Ok::<_, ConfigError>(read.transpose()?.map_or_else(Vec::new, |one| one.value))
        };
        let text = |key: &str| table.get(key).and_then(Item::as_str).map(str::to_owned);
        let is_name = |id: &String| {
            let plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
            !id.is_empty() && id.chars().all(plain) && !id.starts_with('.')
        };
        let id = text("id").filter(is_name).ok_or_else(|| {
            let item = table.get("id").unwrap_or(at);
            let expected = "a name of letters, digits, `.`, `_` and `-`";
            self.wrong_type(item, "build.units.id", expected)
        })?;
        let command = texts("command")?;
        if command.is_empty() && id != PURE {
            let expected = "the program that builds the unit and its arguments";
            let item = table.get("command").unwrap_or(at);
            return Err(self.wrong_type(item, "build.units.command", expected));
        }
        Ok(BuildUnit {
            id,
            runner: text("runner"),
            command,
            environment: texts("environment")?,
            expect: texts("expect")?,
        })
    }
}
