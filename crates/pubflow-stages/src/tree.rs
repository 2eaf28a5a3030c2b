//! A copy of a source tree for work that must leave the user's own tree untouched.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// What belongs to tools, not to the project; left out where no version control says what does.
const NOT_SOURCE: &[&str] = &[
    "dist",
    "build",
    ".venv",
    "venv",
    "__pycache__",
    ".tox",
    ".nox",
    "node_modules",
    ".mypy_cache",
    ".pytest_cache",
];

/// A tree that could not be copied.
#[derive(Debug, thiserror::Error)]
#[error("`{}` cannot be copied", path.display())]
pub struct TreeError {
    /// The file or directory.
    pub path: PathBuf,
    /// What the system said.
    pub source: io::Error,
}

/// Copies the project at `from` to the new directory `to`: the `listed` files (relative to `from`)
/// and the repository itself where a list is given, because version plugins read it; else
/// everything but what tools leave behind. Links are copied as links.
///
/// # Errors
/// [`TreeError`] names what could not be copied.
pub fn copy_tree(from: &Path, to: &Path, listed: Option<&[PathBuf]>) -> Result<(), TreeError> {
    let Some(listed) = listed else {
        return copy_directory(from, to, NOT_SOURCE);
    };
    create(to)?;
    for name in listed {
        let source = from.join(name);
        // A tracked file may be deleted in the worktree; a submodule is listed as a directory.
        let Ok(kind) = fs::symlink_metadata(&source) else {
            continue;
        };
        let target = to.join(name);
        if let Some(parent) = target.parent() {
            create(parent)?;
        }
        if kind.is_dir() {
            copy_directory(&source, &target, &[])?
        } else {
            copy_file(&source, &target)?
        }
    }
    let repository = from.join(".git");
    match repository.is_dir() {
        true => copy_directory(&repository, &to.join(".git"), &[]),
        false => Ok(()),
    }
}

fn copy_directory(from: &Path, to: &Path, except: &[&str]) -> Result<(), TreeError> {
    create(to)?;
    let wrong = |source| TreeError {
        path: from.to_owned(),
        source,
    };
    for entry in fs::read_dir(from).map_err(wrong)? {
        let entry = entry.map_err(wrong)?;
        let name = entry.file_name();
        let left_out = name.to_str().is_some_and(|name| {
            except.contains(&name) || (!except.is_empty() && name.ends_with(".egg-info"))
        });
        if left_out {
            continue;
        }
        let (source, target) = (entry.path(), to.join(&name));
        if entry.file_type().map_err(wrong)?.is_dir() {
            copy_directory(&source, &target, except)?;
        } else {
            copy_file(&source, &target)?;
        }
    }
    Ok(())
}

fn create(path: &Path) -> Result<(), TreeError> {
    fs::create_dir_all(path).map_err(|source| TreeError {
        path: path.to_owned(),
        source,
    })
}

fn copy_file(from: &Path, to: &Path) -> Result<(), TreeError> {
    let copied = match fs::read_link(from) {
        Ok(link) => copy_link(&link, from, to),
        // Sockets and pipes are no part of a project, and reading one would wait for ever.
        Err(_) if !from.is_file() => Ok(()),
        Err(_) => fs::copy(from, to).map(drop),
    };
    copied.map_err(|source| TreeError {
        path: from.to_owned(),
        source,
    })
}

#[cfg(unix)]
fn copy_link(link: &Path, _: &Path, to: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(link, to)
}

#[cfg(not(unix))]
fn copy_link(_: &Path, from: &Path, to: &Path) -> io::Result<()> {
    fs::copy(from, to).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(dir: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(dir)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn without_a_list_the_leavings_of_tools_stay_behind() {
        let dir = tempfile::tempdir().unwrap();
        let from = dir.path().join("from");
        for folder in ["src/pkg", "build/lib", "dist", "x.egg-info"] {
            fs::create_dir_all(from.join(folder)).unwrap();
        }
        fs::write(from.join("src/pkg/a.py"), "1").unwrap();
        copy_tree(&from, &dir.path().join("to"), None).unwrap();
        assert_eq!(names(&dir.path().join("to")), ["src"]);
        assert_eq!(
            fs::read_to_string(dir.path().join("to/src/pkg/a.py")).unwrap(),
            "1"
        );
    }

    #[test]
    fn with_a_list_only_its_files_and_the_repository_are_copied() {
        let dir = tempfile::tempdir().unwrap();
        let from = dir.path().join("from");
        fs::create_dir_all(from.join(".git")).unwrap();
        for name in ["a.py", "secret.env", ".git/HEAD"] {
            fs::write(from.join(name), name).unwrap();
        }
        let listed = ["a.py", "deleted.py"].map(PathBuf::from);
        copy_tree(&from, &dir.path().join("to"), Some(&listed)).unwrap();
        assert_eq!(names(&dir.path().join("to")), [".git", "a.py"]);
    }
}
