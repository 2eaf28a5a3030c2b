//! P1303: files of tools, editors and systems.

use std::collections::BTreeSet;

use pubflow_finding::{Finding, Findings, Rule, Severity};

use super::{Subject, report};

pub(super) static RULE: Rule = Rule {
    code: "P1303",
    name: "junk-files",
    severity: Severity::Warning,
    source: "advice",
    refused_by: &[],
    about: "The distribution holds files that tools, editors or operating systems leave behind: \
            caches, virtual environments, version control directories, `.DS_Store`.",
    why: "They make the download larger and tell more about the machine that built it than its \
            owner may want.",
    cure: "Exclude them in the backend's settings, or build from a clean checkout.",
    bad: "demo-1.0/.venv/bin/python\ndemo-1.0/.DS_Store",
    good: "demo-1.0/pyproject.toml",
};

const DIRECTORIES: &[&str] = &[
    ".eggs",
    ".git",
    ".hg",
    ".hypothesis",
    ".idea",
    ".ipynb_checkpoints",
    ".mypy_cache",
    ".nox",
    ".pytest_cache",
    ".ruff_cache",
    ".svn",
    ".tox",
    ".venv",
    ".vscode",
    "__MACOSX",
    "__pycache__",
    "htmlcov",
    "node_modules",
];

/// The mark of a virtual environment, which may have any name.
const ENVIRONMENT: &str = "pyvenv.cfg";

const FILES: &[&str] = &[
    ".DS_Store",
    ".coverage",
    "Thumbs.db",
    "desktop.ini",
    "ehthumbs.db",
];

const ENDINGS: &[&str] = &[".orig", ".rej", ".swp", ".swo", "~"];

pub(super) fn check<S: Subject>(subject: &S, findings: &mut Findings) {
    // One finding for each directory, whatever lies in it.
    let mut junk: BTreeSet<String> = BTreeSet::new();
    for entry in subject.archive().entries() {
        let path = entry.path.as_str();
        let mut end = 0;
        let directory = entry.path.components().find_map(|part| {
            end += part.len() + 1;
            DIRECTORIES.contains(&part).then_some(end - 1)
        });
        let name = entry.path.file_name();
        if name == ENVIRONMENT {
            let directory = path.rsplit_once('/').map_or(path, |(above, _)| above);
            junk.insert(directory.to_owned());
            continue;
        }
        let is_junk = FILES.contains(&name)
            || name.starts_with("._")
            || ENDINGS.iter().any(|ending| name.ends_with(ending));
        if let Some(end) = directory {
            junk.insert(path[..end].to_owned());
        } else if is_junk {
            junk.insert(path.to_owned());
        }
    }
    let found = junk.into_iter().map(|path| {
        Finding::new(&RULE, format!("`{path}` was left behind by a tool"))
            .member(path)
            .next("exclude it, or build from a clean checkout")
    });
    report::capped(&RULE, found, findings);
}

#[cfg(test)]
mod tests {
    use super::super::testing::{expect, in_sdist, in_wheel, sdist, wheel};
    use super::*;

    #[test]
    fn sources_are_quiet() {
        expect(&in_wheel(&wheel(), check), &[]);
        let builder = sdist().file(".gitignore", "x").file("stubs/venv/a.pyi", "");
        expect(&in_sdist(&builder, check), &[]);
    }

    #[test]
    fn each_directory_is_told_once() {
        let builder = sdist()
            .file(".mypy_cache/a", "x")
            .file(".mypy_cache/b", "x")
            .file("env/pyvenv.cfg", "x")
            .file("demo/.DS_Store", "x");
        expect(
            &in_sdist(&builder, check),
            &[
                "warning -: `demo-1.0/.mypy_cache` was left behind by a tool (demo-1.0/.mypy_cache)",
                "warning -: `demo-1.0/demo/.DS_Store` was left behind by a tool (demo-1.0/demo/.DS_Store)",
                "warning -: `demo-1.0/env` was left behind by a tool (demo-1.0/env)",
            ],
        );
    }
}
