//! `[tool.pubflow.smoke]`: how an installation is tested.

use pubflow_python::installer::Indexes;
use pubflow_python::verify::{ScriptTest, SmokeTest};
use toml_edit::{Item, TableLike};

use super::budgets::BudgetSettings;
use super::file::{ConfigError, Reader};
use super::origin::{Origin, Setting, strongest};

/// What a file says about the smoke test.
#[derive(Debug, Default, Clone)]
pub(crate) struct SmokeSettings {
    /// Interpreters: `min`, `max`, `all`, or versions.
    pub(crate) pythons: Option<Setting<Vec<String>>>,
    /// Extras that are installed and tried, the empty text for none.
    extras: Option<Setting<Vec<String>>>,
    /// Modules that are imported instead of all.
    imports: Option<Setting<Vec<String>>>,
    /// How far console scripts are tried.
    scripts: Option<Setting<ScriptTest>>,
    /// The project's own commands.
    run: Option<Setting<Vec<Vec<String>>>>,
    /// Where dependencies come from.
    dependencies: Option<Setting<Indexes>>,
}

const KEYS: &[&str] = &[
    "pythons",
    "extras",
    "imports",
    "scripts",
    "run",
    "dependencies",
];
const SCRIPTS: &[(&str, ScriptTest)] = &[
    ("help", ScriptTest::Help),
    ("load", ScriptTest::Load),
    ("none", ScriptTest::None),
];
const DEPENDENCIES: &[(&str, Indexes)] = &[
    ("default", Indexes::OneDefault),
    ("configured", Indexes::Configured),
];

impl SmokeSettings {
    /// Takes what is set more strongly in `other`.
    pub(super) fn merge(&mut self, other: Self) {
        fn take<T>(held: &mut Option<Setting<T>>, other: Option<Setting<T>>) {
            if let Some(setting) = other {
                strongest(held, setting);
            }
        }
        take(&mut self.pythons, other.pythons);
        take(&mut self.extras, other.extras);
        take(&mut self.imports, other.imports);
        take(&mut self.scripts, other.scripts);
        take(&mut self.run, other.run);
        take(&mut self.dependencies, other.dependencies);
    }

    /// The test that is wanted.
    pub(crate) fn test(&self, budgets: &BudgetSettings) -> SmokeTest {
        fn value<T: Clone>(setting: &Option<Setting<T>>, usual: T) -> T {
            setting.as_ref().map_or(usual, |one| one.value.clone())
        }
        let usual = SmokeTest::default();
        SmokeTest {
            scripts: value(&self.scripts, usual.scripts),
            imports: value(&self.imports, usual.imports),
            extras: value(&self.extras, usual.extras),
            indexes: value(&self.dependencies, usual.indexes),
            commands: value(&self.run, usual.commands),
            budgets: budgets.times(),
        }
    }

    /// Every setting as `config show` prints it.
    pub(crate) fn shown(&self) -> Vec<(String, String, Origin)> {
        let mut rows = Vec::new();
        let mut row = |key: &str, value: String, origin: &Origin| {
            rows.push((format!("smoke.{key}"), value, origin.clone()));
        };
        for (key, list) in [
            ("pythons", &self.pythons),
            ("extras", &self.extras),
            ("imports", &self.imports),
        ] {
            if let Some(setting) = list {
                row(key, setting.value.join(", "), &setting.origin);
            }
        }
        if let Some(setting) = &self.scripts {
            row("scripts", word(SCRIPTS, setting.value), &setting.origin);
        }
        if let Some(setting) = &self.run {
            let commands: Vec<String> = setting.value.iter().map(|words| words.join(" ")).collect();
            row("run", commands.join("; "), &setting.origin);
        }
        if let Some(setting) = &self.dependencies {
            let value = word(DEPENDENCIES, setting.value);
            row("dependencies", value, &setting.origin);
        }
        rows
    }
}

fn word<T: PartialEq>(words: &[(&str, T)], value: T) -> String {
    let row = words.iter().find(|(_, one)| *one == value);
    row.map_or_else(String::new, |(word, _)| (*word).to_owned())
}

impl Reader<'_> {
    /// The table `smoke`.
    pub(super) fn smoke(&self, table: &dyn TableLike) -> Result<SmokeSettings, ConfigError> {
        self.known_keys(table, "smoke", KEYS)?;
        let texts = |key: &str| {
            let item = table.get(key);
            item.map(|item| self.texts(item, &format!("smoke.{key}")))
                .transpose()
        };
        let scripts = table.get("scripts").map(|item| {
            let expected = "\"help\", \"load\" or \"none\"";
            self.one_of(item, "smoke.scripts", SCRIPTS, expected)
        });
        let dependencies = table.get("dependencies").map(|item| {
            let expected = "\"default\" (the one default index) or \"configured\" (extra indexes of this machine too)";
            self.one_of(item, "smoke.dependencies", DEPENDENCIES, expected)
        });
        Ok(SmokeSettings {
            pythons: texts("pythons")?,
            extras: texts("extras")?,
            imports: texts("imports")?,
            scripts: scripts.transpose()?,
            run: table
                .get("run")
                .map(|item| self.commands(item, "smoke.run"))
                .transpose()?,
            dependencies: dependencies.transpose()?,
        })
    }

    fn one_of<T: Copy>(
        &self,
        item: &Item,
        key: &str,
        words: &[(&str, T)],
        expected: &'static str,
    ) -> Result<Setting<T>, ConfigError> {
        let given = item.as_str();
        let row = words.iter().find(|(word, _)| given == Some(*word));
        let (_, value) = row.ok_or_else(|| self.wrong_type(item, key, expected))?;
        Ok(Setting::new(*value, self.origin.clone()))
    }

    /// Commands: an array of arrays of texts.
    fn commands(&self, item: &Item, key: &str) -> Result<Setting<Vec<Vec<String>>>, ConfigError> {
        let expected =
            "an array of commands, each an array of strings: the program and its arguments";
        let wrong = || self.wrong_type(item, key, expected);
        let mut commands = Vec::new();
        for command in item.as_array().ok_or_else(wrong)? {
            let words = command.as_array().ok_or_else(wrong)?.iter();
            let words: Option<Vec<String>> =
                words.map(|word| word.as_str().map(str::to_owned)).collect();
            let has_program =
                |words: &Vec<String>| words.first().is_some_and(|one| !one.is_empty());
            commands.push(words.filter(has_program).ok_or_else(wrong)?);
        }
        Ok(Setting::new(commands, self.origin.clone()))
    }
}
