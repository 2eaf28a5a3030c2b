//! The effective settings of a call: every source merged, every value with its origin.

use std::collections::BTreeMap;
use std::path::Path;

use pubflow_index::{IndexAddress, known::KNOWN};
use pubflow_stages::{ChecklistItem, Gate};

use super::budgets::BudgetSettings;
use super::build::BuildSettings;
use super::check::CheckSettings;
use super::checklist::ReleaseTimes;
use super::environment::Environment;
use super::file::{self, ConfigError};
use super::index::{self, IndexSettings};
use super::origin::{Origin, Setting, strongest};
use super::release::ReleaseSettings;
use super::smoke::SmokeSettings;
use super::step::StepSetting;

/// What one configuration file sets.
#[derive(Debug, Default)]
pub(crate) struct FileSettings {
    /// `[tool.pubflow.check]`.
    pub(crate) check: Option<CheckSettings>,
    /// `[tool.pubflow.gates.NAME]`.
    pub(crate) gates: Vec<Setting<Gate>>,
    /// `[[tool.pubflow.checklist]]`.
    pub(crate) checklist: Vec<Setting<ChecklistItem>>,
    /// The times of `[tool.pubflow.release]`.
    pub(crate) times: ReleaseTimes,
    /// `default-index`, or `index` as a text.
    pub(crate) default_index: Option<Setting<String>>,
    /// The tables `[tool.pubflow.index.NAME]`.
    pub(crate) indexes: BTreeMap<String, IndexSettings>,
    /// `[tool.pubflow.smoke]`.
    pub(crate) smoke: SmokeSettings,
    /// `[tool.pubflow.release]`.
    pub(crate) release: ReleaseSettings,
    /// `[[tool.pubflow.step]]`.
    pub(crate) steps: Vec<StepSetting>,
    /// `budgets`.
    pub(crate) budgets: BudgetSettings,
    /// `build.units` and `expect`.
    pub(crate) build: BuildSettings,
}

/// The merged settings.
#[derive(Debug)]
pub(crate) struct Settings {
    /// What `check` looks at; of the project, else of the user.
    pub(crate) check: CheckSettings,
    /// What has to be true before a release; of the project, else of the user.
    pub(crate) gates: Vec<Setting<Gate>>,
    /// What people and rules have to say before a release.
    pub(crate) checklist: Vec<Setting<ChecklistItem>>,
    /// When a release may go out.
    pub(crate) times: ReleaseTimes,
    /// The index that `publish` takes when none is named.
    pub(crate) default_index: Option<Setting<String>>,
    /// Every index that is known by name.
    pub(crate) indexes: BTreeMap<String, IndexSettings>,
    /// How `verify` tests.
    pub(crate) smoke: SmokeSettings,
    /// What `release` asks for.
    pub(crate) release: ReleaseSettings,
    /// Steps of the project, else of the user.
    pub(crate) steps: Vec<StepSetting>,
    /// Sizes and times beyond which something is found.
    pub(crate) budgets: BudgetSettings,
    /// What a release is made of.
    pub(crate) build: BuildSettings,
}

impl Settings {
    /// Reads the project's and the user's file and merges them with the environment.
    ///
    /// # Errors
    /// A file that cannot be read or breaks the schema.
    pub(crate) fn load(directory: &Path, env: &Environment) -> Result<Self, ConfigError> {
        let project = file::read_project(directory)?.unwrap_or_default();
        let user = env
            .user_file()
            .map(|path| file::read_user(&path))
            .transpose()?
            .flatten()
            .unwrap_or_default();
        Ok(Self::merge([project, user], env))
    }

    /// Built-in values and the environment alone.
    pub(crate) fn without_files(env: &Environment) -> Self {
        Self::merge([FileSettings::default(), FileSettings::default()], env)
    }

    fn merge(files: [FileSettings; 2], env: &Environment) -> Self {
        let mut indexes: BTreeMap<String, IndexSettings> = KNOWN
            .iter()
            .map(|known| {
                (
                    known.name().to_owned(),
                    IndexSettings::of_known(&known.address()),
                )
            })
            .collect();
        let (mut default_index, mut smoke) = (None, SmokeSettings::default());
        let mut release = ReleaseSettings::default();
        let mut steps = Vec::new();
        let (mut check, mut gates) = (None, Vec::new());
        let (mut checklist, mut times) = (Vec::new(), ReleaseTimes::default());
        let (mut budgets, mut build) = (BudgetSettings::default(), BuildSettings::default());
        for file in files {
            check = check.or(file.check);
            if gates.is_empty() {
                gates = file.gates;
            }
            if checklist.is_empty() {
                checklist = file.checklist;
            }
            times.merge(file.times);
            if let Some(setting) = file.default_index {
                strongest(&mut default_index, setting);
            }
            release.merge(file.release);
            if steps.is_empty() {
                steps = file.steps;
            }
            smoke.merge(file.smoke);
            budgets.merge(file.budgets);
            build.merge(file.build);
            for (name, settings) in file.indexes {
                let held = indexes.entry(name).or_default();
                held.notice_a_move(&settings);
                held.merge(settings);
            }
        }
        let names: Vec<String> = indexes.keys().cloned().collect();
        for (name, settings) in index::from_environment(env, &names) {
            indexes.entry(name).or_default().merge(settings);
        }
        for settings in indexes.values_mut() {
            forget_defaults_of_a_redirected_index(settings);
        }
        Self {
            check: check.unwrap_or_default(),
            gates,
            checklist,
            times,
            default_index,
            indexes,
            smoke,
            release,
            steps,
            budgets,
            build,
        }
    }

    /// Whether a project file says where the uploads of `name` go.
    pub(crate) fn is_placed_by_project(&self, name: &str) -> bool {
        let upload = self
            .indexes
            .get(name)
            .and_then(|index| index.upload.as_ref());
        upload.is_some_and(|upload| matches!(upload.origin, Origin::ProjectFile(_)))
    }

    /// Whether an index of this name is configured.
    pub(crate) fn knows(&self, name: &str) -> bool {
        self.indexes.contains_key(name)
    }

    /// The address of the index called `name`.
    ///
    /// # Errors
    /// An unknown name, or settings that make no safe address.
    pub(crate) fn address(&self, name: &Setting<String>) -> Result<IndexAddress, ConfigError> {
        let settings = self
            .indexes
            .get(&name.value)
            .ok_or_else(|| ConfigError::UnknownIndex {
                index: name.value.clone(),
                known: self.indexes.keys().cloned().collect::<Vec<_>>().join(", "),
                origin: name.origin.clone(),
            })?;
        settings.address(&name.value)
    }
}

/// A built-in index of which one address was changed is another index: the other addresses must be
/// set too, or the files of one index would be looked for on the other.
fn forget_defaults_of_a_redirected_index(settings: &mut IndexSettings) {
    let is_default = |setting: &Option<Setting<String>>| {
        setting
            .as_ref()
            .is_none_or(|setting| setting.origin == Origin::Default)
    };
    if is_default(&settings.upload) && is_default(&settings.simple) {
        return;
    }
    for setting in [
        &mut settings.upload,
        &mut settings.simple,
        &mut settings.web,
    ] {
        if is_default(setting) {
            *setting = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(files: &[(&str, &str)], env: &Environment) -> Result<Settings, ConfigError> {
        let dir = tempfile::tempdir().unwrap();
        for (name, text) in files {
            std::fs::write(dir.path().join(name), text).unwrap();
        }
        Settings::load(dir.path(), env)
    }

    #[test]
    fn environment_beats_the_project_file_and_keeps_its_name() {
        let toml = "[tool.pubflow.index.inner]\nupload = \"https://a.example/\"\nsimple = \"https://a.example/simple\"\n";
        let env = Environment::from([("PUBFLOW_INDEX_INNER_UPLOAD", "https://b.example/up")]);
        let settings = load(&[("pyproject.toml", toml)], &env).unwrap();
        let inner = &settings.indexes["inner"];
        assert_eq!(
            inner.upload.as_ref().unwrap().origin.to_string(),
            "environment, PUBFLOW_INDEX_INNER_UPLOAD"
        );
        let address = inner.address("inner").unwrap();
        assert_eq!(
            (address.upload.as_str(), address.simple.as_str()),
            ("https://b.example/up", "https://a.example/simple/")
        );
    }

    #[test]
    fn an_unknown_key_is_an_error_with_the_nearest_one() {
        let error = load(
            &[(
                "pubflow.toml",
                "[index.inner]\nuplaod = \"https://a.example/\"\n",
            )],
            &Environment::default(),
        );
        match error.unwrap_err() {
            ConfigError::UnknownKey {
                line, key, nearest, ..
            } => {
                assert_eq!(
                    (line, key.as_str(), nearest),
                    (2, "index.inner.uplaod", Some("upload"))
                );
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_token_in_a_file_is_refused() {
        let error = load(
            &[("pubflow.toml", "[index.inner]\ntoken = \"x\"\n")],
            &Environment::default(),
        );
        assert!(matches!(error, Err(ConfigError::Secret { line: 2, .. })));
    }

    #[test]
    fn a_half_redirected_known_index_is_incomplete() {
        let env = Environment::from([("PUBFLOW_INDEX_PYPI_UPLOAD", "http://127.0.0.1:1/legacy/")]);
        let settings = load(&[], &env).unwrap();
        let error = settings.indexes["pypi"].address("pypi").unwrap_err();
        assert!(
            matches!(
                error,
                ConfigError::Incomplete {
                    missing: "simple",
                    ..
                }
            ),
            "{error}"
        );
    }
}
