//! `[[tool.pubflow.step]]`: commands of the project as steps of a release.

use std::time::Duration;

use pubflow_stages::OwnStep;
use toml_edit::{Item, TableLike};

use super::file::{ConfigError, Reader};
use super::origin::Origin;
use super::release::{EXPECTED_DURATION, duration};
use crate::part::Part;

const KEYS: &[&str] = &[
    "name",
    "title",
    "after",
    "run",
    "observe",
    "timeout",
    "environment",
];
/// No step of a release takes longer without saying so.
const TIMEOUT: Duration = Duration::from_mins(30);

/// One step, and where it stands.
#[derive(Debug, Clone)]
pub(crate) struct StepSetting {
    /// The part of the release that it follows.
    pub(crate) after: Part,
    /// What it does.
    pub(crate) step: OwnStep,
    /// Where it was set.
    pub(crate) origin: Origin,
}

impl Reader<'_> {
    /// Reads the array of tables.
    pub(super) fn steps(&self, item: &Item) -> Result<Vec<StepSetting>, ConfigError> {
        let wrong = || self.wrong_type(item, "step", "an array of tables, [[step]]");
        let tables: Vec<&dyn TableLike> = match (item.as_array_of_tables(), item.as_array()) {
            (Some(tables), _) => tables.iter().map(|table| table as &dyn TableLike).collect(),
            (None, Some(array)) => array
                .iter()
                .map(|value| value.as_inline_table().map(|table| table as &dyn TableLike))
                .collect::<Option<_>>()
                .ok_or_else(wrong)?,
            (None, None) => return Err(wrong()),
        };
        let mut steps: Vec<StepSetting> = Vec::new();
        for table in tables {
            let step = self.step(table, item)?;
            if steps.iter().any(|other| other.step.name == step.step.name) {
                return Err(self.wrong_type(item, "step.name", "a name that no other step has"));
            }
            steps.push(step);
        }
        Ok(steps)
    }

    fn step(&self, table: &dyn TableLike, whole: &Item) -> Result<StepSetting, ConfigError> {
        self.known_keys(table, "step", KEYS)?;
        let text = |key: &str| match table.get(key) {
            None => Ok(None),
            Some(item) => self
                .text(item, &format!("step.{key}"))
                .map(|setting| Some(setting.value)),
        };
        let texts = |key: &str| match table.get(key) {
            None => Ok(None),
            Some(item) => {
                let setting = self.texts(item, &format!("step.{key}"))?;
                Ok(Some(setting.value))
            }
        };
        let is_name = |name: &String| {
            let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            !name.is_empty() && name.chars().all(plain)
        };
        let name = text("name")?.filter(is_name).ok_or_else(|| {
            self.wrong_type(
                table.get("name").unwrap_or(whole),
                "step.name",
                "a name of lower-case letters, digits and dashes",
            )
        })?;
        let command = |key: &'static str| {
            let argv = texts(key)?;
            match argv {
                Some(argv) if argv.is_empty() => Err(self.wrong_type(
                    table.get(key).unwrap_or(whole),
                    key,
                    "a program and its arguments",
                )),
                argv => Ok(argv),
            }
        };
        let run = command("run")?
            .ok_or_else(|| self.wrong_type(whole, "step.run", "a program and its arguments"))?;
        let after = match text("after")? {
            None => Part::Publish,
            Some(name) => Part::named(&name)
                .filter(|part| part.can_be_followed())
                .ok_or_else(|| {
                    let item = table.get("after").unwrap_or(whole);
                    self.wrong_type(
                        item,
                        "step.after",
                        "gate, check, rehearse, approve or publish",
                    )
                })?,
        };
        let timeout = match (table.get("timeout"), text("timeout")?) {
            (Some(item), Some(text)) => duration(&text)
                .filter(|limit| !limit.is_zero())
                .ok_or_else(|| self.wrong_type(item, "step.timeout", EXPECTED_DURATION))?,
            _ => TIMEOUT,
        };
        Ok(StepSetting {
            after,
            step: OwnStep {
                title: text("title")?.unwrap_or_else(|| name.clone()),
                name,
                run,
                observe: command("observe")?,
                timeout,
                environment: texts("environment")?.unwrap_or_default(),
            },
            origin: self.origin.clone(),
        })
    }
}
