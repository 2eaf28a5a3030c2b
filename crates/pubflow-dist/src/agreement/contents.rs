//! P1603: whether sdist and wheel hold the same sources.

use std::collections::{BTreeMap, HashMap, HashSet};

use pubflow_finding::{Finding, Findings, Rule, Severity};
use pubflow_spec::Sha256;

use crate::check::report;
use crate::sdist::Sdist;
use crate::wheel::Wheel;

/// P1603: sources of the sdist and of the wheel.
pub static SDIST_WHEEL_FILES: Rule = Rule {
    code: "P1603",
    name: "sdist-wheel-files",
    severity: Severity::Warning,
    source: "advice",
    refused_by: &[],
    about: "A source, stub or `py.typed` of the wheel is not in the sdist or has other content \
            there, or a module of the sdist's package is not in the wheel.",
    why: "Who builds from the sdist gets another package than who installs the wheel; a stale \
          `build` directory or a wheel built from a dirty tree is the usual cause.",
    cure: "Build both in one run from a clean tree, the wheel from the sdist.",
    bad: "demo-1.0.tar.gz       demo/__init__.py\ndemo-1.0-…-any.whl    demo/__init__.py, demo/old.py",
    good: "demo-1.0.tar.gz       demo/__init__.py\ndemo-1.0-…-any.whl    demo/__init__.py",
};

/// Compares the sources of an sdist with those of a wheel that lies beside it.
pub(super) fn check(sdist: &Sdist, wheel: &Wheel, findings: &mut Findings) {
    let (Some(root), true) = (sdist.root(), is_complete(sdist, wheel)) else {
        return;
    };
    let sources = Sources::of(sdist, root);
    let mut found = Vec::new();
    let mut packed: HashSet<&str> = HashSet::new();
    for entry in wheel.entries().iter().filter(|entry| entry.is_file()) {
        let Some(path) = wheel.installed_path(&entry.path) else {
            continue;
        };
        packed.insert(path);
        // Builds make packages of directories with an empty file.
        if !is_source(path) || is_generated(path) || entry.size == 0 {
            continue;
        }
        let fault = match sources.by_path(path) {
            [] if sources.has_content(entry.sha256) => continue,
            [] => "is in the wheel, but not in the sdist",
            same if same.contains(&entry.sha256) => continue,
            _ => "has other content in the sdist",
        };
        found.push(
            Finding::new(&SDIST_WHEEL_FILES, format!("`{path}` {fault}"))
                .member(entry.path.as_str())
                .next("build both in one run, the wheel from the sdist"),
        );
    }
    for path in sources.left_out(&packed) {
        let is_marker = path.ends_with("py.typed");
        let severity = if is_marker {
            Severity::Warning
        } else {
            Severity::Note
        };
        let message = format!("`{path}` is in the sdist, but not in the wheel");
        found.push(
            Finding::new(&SDIST_WHEEL_FILES, message)
                .severity(severity)
                .next("check what the backend leaves out of the wheel"),
        );
    }
    report::capped(&SDIST_WHEEL_FILES, found, findings);
}

fn is_complete(sdist: &Sdist, wheel: &Wheel) -> bool {
    sdist.archive().is_complete() && wheel.archive().is_complete()
}

fn is_source(path: &str) -> bool {
    path.ends_with(".py") || path.ends_with(".pyi") || path.ends_with("/py.typed")
}

/// Files that builds write: version modules and code made from interface descriptions.
fn is_generated(path: &str) -> bool {
    let file = path.rsplit('/').next().unwrap_or_default();
    file.contains("version") || file.contains("_pb2") || path.starts_with("__editable__")
}

/// The sources of an sdist, by the paths they could be installed to.
struct Sources<'a> {
    /// Every end of a path that begins with a component, with the content of the file.
    by_end: HashMap<&'a str, Vec<Option<Sha256>>>,
    contents: HashSet<Sha256>,
    /// Paths below the root, and below `src`.
    importable: BTreeMap<&'a str, &'a str>,
}

/// Deeper paths are no sources of anybody: each has as many ends as components.
const DEEPEST: usize = 30;

impl<'a> Sources<'a> {
    fn of(sdist: &'a Sdist, root: &str) -> Self {
        let mut sources = Self {
            by_end: HashMap::new(),
            contents: HashSet::new(),
            importable: BTreeMap::new(),
        };
        for entry in sdist.entries().iter().filter(|entry| entry.is_file()) {
            let Some(path) = entry.path.below(root) else {
                continue;
            };
            sources.contents.extend(entry.sha256);
            if !is_source(path) || path.split('/').count() > DEEPEST {
                continue;
            }
            let mut end = path;
            loop {
                sources.by_end.entry(end).or_default().push(entry.sha256);
                match end.split_once('/') {
                    Some((_, rest)) => end = rest,
                    None => break,
                }
            }
            let importable = path.strip_prefix("src/").unwrap_or(path);
            sources.importable.insert(importable, path);
        }
        sources
    }

    /// Contents of the files that could be installed as `path`.
    fn by_path(&self, path: &str) -> &[Option<Sha256>] {
        self.by_end.get(path).map_or(&[], Vec::as_slice)
    }

    fn has_content(&self, sha256: Option<Sha256>) -> bool {
        sha256.is_some_and(|sha256| self.contents.contains(&sha256))
    }

    /// Modules of packages that the wheel has, which it has not itself.
    fn left_out(&self, packed: &HashSet<&str>) -> Vec<&'a str> {
        let is_aside = |path: &str| {
            path.split('/').any(|part| {
                let stem = part.split('.').next().unwrap_or_default();
                stem.contains("test") || matches!(stem, "conftest" | "setup" | "docs" | "examples")
            })
        };
        self.importable
            .iter()
            .filter(|(path, _)| !packed.contains(*path) && !is_aside(path))
            .filter(|(path, _)| {
                let directory = path.rsplit_once('/').map(|(directory, _)| directory);
                directory.is_some_and(|directory| {
                    packed.contains(format!("{directory}/__init__.py").as_str())
                })
            })
            .map(|(_, path)| *path)
            .collect()
    }
}
