//! A pyproject.toml as the subject of checks.

use std::ops::Range;

use pubflow_finding::{Edit, Finding, Fix, Rule};
use toml_edit::Value;

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

    /// A safe fix that writes another string in the place of the value at a path.
    pub(super) fn replace_value(&self, path: &TomlPath, text: &str) -> Option<Fix> {
        let (_, span) = self.pyproject.spans_of(path);
        self.replace(span?, Value::from(text).to_string())
    }

    /// A safe fix that writes another bare key in the place of the one at a path.
    pub(super) fn replace_key(&self, path: &TomlPath, key: &str) -> Option<Fix> {
        let (span, _) = self.pyproject.spans_of(path);
        self.replace(span?, key.to_owned())
    }

    fn replace(&self, range: Range<usize>, text: String) -> Option<Fix> {
        // Behind a byte order mark the offsets of text and file differ.
        let is_plain = self.pyproject.problems().is_empty();
        let path = String::new();
        is_plain.then(|| Fix {
            safe: true,
            edits: vec![Edit { path, range, text }],
        })
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
