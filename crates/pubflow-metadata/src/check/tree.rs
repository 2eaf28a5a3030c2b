//! What is known of the tree around a pyproject.toml.
//!
//! The tree is read by the caller; here is only what the checks ask it.

use std::collections::{BTreeMap, BTreeSet};

/// Files of a project's tree.
#[derive(Debug, Clone, Default)]
pub struct ProjectTree {
    /// Names of the regular files directly in the project's directory.
    pub files: BTreeSet<String>,
    /// Texts of the files that say something about the release, by their paths with `/`: the
    /// change log, `CITATION.cff`, the top module.
    pub texts: BTreeMap<String, String>,
}

impl ProjectTree {
    /// Paths of the files whose texts the checks look at, if they are there.
    #[must_use]
    pub fn wanted_texts(files: &BTreeSet<String>, import_name: Option<&str>) -> Vec<String> {
        let in_root = files
            .iter()
            .filter(|name| is_change_log(name) || name.as_str() == CITATION);
        let mut wanted: Vec<String> = in_root.cloned().collect();
        if let Some(name) = import_name {
            for path in ["{}/__init__.py", "src/{}/__init__.py", "{}.py", "src/{}.py"] {
                wanted.push(path.replace("{}", name));
            }
        }
        wanted
    }

    /// The change log, if there is one.
    pub(super) fn change_log(&self) -> Option<(&str, &str)> {
        let mut texts = self.texts.iter();
        texts
            .find(|(path, _)| is_change_log(path))
            .map(|(path, text)| (path.as_str(), text.as_str()))
    }
}

/// Name of the file that tells how to cite a project.
pub(super) const CITATION: &str = "CITATION.cff";

/// Names of change logs, without their endings, in lower case.
const CHANGE_LOGS: [&str; 5] = ["changelog", "changes", "history", "news", "releases"];

fn is_change_log(name: &str) -> bool {
    let (stem, ending) = name.split_once('.').unwrap_or((name, ""));
    CHANGE_LOGS.contains(&stem.to_lowercase().as_str())
        && matches!(ending, "" | "md" | "rst" | "txt")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_are_wanted() {
        let files = ["CHANGES.rst", "CITATION.cff", "news.py", "README.md"];
        let files = files.iter().map(|name| (*name).to_owned()).collect();
        assert_eq!(
            ProjectTree::wanted_texts(&files, Some("demo")),
            [
                "CHANGES.rst",
                "CITATION.cff",
                "demo/__init__.py",
                "src/demo/__init__.py",
                "demo.py",
                "src/demo.py"
            ]
        );
    }
}
