//! `[[tool.pubflow.checklist]]` and the times of `[tool.pubflow.release]`: what people and clocks
//! have to say before a release.

use std::collections::BTreeSet;

use pubflow_stages::{Answer, AnsweredBy, ChecklistItem, Soak, Window};
use toml_edit::{Item, TableLike};

use super::file::{ConfigError, Reader};
use super::origin::{Origin, Setting};
use super::release::duration;
use super::settings::FileSettings;

const KEYS: &[&str] = &["id", "group", "text", "auto", "manual", "owner", "options"];
const WINDOW_KEYS: &[&str] = &["deny", "tz"];
const SOAK_KEYS: &[&str] = &["min", "after"];
/// The index on which files soak where none is named.
const SOAKS_ON: &str = "testpypi";

/// When a release may go out.
#[derive(Debug, Clone, Default)]
pub(crate) struct ReleaseTimes {
    /// `release.window`.
    pub(crate) window: Option<Setting<Window>>,
    /// `release.soak`.
    pub(crate) soak: Option<Setting<Soak>>,
}

impl ReleaseTimes {
    /// Takes what another file says where this one says nothing.
    pub(super) fn merge(&mut self, other: Self) {
        self.window = self.window.take().or(other.window);
        self.soak = self.soak.take().or(other.soak);
    }

    /// Both as `config show` prints them.
    pub(crate) fn shown(&self) -> Vec<(String, String, Origin)> {
        let window = self.window.as_ref().map(|setting| {
            let value = setting.value.text();
            ("release.window".to_owned(), value, setting.origin.clone())
        });
        let soak = self.soak.as_ref().map(|setting| {
            let value = setting.value.text();
            ("release.soak".to_owned(), value, setting.origin.clone())
        });
        window.into_iter().chain(soak).collect()
    }
}

/// The items as `config show` prints them.
pub(crate) fn shown(items: &[Setting<ChecklistItem>]) -> Vec<(String, String, Origin)> {
    let rows = items.iter().map(|Setting { value, origin }| {
        let by = match &value.by {
            AnsweredBy::Gate(gate) => format!("gate:{gate}"),
            AnsweredBy::Rule(code) => code.clone(),
            AnsweredBy::Person(_) => "a person".to_owned(),
        };
        let text = format!("{}: {} ({by})", value.group, value.text);
        (format!("checklist.{}", value.id), text, origin.clone())
    });
    rows.collect()
}

impl Reader<'_> {
    /// The array `checklist`.
    pub(super) fn checklist(
        &self,
        item: &Item,
    ) -> Result<Vec<Setting<ChecklistItem>>, ConfigError> {
        let tables = item.as_array_of_tables().ok_or_else(|| {
            self.wrong_type(
                item,
                "checklist",
                "an array of tables: [[tool.pubflow.checklist]]",
            )
        })?;
        let mut items: Vec<Setting<ChecklistItem>> = Vec::new();
        let mut ids = BTreeSet::new();
        for (number, table) in tables.iter().enumerate() {
            let at = format!("checklist[{number}]");
            let read = self.checklist_item(table, item, &at)?;
            if !ids.insert(read.id.clone()) {
                let problem = format!("is called `{}` like another; give it an `id`", read.id);
                return Err(self.unfit(item, &at, &problem));
            }
            items.push(Setting::new(read, self.origin.clone()));
        }
        Ok(items)
    }

    fn checklist_item(
        &self,
        table: &dyn TableLike,
        whole: &Item,
        at: &str,
    ) -> Result<ChecklistItem, ConfigError> {
        self.known_keys(table, at, KEYS)?;
        let text = |key: &str| {
            let Some(item) = table.get(key) else {
                return Ok(None);
            };
            let text = item.as_str().filter(|text| !text.trim().is_empty());
            let text =
                text.ok_or_else(|| self.wrong_type(item, &format!("{at}.{key}"), "a string"))?;
            Ok(Some(text.trim().to_owned()))
        };
        let words = text("text")?
            .ok_or_else(|| self.unfit(whole, at, "needs a `text`: what has to be true"))?;
        let id = text("id")?.unwrap_or_else(|| slug(&words));
        let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
        if id.is_empty() || !id.chars().all(is_plain) {
            let problem = "needs an `id` of letters, digits and `-`";
            return Err(self.unfit(whole, at, problem));
        }
        Ok(ChecklistItem {
            id,
            group: text("group")?.unwrap_or_else(|| "general".to_owned()),
            text: words,
            owner: text("owner")?,
            by: self.answered_by(table, whole, at, text("auto")?)?,
        })
    }

    fn answered_by(
        &self,
        table: &dyn TableLike,
        whole: &Item,
        at: &str,
        auto: Option<String>,
    ) -> Result<AnsweredBy, ConfigError> {
        let is_manual = match table.get("manual") {
            None => auto.is_none(),
            Some(item) => item
                .as_bool()
                .ok_or_else(|| self.wrong_type(item, &format!("{at}.manual"), "true or false"))?,
        };
        let Some(auto) = auto else {
            if !is_manual {
                return Err(self.unfit(whole, at, "needs `auto` or `manual = true`"));
            }
            return self.options(table, at).map(AnsweredBy::Person);
        };
        if is_manual || table.contains_key("options") {
            let problem = "is answered by `auto`, and asks a person too: make two items of it";
            return Err(self.unfit(whole, at, problem));
        }
        if let Some(gate) = auto.strip_prefix("gate:") {
            return Ok(AnsweredBy::Gate(gate.to_owned()));
        }
        let code = auto.to_ascii_uppercase();
        match pubflow_stages::rule(&code) {
            Some(_) => Ok(AnsweredBy::Rule(code)),
            None => {
                let problem = format!("is `{auto}`, which is neither gate:NAME nor a rule");
                Err(self.unfit(whole, &format!("{at}.auto"), &problem))
            }
        }
    }

    fn options(&self, table: &dyn TableLike, at: &str) -> Result<Vec<Answer>, ConfigError> {
        let Some(item) = table.get("options") else {
            return Ok(Answer::ALL.to_vec());
        };
        let expected = "an array of APPROVED, DEFERRED and CONDITIONAL, with APPROVED in it";
        let wrong = || self.wrong_type(item, &format!("{at}.options"), expected);
        let answers = item.as_array().ok_or_else(wrong)?.iter();
        let answers: Vec<Answer> = answers
            .map(|value| value.as_str().and_then(Answer::parse))
            .collect::<Option<_>>()
            .ok_or_else(wrong)?;
        match answers.contains(&Answer::Approved) {
            true => Ok(answers),
            false => Err(wrong()),
        }
    }

    /// Items name gates that are there.
    pub(super) fn require_gates_of_items(
        &self,
        table: &dyn TableLike,
        settings: &FileSettings,
    ) -> Result<(), ConfigError> {
        let is_there = |name: &str| settings.gates.iter().any(|gate| gate.value.name == name);
        for item in &settings.checklist {
            if let (AnsweredBy::Gate(gate), Some(whole)) = (&item.value.by, table.get("checklist"))
                && !is_there(gate)
            {
                let key = format!("checklist.{}.auto", item.value.id);
                let problem = format!("names a gate that is not there: no gate is called `{gate}`");
                return Err(self.unfit(whole, &key, &problem));
            }
        }
        Ok(())
    }

    /// `window` and `soak` of the table `release`.
    pub(super) fn release_times(&self, table: &dyn TableLike) -> Result<ReleaseTimes, ConfigError> {
        let window = table.get("window").map(|item| self.window(item));
        let soak = table.get("soak").map(|item| self.soak(item));
        Ok(ReleaseTimes {
            window: window.transpose()?,
            soak: soak.transpose()?,
        })
    }

    fn window(&self, item: &Item) -> Result<Setting<Window>, ConfigError> {
        let at = "release.window";
        let table = self.table(item, at)?;
        self.known_keys(table, at, WINDOW_KEYS)?;
        let expected = "an array of times such as [\"fri 12:00-\", \"sat\", \"sun\"]";
        let wrong = || self.wrong_type(item, "release.window.deny", expected);
        let deny = table
            .get("deny")
            .and_then(Item::as_array)
            .ok_or_else(wrong)?;
        let deny = deny.iter().map(|value| value.as_str().map(str::to_owned));
        let deny: Vec<String> = deny.collect::<Option<_>>().ok_or_else(wrong)?;
        let zone = match table.get("tz") {
            None => "UTC",
            Some(zone) => zone.as_str().ok_or_else(|| {
                self.wrong_type(zone, "release.window.tz", "a time zone such as \"UTC\"")
            })?,
        };
        let window =
            Window::parse(&deny, zone).map_err(|error| self.unfit(item, at, &error.to_string()))?;
        Ok(Setting::new(window, self.origin.clone()))
    }

    /// `soak = "7d"`, or `{ min = "7d", after = "pre-release" }`.
    fn soak(&self, item: &Item) -> Result<Setting<Soak>, ConfigError> {
        let at = "release.soak";
        let expected = "a time such as \"7d\", or { min = \"7d\", after = \"pre-release\" }";
        let wrong = || self.wrong_type(item, at, expected);
        let (min, after) = match item.as_str() {
            Some(min) => (min, SOAKS_ON),
            None => {
                let table = item.as_table_like().ok_or_else(wrong)?;
                self.known_keys(table, at, SOAK_KEYS)?;
                let min = table.get("min").and_then(Item::as_str).ok_or_else(wrong)?;
                let after = match table.get("after") {
                    None => SOAKS_ON,
                    Some(after) => after.as_str().ok_or_else(wrong)?,
                };
                (min, after)
            }
        };
        let soak = Soak {
            min: duration(min).ok_or_else(wrong)?,
            after: after.to_owned(),
        };
        Ok(Setting::new(soak, self.origin.clone()))
    }
}

/// A name made of the first words of a text.
fn slug(text: &str) -> String {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric());
    let words: Vec<String> = words
        .filter(|word| !word.is_empty())
        .take(5)
        .map(str::to_ascii_lowercase)
        .collect();
    words.join("-")
}

#[cfg(test)]
mod tests {
    use super::super::environment::Environment;
    use super::super::settings::Settings;
    use super::*;

    fn load(toml: &str) -> Result<Settings, ConfigError> {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("pubflow.toml"), toml).unwrap();
        Settings::load(dir.path(), &Environment::default())
    }

    #[track_caller]
    fn refuses(toml: &str, words: &str) {
        let text = load(toml).unwrap_err().to_string();
        assert!(text.contains(words), "{toml}: {text}");
    }

    #[test]
    fn items_and_times_are_read() {
        let settings = load(
            r#"
            [release]
            window = { deny = ["fri 12:00-", "sat"], tz = "Europe/Berlin" }
            soak = { min = "7d", after = "pre-release" }
            [gates.tests]
            run = ["pytest"]
            [[checklist]]
            group = "technical"
            text = "All tests pass on every Python we name"
            auto = "gate:tests"
            [[checklist]]
            text = "Legal review"
            manual = true
            owner = "lead"
            options = ["approved", "conditional"]
            "#,
        )
        .unwrap();
        let ids: Vec<&str> = settings
            .checklist
            .iter()
            .map(|item| item.value.id.as_str())
            .collect();
        assert_eq!(ids, ["all-tests-pass-on-every", "legal-review"]);
        assert_eq!(
            settings.checklist[0].value.by,
            AnsweredBy::Gate("tests".to_owned())
        );
        assert_eq!(settings.times.shown().len(), 2);
        assert_eq!(shown(&settings.checklist).len(), 2);
    }

    #[test]
    fn what_cannot_be_meant_is_an_error() {
        refuses("[[checklist]]\ngroup = \"x\"", "needs a `text`");
        refuses(
            "[[checklist]]\ntext = \"x\"\nauto = \"P0\"",
            "neither gate:NAME nor a rule",
        );
        refuses(
            "[[checklist]]\ntext = \"x\"\nauto = \"gate:a\"\nmanual = true",
            "asks a person too",
        );
        refuses(
            "[[checklist]]\ntext = \"x\"\nmanual = false",
            "`auto` or `manual = true`",
        );
        refuses(
            "[[checklist]]\ntext = \"x\"\noptions = [\"DEFERRED\"]",
            "with APPROVED in it",
        );
        refuses(
            "[[checklist]]\ntext = \"x\"\n[[checklist]]\ntext = \"X\"",
            "like another",
        );
        refuses(
            "[[checklist]]\ntext = \"x\"\nauto = \"gate:none\"",
            "no gate is called `none`",
        );
        refuses("[release]\nsoak = \"soon\"", "a time such as \"7d\"");
        refuses(
            "[release]\nwindow = { deny = [\"friday\"] }",
            "no time of the week",
        );
        refuses(
            "[release]\nwindow = { deny = [\"sat\"], tz = \"Mars\" }",
            "unknown time zone",
        );
    }
}
