//! A pyproject.toml as the subject of checks.

use pubflow_finding::{Finding, Rule};

use super::ProjectTree;
use crate::pyproject::{Position, Problem, Pyproject, TomlPath};

/// A pyproject.toml, and what is known of the tree around it.
#[derive(Debug, Clone)]
pub struct PyprojectSubject {
    /// The file.
    pub pyproject: Pyproject,
    /// Those of [`Pyproject::named_files`] that do not exist; empty where nobody looked.
    pub missing_files: Vec<String>,
    /// The tree around it; `None` where nobody looked.
    pub tree: Option<ProjectTree>,
}

impl PyprojectSubject {
    /// A file whose tree is not at hand.
    #[must_use]
    pub fn bare(pyproject: Pyproject) -> Self {
        Self {
            pyproject,
            missing_files: Vec::new(),
            tree: None,
        }
    }

    /// A finding at a path of the file.
    pub(super) fn finding(
        &self,
        rule: &'static Rule,
        path: &TomlPath,
        message: impl Into<String>,
    ) -> Finding {
        let finding = Finding::new(rule, message).field(path.to_string());
        at(finding, self.pyproject.position_of(path))
    }

    /// A finding for a problem of the parser.
    pub(super) fn problem(&self, rule: &'static Rule, problem: &Problem) -> Finding {
        let mut finding = Finding::new(rule, problem.to_string());
        finding.place.field.clone_from(&problem.path);
        at(finding, problem.at)
    }
}

fn at(finding: Finding, position: Option<Position>) -> Finding {
    match position {
        Some(position) => finding.at(position.line, position.column),
        None => finding,
    }
}

/// A path below `[project]`.
pub(super) fn project(keys: &[&str]) -> TomlPath {
    let project = TomlPath::of(&["project"]);
    keys.iter().fold(project, |path, key| path.key(key))
}
