//! What a source tree says about how it is built and what it is.

use std::path::{Path, PathBuf};

use pubflow_metadata::pyproject::{BuildSystem, Pyproject};
use pubflow_spec::{Requirement, SpecifierSet};

use super::error::{BuildError, BuildReason, BuildStage};

/// Files of a project that is older than pyproject.toml.
const LEGACY_FILES: &[&str] = &["setup.py", "setup.cfg"];
/// Tables whose misspelling turns a project into another one without anybody noticing.
const TABLES: &[&str] = &["build-system", "project"];
/// Likeness from which a name is taken for a misspelling.
const NEAR: f64 = 0.8;

/// A source tree and what is statically known about it.
#[derive(Debug)]
pub(super) struct Source {
    pub(super) root: PathBuf,
    pub(super) build_system: BuildSystem,
    /// `project.name`.
    pub(super) name: Option<String>,
    /// `project.version`.
    pub(super) version: Option<String>,
    pub(super) requires_python: Option<SpecifierSet>,
    has_pyproject: bool,
}

impl Source {
    /// Reads the tree at `root`, an absolute path.
    pub(super) fn read(root: &Path) -> Result<Self, BuildError> {
        let stop = |reason| BuildError::new(BuildStage::Parse, reason);
        let is_legacy = LEGACY_FILES.iter().any(|name| root.join(name).is_file());
        let path = root.join("pyproject.toml");
        if !path.is_file() {
            if !is_legacy {
                return Err(stop(BuildReason::NotAProject(root.to_path_buf())));
            }
            return Ok(Self::legacy(root));
        }
        let bytes = std::fs::read(&path)
            .map_err(|error| BuildError::io(BuildStage::Parse, &path, error))?;
        let pyproject = Pyproject::from_bytes(&bytes);
        if let Some(problem) = pyproject.problems().first() {
            return Err(stop(BuildReason::Pyproject(problem.clone())));
        }
        check_spelling(&pyproject).map_err(stop)?;
        let has_build_system = pyproject.item("build-system").is_some();
        if !has_build_system && !pyproject.has_project() && !is_legacy {
            return Err(stop(BuildReason::NoBuildSystem(path)));
        }
        let build_system = pyproject
            .build_system()
            .map_err(|problem| stop(BuildReason::Pyproject(problem)))?;
        Ok(Self {
            root: root.to_path_buf(),
            build_system,
            name: pyproject.project_name().map(str::to_owned),
            version: pyproject.project_version().map(str::to_owned),
            requires_python: requires_python(&pyproject).map_err(stop)?,
            has_pyproject: true,
        })
    }

    fn legacy(root: &Path) -> Self {
        Self {
            root: root.to_path_buf(),
            build_system: BuildSystem::legacy(),
            name: None,
            version: None,
            requires_python: None,
            has_pyproject: false,
        }
    }

    /// The same project in the tree that its sdist was unpacked to.
    pub(super) fn again_in(&self, root: PathBuf) -> Result<Self, BuildError> {
        let stop = |reason| BuildError::new(BuildStage::BuildWheel, reason);
        if self.has_pyproject && !root.join("pyproject.toml").is_file() {
            return Err(stop(BuildReason::SdistWithoutPyproject));
        }
        let unpacked = Self::read(&root).and_then(|unpacked| {
            unpacked.check_requirements()?;
            Ok(unpacked)
        });
        // It was read well from the project: whatever is wrong now, the sdist brought it.
        unpacked.map_err(|error| BuildError {
            at: BuildStage::BuildWheel,
            ..error
        })
    }

    /// Reads the requirements of `[build-system]`.
    pub(super) fn check_requirements(&self) -> Result<(), BuildError> {
        for text in &self.build_system.requires {
            if let Err(error) = Requirement::parse(text) {
                let requirement = text.clone();
                let reason = BuildReason::Requirement { requirement, error };
                return Err(BuildError::new(BuildStage::Requires, reason));
            }
        }
        Ok(())
    }

    /// The backend to load.
    pub(super) fn backend(&self) -> &str {
        self.build_system.backend_or_default()
    }
}

fn requires_python(pyproject: &Pyproject) -> Result<Option<SpecifierSet>, BuildReason> {
    let Some(text) = pyproject.requires_python() else {
        return Ok(None);
    };
    match SpecifierSet::parse(text) {
        Ok(set) => Ok(Some(set)),
        Err(_) => Err(BuildReason::RequiresPython(text.to_owned())),
    }
}

/// Looks for a table that is there under nearly the name of one that is not.
fn check_spelling(pyproject: &Pyproject) -> Result<(), BuildReason> {
    let Some(root) = pyproject.root() else {
        return Ok(());
    };
    for meant in TABLES.iter().filter(|table| root.get(table).is_none()) {
        for (found, item) in root.iter() {
            let folded = found.to_lowercase().replace('_', "-");
            let likeness = strsim::normalized_damerau_levenshtein(&folded, meant);
            if item.is_table_like() && !TABLES.contains(&found) && likeness >= NEAR {
                let found = found.to_owned();
                return Err(BuildReason::MisspeltTable { found, meant });
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(files: &[(&str, &str)], expected: Result<&str, &str>) {
        let root = tempfile::tempdir().unwrap();
        for (name, text) in files {
            std::fs::write(root.path().join(name), text).unwrap();
        }
        let read = Source::read(root.path()).and_then(|source| {
            source.check_requirements()?;
            Ok(source)
        });
        match (read, expected) {
            (Ok(source), Ok(backend)) => assert_eq!(source.backend(), backend),
            (Err(error), Err(words)) => {
                let text = format!("{}: {}", error.at, error.message());
                assert!(text.contains(words), "{text}");
            }
            (read, _) => panic!("{read:?}"),
        }
    }

    #[test]
    fn projects_without_build_system_are_built_by_setuptools() {
        let legacy = Ok("setuptools.build_meta:__legacy__");
        check(&[("setup.py", "")], legacy);
        check(&[("setup.cfg", "")], legacy);
        check(&[("pyproject.toml", "[project]\nname = 'a'\n")], legacy);
        check(
            &[("pyproject.toml", "[tool.x]\n"), ("setup.py", "")],
            legacy,
        );
        check(
            &[("pyproject.toml", "[build-system]\nrequires = ['a']\n")],
            legacy,
        );
    }

    #[test]
    fn what_is_no_project_stops_at_parse() {
        check(&[("notes.txt", "")], Err("is not a Python project"));
        check(&[("pyproject.toml", "[tool.x]\n")], Err("parse: "));
        check(
            &[("pyproject.toml", "a = [")],
            Err("parse: pyproject.toml is not TOML"),
        );
    }

    #[test]
    fn build_system_is_read_strictly() {
        check(
            &[("pyproject.toml", "[build-system]\n")],
            Err("parse: `build-system` has no `requires`"),
        );
        check(
            &[("pyproject.toml", "[build-system]\nrequires = 'a'\n")],
            Err("parse: "),
        );
        let typo = "[build-system]\nrequires = []\nbuild-backed = 'x'\n";
        check(
            &[("pyproject.toml", typo)],
            Err("did you mean `build-backend`"),
        );
        let typo = "[build_system]\nrequires = []\n";
        check(
            &[("pyproject.toml", typo)],
            Err("no table `build-system`, but `build_system`"),
        );
        let invalid = "[build-system]\nrequires = ['a >>> 3']\n";
        check(
            &[("pyproject.toml", invalid)],
            Err("requires: build requirement `a >>> 3`"),
        );
    }
}
