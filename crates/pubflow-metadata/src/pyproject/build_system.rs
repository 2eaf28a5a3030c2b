//! `[build-system]`: what a build front end needs, with the defaults of pypa/build.
//!
//! Spec: PEP 517 and 518. Without the table the legacy setuptools backend builds the project; with
//! the table `requires` is mandatory, and unknown keys are errors.

use toml_edit::{Item, TableLike};

use super::{Problem, ProblemKind, Pyproject, TomlPath};

/// Backend of a project that names none.
pub const DEFAULT_BACKEND: &str = "setuptools.build_meta:__legacy__";

/// Requirement of a project without `[build-system]`.
pub const DEFAULT_REQUIRES: &str = "setuptools >= 40.8.0";

/// Keys that the table may have.
pub(crate) const KEYS: [&str; 3] = ["requires", "build-backend", "backend-path"];

/// How a project is built.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuildSystem {
    /// Requirements to install before the backend is loaded; the texts as written.
    pub requires: Vec<String>,
    /// Object that holds the hooks; `None` where the project names none, see
    /// [`BuildSystem::backend_or_default`].
    pub backend: Option<String>,
    /// Directories of the tree to load the backend from; empty for installed backends.
    pub backend_path: Vec<String>,
}

impl BuildSystem {
    /// What a project without the table is built with.
    #[must_use]
    pub fn legacy() -> Self {
        Self {
            requires: vec![DEFAULT_REQUIRES.to_owned()],
            backend: None,
            backend_path: Vec::new(),
        }
    }

    /// The backend to load.
    #[must_use]
    pub fn backend_or_default(&self) -> &str {
        self.backend.as_deref().unwrap_or(DEFAULT_BACKEND)
    }
}

impl Pyproject {
    /// How the project is built.
    ///
    /// # Errors
    /// The file is not TOML, or `[build-system]` is not a table, lacks `requires`, has a value of
    /// the wrong type or an unknown key.
    pub fn build_system(&self) -> Result<BuildSystem, Problem> {
        let Some(root) = self.root() else {
            return Err(self.first_problem());
        };
        let Some(item) = root.get("build-system") else {
            return Ok(BuildSystem::legacy());
        };
        let path = TomlPath::of(&["build-system"]);
        let Some(table) = item.as_table_like() else {
            return Err(self.wrong_type(&path, "a table", item));
        };
        let Some(requires) = table.get("requires") else {
            return Err(Problem {
                kind: ProblemKind::Missing {
                    key: "requires",
                    similar: similar_key(table, "requires"),
                },
                path: Some(path.to_string()),
                at: self.position_of(&path),
            });
        };
        let build_system = BuildSystem {
            requires: self.strings(&path.key("requires"), requires)?,
            backend: match table.get("build-backend") {
                None => None,
                Some(item) => Some(self.string(&path.key("build-backend"), item)?),
            },
            backend_path: match table.get("backend-path") {
                None => Vec::new(),
                Some(item) => self.strings(&path.key("backend-path"), item)?,
            },
        };
        match self.unknown_build_keys().into_iter().next() {
            Some(problem) => Err(problem),
            None => Ok(build_system),
        }
    }

    /// Keys of `[build-system]` that no specification knows.
    pub(crate) fn unknown_build_keys(&self) -> Vec<Problem> {
        let Some(table) = self.table("build-system") else {
            return Vec::new();
        };
        let path = TomlPath::of(&["build-system"]);
        let unknown = table.iter().filter(|(key, _)| !KEYS.contains(key));
        unknown
            .map(|(key, _)| Problem {
                kind: ProblemKind::UnknownKey {
                    key: key.to_owned(),
                    similar: crate::spelling::nearest(key, KEYS),
                },
                path: Some(path.key(key).to_string()),
                at: self.position_of(&path.key(key)),
            })
            .collect()
    }

    /// Why there are no tables.
    fn first_problem(&self) -> Problem {
        self.problems.first().cloned().unwrap_or(Problem {
            kind: ProblemKind::NotToml {
                expected: "unreadable".to_owned(),
            },
            path: None,
            at: None,
        })
    }

    pub(crate) fn wrong_type(
        &self,
        path: &TomlPath,
        expected: &'static str,
        item: &Item,
    ) -> Problem {
        Problem {
            kind: ProblemKind::WrongType {
                expected,
                found: item.type_name(),
            },
            path: Some(path.to_string()),
            at: self.position_of(path),
        }
    }

    fn string(&self, path: &TomlPath, item: &Item) -> Result<String, Problem> {
        item.as_str()
            .map(str::to_owned)
            .ok_or_else(|| self.wrong_type(path, "a string", item))
    }

    fn strings(&self, path: &TomlPath, item: &Item) -> Result<Vec<String>, Problem> {
        const EXPECTED: &str = "an array of strings";
        let Some(array) = item.as_array() else {
            return Err(self.wrong_type(path, EXPECTED, item));
        };
        let texts: Option<Vec<_>> = array
            .iter()
            .map(|value| value.as_str().map(str::to_owned))
            .collect();
        texts.ok_or_else(|| self.wrong_type(path, EXPECTED, item))
    }
}

fn similar_key(table: &dyn TableLike, wanted: &str) -> Option<String> {
    let keys = table.iter().map(|(key, _)| key);
    let known = keys.filter(|key| !KEYS.contains(key));
    crate::spelling::nearest(wanted, known).map(str::to_owned)
}
