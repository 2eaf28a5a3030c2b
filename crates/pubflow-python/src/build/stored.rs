//! The two JSON files that pass between pubflow and `runner.py`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::error::HookFailure;
use super::hook::{Hook, Outcome};

/// What the runner is told.
#[derive(Serialize)]
struct Plan<'a> {
    backend: &'a str,
    backend_path: &'a [PathBuf],
    config_settings: Option<BTreeMap<&'a str, Setting<'a>>>,
    requires: &'a [String],
    extras: Vec<&'a String>,
    hooks: Vec<PlannedHook<'a>>,
}

#[derive(Serialize)]
struct PlannedHook<'a> {
    name: &'static str,
    directory: Option<&'a Path>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Setting<'a> {
    One(&'a str),
    Many(Vec<&'a str>),
}

/// What the runner says.
#[derive(Deserialize)]
struct Report {
    running: Option<String>,
    import_error: Option<Said>,
    outcomes: Vec<Said>,
}

#[derive(Deserialize)]
struct Said {
    status: Status,
    #[serde(default)]
    error: String,
    #[serde(default)]
    value: Value,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Status {
    Returned,
    Missing,
    Unsupported,
    Raised,
    Died,
}

/// What a run is about, besides its hooks.
pub(super) struct Setup<'a> {
    pub(super) backend: &'a str,
    pub(super) backend_path: &'a [PathBuf],
    pub(super) config_settings: &'a [(String, String)],
    pub(super) requires: &'a [String],
    pub(super) extras: &'a std::collections::BTreeSet<String>,
}

/// What a run came to.
pub(super) struct Answer {
    /// What was under way when the process ended: `import`, a hook's name, or nothing.
    pub(super) running: Option<String>,
    /// Why the backend could not be loaded.
    pub(super) import_error: Option<String>,
    /// An outcome for each hook that came to an end, in order.
    pub(super) outcomes: Vec<Result<Outcome, HookFailure>>,
}

pub(super) fn plan(setup: &Setup<'_>, hooks: &[Hook]) -> serde_json::Result<Vec<u8>> {
    serde_json::to_vec(&Plan {
        backend: setup.backend,
        backend_path: setup.backend_path,
        config_settings: settings(setup.config_settings),
        requires: setup.requires,
        extras: setup.extras.iter().collect(),
        hooks: hooks
            .iter()
            .map(|hook| PlannedHook {
                name: hook.stage.as_str(),
                directory: hook.directory.as_deref(),
            })
            .collect(),
    })
}

/// Settings as an object; a key that is given more than once becomes a list.
fn settings(given: &[(String, String)]) -> Option<BTreeMap<&str, Setting<'_>>> {
    let mut settings: BTreeMap<&str, Setting<'_>> = BTreeMap::new();
    for (key, value) in given {
        let joined = match settings.remove(key.as_str()) {
            None => Setting::One(value),
            Some(Setting::One(first)) => Setting::Many(vec![first, value]),
            Some(Setting::Many(mut values)) => {
                values.push(value);
                Setting::Many(values)
            }
        };
        settings.insert(key, joined);
    }
    (!settings.is_empty()).then_some(settings)
}

pub(super) fn answer(bytes: &[u8]) -> serde_json::Result<Answer> {
    let report: Report = serde_json::from_slice(bytes)?;
    Ok(Answer {
        running: report.running,
        import_error: report.import_error.map(|said| said.error),
        outcomes: report.outcomes.into_iter().map(outcome).collect(),
    })
}

fn outcome(said: Said) -> Result<Outcome, HookFailure> {
    match said.status {
        Status::Missing => Ok(Outcome::Missing),
        Status::Unsupported => Err(HookFailure::Unsupported(said.error)),
        Status::Raised => Err(HookFailure::Raised(said.error)),
        Status::Died => Err(HookFailure::Died(said.error)),
        Status::Returned => Ok(match said.value {
            Value::String(text) => Outcome::Text(text),
            Value::Array(values) if values.iter().all(Value::is_string) => Outcome::List(
                values
                    .iter()
                    .filter_map(Value::as_str)
                    .map(str::to_owned)
                    .collect(),
            ),
            other => Outcome::Other(other.to_string()),
        }),
    }
}

/// Names and versions of what is installed, as the listing of an interpreter gives them.
pub(super) fn installed_versions(bytes: &[u8]) -> Result<Vec<(String, String)>, serde_json::Error> {
    let found: BTreeMap<String, String> = serde_json::from_slice(bytes)?;
    Ok(found.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeated_settings_become_a_list_and_none_are_null() {
        let given = [("a", "1"), ("b", "2"), ("a", "3"), ("a", "4")];
        let given: Vec<(String, String)> = given
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
            .collect();
        let text = serde_json::to_string(&settings(&given)).unwrap();
        assert_eq!(text, r#"{"a":["1","3","4"],"b":"2"}"#);
        assert_eq!(serde_json::to_string(&settings(&[])).unwrap(), "null");
    }

    #[test]
    fn values_of_any_type_are_told_apart() {
        let text = br#"{"running": null, "outcomes": [{"status": "returned", "value": "x"},
            {"status": "returned", "value": ["y"]}, {"status": "returned", "value": [1]},
            {"status": "missing"}, {"status": "died", "error": "gone"}]}"#;
        let answer = answer(text).unwrap();
        assert_eq!(
            answer.outcomes,
            [
                Ok(Outcome::Text("x".to_owned())),
                Ok(Outcome::List(vec!["y".to_owned()])),
                Ok(Outcome::Other("[1]".to_owned())),
                Ok(Outcome::Missing),
                Err(HookFailure::Died("gone".to_owned())),
            ]
        );
    }
}
