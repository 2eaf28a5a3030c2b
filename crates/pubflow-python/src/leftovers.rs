//! What builds and tests leave in a source tree. A left-over `build/` or `*.egg-info` ends up in the
//! next wheel: files that were removed from the project long ago are published with it.
//!
//! Only what is known by its content is taken for a left-over, and nothing that is under version
//! control; which files those are the caller says.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Entries of a `build/` that setuptools has made: alone, or followed by a dot and a platform.
const BUILD_EXACT: &[&str] = &["lib", "bdist", "temp"];
/// Entries of it that a version follows.
const BUILD_PREFIXES: &[&str] = &["scripts-", "__editable__"];
/// Directories that tools fill for themselves, each with the tag of a cache directory in it.
const TAGGED: &[&str] = &[".pytest_cache", ".mypy_cache", ".ruff_cache"];
/// The tag; see the Cache Directory Tagging Specification.
const TAG: &str = "CACHEDIR.TAG";
/// Directories that are not looked into: other people's trees.
const STRANGE: &[&str] = &["node_modules", "site-packages", "dist"];
/// Trees are not followed deeper than this.
const DEEPEST: usize = 40;

/// One directory that was left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leftover {
    /// The directory, below the project.
    pub path: PathBuf,
    /// What it is.
    pub kind: LeftoverKind,
}

/// Kinds of left-overs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeftoverKind {
    /// `build/` of setuptools.
    Build,
    /// `*.egg-info` of setuptools.
    EggInfo,
    /// `__pycache__`.
    Compiled,
    /// The cache of a tool.
    Cache,
}

impl LeftoverKind {
    /// In words.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Build => "build directory",
            Self::EggInfo => "egg-info",
            Self::Compiled => "compiled modules",
            Self::Cache => "cache",
        }
    }
}

/// Finds what is left in `project`. `tracked` are files under version control, relative to it.
///
/// # Errors
/// The project cannot be read.
pub fn find(project: &Path, tracked: &[PathBuf]) -> io::Result<Vec<Leftover>> {
    let kept: BTreeSet<&Path> = tracked.iter().flat_map(|file| file.ancestors()).collect();
    let mut found = Vec::new();
    let mut search = Search {
        project,
        kept: &kept,
        found: &mut found,
    };
    // A project that cannot be read is an error; a directory in it that cannot be is left alone.
    fs::read_dir(project)?;
    search.look_into(Path::new(""), 0);
    found.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}

/// Removes what was found.
///
/// # Errors
/// The first that cannot be removed.
pub fn remove(project: &Path, leftovers: &[Leftover]) -> io::Result<()> {
    for leftover in leftovers {
        match fs::remove_dir_all(project.join(&leftover.path)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

struct Search<'a> {
    project: &'a Path,
    kept: &'a BTreeSet<&'a Path>,
    found: &'a mut Vec<Leftover>,
}

impl Search<'_> {
    fn look_into(&mut self, directory: &Path, depth: usize) {
        for name in directories(&self.project.join(directory)) {
            let path = directory.join(&name);
            let whole = self.project.join(&path);
            if let Some(kind) = kind_of(&name, &whole, depth) {
                if !self.kept.contains(path.as_path()) {
                    self.found.push(Leftover { path, kind });
                }
                continue;
            }
            let is_strange = name.starts_with('.')
                || STRANGE.contains(&name.as_str())
                || whole.join("pyvenv.cfg").exists();
            if !is_strange && depth < DEEPEST {
                self.look_into(&path, depth + 1);
            }
        }
    }
}

/// Names of the directories in a directory; links to directories are none.
fn directories(parent: &Path) -> Vec<String> {
    fs::read_dir(parent)
        .into_iter()
        .flatten()
        .flatten()
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()))
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect()
}

fn kind_of(name: &str, path: &Path, depth: usize) -> Option<LeftoverKind> {
    if name == "__pycache__" {
        return Some(LeftoverKind::Compiled);
    }
    if TAGGED.contains(&name) && path.join(TAG).is_file() {
        return Some(LeftoverKind::Cache);
    }
    // Beside the sources, at the top or in src/, lib/, python/ and the like.
    if name.ends_with(".egg-info") && depth <= 1 && path.join("PKG-INFO").is_file() {
        return Some(LeftoverKind::EggInfo);
    }
    (name == "build" && depth == 0 && is_made_by_setuptools(path)).then_some(LeftoverKind::Build)
}

/// Whether a `build/` holds what setuptools puts there and nothing else.
fn is_made_by_setuptools(path: &Path) -> bool {
    let Ok(entries) = fs::read_dir(path) else {
        return false;
    };
    let names: Vec<String> = entries
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.iter().all(|name| {
        let begins = |begin: &&str| name == *begin || name.starts_with(&format!("{begin}."));
        BUILD_EXACT.iter().any(begins) || BUILD_PREFIXES.iter().any(|one| name.starts_with(one))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(files: &[&str]) -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        for file in files {
            let path = root.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        root
    }

    #[track_caller]
    fn check(files: &[&str], tracked: &[&str], expected: &[&str]) {
        let root = tree(files);
        let tracked: Vec<PathBuf> = tracked.iter().map(PathBuf::from).collect();
        let found = find(root.path(), &tracked).unwrap();
        let paths: Vec<String> = found
            .iter()
            .map(|one| one.path.to_string_lossy().replace('\\', "/"))
            .collect();
        assert_eq!(paths, expected);
        remove(root.path(), &found).unwrap();
        for file in files {
            let is_left = !expected
                .iter()
                .any(|one| file.starts_with(&format!("{one}/")));
            assert_eq!(root.path().join(file).exists(), is_left, "{file}");
        }
    }

    #[test]
    fn what_builds_and_tests_leave_is_found() {
        check(
            &[
                "build/lib/demo/old.py",
                "build/bdist.linux-x86_64/x",
                "build/lib.linux-x86_64-cpython-312/x.so",
                "build/temp.linux-x86_64-cpython-312/x.o",
                "demo.egg-info/PKG-INFO",
                "src/demo.egg-info/PKG-INFO",
                "src/demo/__init__.py",
                "src/demo/__pycache__/a.pyc",
                ".pytest_cache/CACHEDIR.TAG",
            ],
            &[],
            &[
                ".pytest_cache",
                "build",
                "demo.egg-info",
                "src/demo/__pycache__",
                "src/demo.egg-info",
            ],
        );
    }

    #[test]
    fn what_belongs_to_somebody_is_left() {
        check(
            &[
                "build/script.sh",
                "build/lib/x",
                "dist/demo-1.0.tar.gz",
                ".venv/lib/__pycache__/a.pyc",
                "env/pyvenv.cfg",
                "env/lib/__pycache__/a.pyc",
                "tests/data/deep/x.egg-info/PKG-INFO",
                "src/empty.egg-info/notes",
                ".mypy_cache/mine",
                "src/demo/build/lib/x",
            ],
            &[],
            &[],
        );
        check(
            &["build/lib/x", "a.egg-info/PKG-INFO", "__pycache__/a.pyc"],
            &["build/lib/x", "a.egg-info/PKG-INFO"],
            &["__pycache__"],
        );
    }

    #[cfg(unix)]
    #[test]
    fn links_are_not_followed() {
        let other = tree(&["lib/x", "__pycache__/a.pyc"]);
        let root = tree(&["demo/__init__.py"]);
        std::os::unix::fs::symlink(other.path(), root.path().join("build")).unwrap();
        std::os::unix::fs::symlink(other.path(), root.path().join("link")).unwrap();
        assert_eq!(find(root.path(), &[]).unwrap(), []);
    }
}
