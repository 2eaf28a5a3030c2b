//! Reads `[tool.pubflow]` of pyproject.toml, pubflow.toml and the user's file: one schema, strict.
//!
//! An unknown key is an error with the nearest known one, because a misspelt setting that is
//! silently ignored is found out after the release.

use std::path::{Path, PathBuf};

use toml_edit::{Document, Item, TableLike};

use super::index::IndexSettings;
use super::origin::{Origin, Setting};
use super::settings::FileSettings;

/// Why a configuration file was not taken.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConfigError {
    #[error("`{}` cannot be read: {source}", path.display())]
    Read {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("`{}` is not TOML: {message}", path.display())]
    Syntax {
        path: PathBuf,
        line: usize,
        message: String,
    },
    #[error("unknown key `{key}` in `{}`", path.display())]
    UnknownKey {
        path: PathBuf,
        line: usize,
        key: String,
        nearest: Option<&'static str>,
        known: String,
    },
    #[error("`{key}` in `{}` must be {expected}", path.display())]
    WrongType {
        path: PathBuf,
        line: usize,
        key: String,
        expected: &'static str,
    },
    #[error("`{key}` in `{}` {problem}", path.display())]
    Unfit {
        path: PathBuf,
        line: usize,
        key: String,
        problem: String,
    },
    #[error("`{key}` in `{}` holds a secret, and configuration files must not", path.display())]
    Secret {
        path: PathBuf,
        line: usize,
        key: String,
    },
    #[error("`{index}` has {what} `{value}`, which {problem}")]
    Address {
        index: String,
        what: &'static str,
        value: String,
        problem: &'static str,
        origin: Origin,
    },
    #[error("the project file sends `{index}` to `{url}`")]
    Redirected {
        index: String,
        url: String,
        origin: Origin,
    },
    #[error("the project file calls `{index}` an index of the kind `{kind}`")]
    KindOfKnown {
        index: String,
        kind: String,
        origin: Origin,
    },
    #[error("the project file moves `{index}`, which your own configuration knows")]
    MovedFromUser { index: String, origin: Origin },
    #[error("index `{index}` has no {missing} address")]
    Incomplete {
        index: String,
        missing: &'static str,
    },
    #[error("index `{index}` has the unknown kind `{kind}`")]
    UnknownKind {
        index: String,
        kind: String,
        known: String,
        origin: Origin,
    },
    #[error("no index is called `{index}`")]
    UnknownIndex {
        index: String,
        known: String,
        origin: Origin,
    },
    #[error("`{given}` in `{}` is {problem}", path.display())]
    Rule {
        path: PathBuf,
        line: usize,
        given: String,
        problem: String,
        nearest: Option<String>,
    },
    #[error("`{name}` is not a name for an index")]
    IndexName { name: String, origin: Origin },
}

/// Where a table stands, for messages about its keys.
pub(super) struct Reader<'a> {
    pub(super) path: &'a Path,
    pub(super) text: &'a str,
    pub(super) origin: Origin,
}

/// Reads the project's settings: pubflow.toml beside pyproject.toml, or its `[tool.pubflow]`.
///
/// Where both are there, pubflow.toml is read and the table is left alone.
pub(crate) fn read_project(directory: &Path) -> Result<Option<FileSettings>, ConfigError> {
    let own = directory.join("pubflow.toml");
    if let Some(settings) = read(&own, &[], Origin::ProjectFile(own.clone()))? {
        return Ok(Some(settings));
    }
    let pyproject = directory.join("pyproject.toml");
    read(
        &pyproject,
        &["tool", "pubflow"],
        Origin::ProjectFile(pyproject.clone()),
    )
}

/// Reads the user's settings, if the file is there.
pub(crate) fn read_user(path: &Path) -> Result<Option<FileSettings>, ConfigError> {
    read(path, &[], Origin::UserFile(path.to_owned()))
}

fn read(path: &Path, table: &[&str], origin: Origin) -> Result<Option<FileSettings>, ConfigError> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(source) => {
            return Err(ConfigError::Read {
                path: path.to_owned(),
                source,
            });
        }
    };
    let document = Document::parse(text.as_str()).map_err(|error| ConfigError::Syntax {
        path: path.to_owned(),
        line: line_of(&text, error.span().map_or(0, |span| span.start)),
        message: error.message().to_owned(),
    })?;
    let mut item = document.as_item();
    for key in table {
        match item.get(key) {
            Some(inner) => item = inner,
            None => return Ok(None),
        }
    }
    let reader = Reader {
        path,
        text: &text,
        origin,
    };
    reader
        .settings(reader.table(item, "tool.pubflow")?)
        .map(Some)
}

const TOP_KEYS: &[&str] = &[
    "budgets",
    "build",
    "check",
    "checklist",
    "default-index",
    "gates",
    "expect",
    "index",
    "release",
    "smoke",
    "step",
];
const INDEX_KEYS: &[&str] = &["upload", "simple", "kind", "web"];
const SECRET_KEYS: &[&str] = &["token", "password", "username", "nonce"];

impl Reader<'_> {
    fn settings(&self, table: &dyn TableLike) -> Result<FileSettings, ConfigError> {
        self.known_keys(table, "", TOP_KEYS)?;
        let mut settings = FileSettings::default();
        if let Some(item) = table.get("default-index") {
            settings.default_index = Some(self.text(item, "default-index")?);
        }
        if let Some(item) = table.get("check") {
            settings.check = Some(self.check(self.table(item, "check")?)?);
        }
        match table.get("index") {
            None => {}
            Some(item) if item.is_str() => settings.default_index = Some(self.text(item, "index")?),
            Some(item) => {
                for (name, item) in self.table(item, "index")?.iter() {
                    let at = format!("index.{name}");
                    settings
                        .indexes
                        .insert(name.to_owned(), self.index(self.table(item, &at)?, &at)?);
                }
            }
        }
        if let Some(item) = table.get("checklist") {
            settings.checklist = self.checklist(item)?;
        }
        if let Some(item) = table.get("gates") {
            settings.gates = self.gates(self.table(item, "gates")?)?;
        }
        if let Some(item) = table.get("smoke") {
            settings.smoke = self.smoke(self.table(item, "smoke")?)?;
        }
        if let Some(item) = table.get("release") {
            let release = self.table(item, "release")?;
            settings.release = self.release(release)?;
            settings.times = self.release_times(release)?;
        }
        if let Some(item) = table.get("step") {
            settings.steps = self.steps(item)?;
        }
        self.require_gates_of_items(table, &settings)?;
        if let Some(item) = table.get("build") {
            settings.build = self.build(self.table(item, "build")?)?;
        }
        if let Some(item) = table.get("expect") {
            settings.build.expect = Some(self.expect(item)?);
        }
        if let Some(item) = table.get("budgets") {
            settings.budgets = self.budgets(self.table(item, "budgets")?)?;
        }
        Ok(settings)
    }

    fn index(&self, table: &dyn TableLike, at: &str) -> Result<IndexSettings, ConfigError> {
        for key in SECRET_KEYS {
            if let Some(item) = table.get(key) {
                let key = format!("{at}.{key}");
                return Err(ConfigError::Secret {
                    path: self.path.to_owned(),
                    line: self.line(item),
                    key,
                });
            }
        }
        self.known_keys(table, at, INDEX_KEYS)?;
        let text = |key: &str| {
            table
                .get(key)
                .map(|item| self.text(item, &format!("{at}.{key}")))
                .transpose()
        };
        Ok(IndexSettings {
            upload: text("upload")?,
            simple: text("simple")?,
            kind: text("kind")?,
            web: text("web")?,
            ..IndexSettings::default()
        })
    }

    pub(super) fn known_keys(
        &self,
        table: &dyn TableLike,
        at: &str,
        known: &[&'static str],
    ) -> Result<(), ConfigError> {
        for (key, item) in table.iter() {
            if known.contains(&key) {
                continue;
            }
            let nearest = known
                .iter()
                .copied()
                .filter(|k| strsim::jaro_winkler(k, key) > 0.8)
                .max_by(|a, b| {
                    strsim::jaro_winkler(a, key).total_cmp(&strsim::jaro_winkler(b, key))
                });
            return Err(ConfigError::UnknownKey {
                path: self.path.to_owned(),
                line: self.line(item),
                key: if at.is_empty() {
                    key.to_owned()
                } else {
                    format!("{at}.{key}")
                },
                nearest,
                known: known.join(", "),
            });
        }
        Ok(())
    }

    pub(super) fn table<'t>(
        &self,
        item: &'t Item,
        key: &str,
    ) -> Result<&'t dyn TableLike, ConfigError> {
        item.as_table_like()
            .ok_or_else(|| self.wrong_type(item, key, "a table"))
    }

    pub(super) fn text(&self, item: &Item, key: &str) -> Result<Setting<String>, ConfigError> {
        let text = item
            .as_str()
            .ok_or_else(|| self.wrong_type(item, key, "a string"))?;
        Ok(Setting::new(text.to_owned(), self.origin.clone()))
    }

    pub(super) fn texts(
        &self,
        item: &Item,
        key: &str,
    ) -> Result<Setting<Vec<String>>, ConfigError> {
        let wrong = || self.wrong_type(item, key, "an array of strings");
        let texts = item
            .as_array()
            .ok_or_else(wrong)?
            .iter()
            .map(|value| value.as_str().map(str::to_owned));
        Ok(Setting::new(
            texts.collect::<Option<_>>().ok_or_else(wrong)?,
            self.origin.clone(),
        ))
    }

    pub(super) fn wrong_type(&self, item: &Item, key: &str, expected: &'static str) -> ConfigError {
        ConfigError::WrongType {
            path: self.path.to_owned(),
            line: self.line(item),
            key: key.to_owned(),
            expected,
        }
    }

    pub(super) fn line(&self, item: &Item) -> usize {
        self.line_at(item.span())
    }

    pub(super) fn line_at(&self, span: Option<std::ops::Range<usize>>) -> usize {
        line_of(self.text, span.map_or(0, |span| span.start))
    }
}

/// Line of a byte offset, from 1.
pub(super) fn line_of(text: &str, offset: usize) -> usize {
    1 + text
        .as_bytes()
        .iter()
        .take(offset)
        .filter(|byte| **byte == b'\n')
        .count()
}
