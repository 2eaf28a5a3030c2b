//! What a gate's result depends on in the source tree: commit, and the worktree where it differs.

use std::collections::BTreeSet;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use pubflow_forge::git::{self, GitError};
use pubflow_process::Inherited;
use pubflow_spec::{DigestHasher, DigestSet, Sha256};

/// What tools and gates leave behind: no part of what is tested.
const LEFT_BY_TOOLS: &[&str] = &[
    ".git",
    ".venv",
    "venv",
    ".tox",
    ".nox",
    ".eggs",
    "__pycache__",
    ".mypy_cache",
    ".pytest_cache",
    ".ruff_cache",
    ".coverage",
    "htmlcov",
    "node_modules",
    "dist",
    "build",
];
/// Trees are not followed deeper than this.
const DEEPEST: usize = 60;

/// The state of a source tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceState {
    /// The commit, where the tree is a git checkout.
    pub commit: Option<String>,
    /// Digest of names and contents of everything that belongs to the source.
    pub digest: Sha256,
}

/// The source tree cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// Git was asked in vain.
    #[error(transparent)]
    Git(#[from] GitError),
    /// A file or directory cannot be read.
    #[error("`{}` cannot be read: {source}", path.display())]
    Read {
        /// Which.
        path: PathBuf,
        /// The system's words.
        source: std::io::Error,
    },
}

impl SourceState {
    /// Reads the tree at `project`: the files that git tracks or would track, or everything where
    /// there is no git; without `outputs`, the files that gates themselves write. Blocks.
    ///
    /// # Errors
    /// [`SourceError`].
    pub fn read(
        project: &Path,
        outputs: &[PathBuf],
        inherited: &Inherited,
    ) -> Result<Self, SourceError> {
        let commit = git::head(project, inherited)?.map(|head| head.commit);
        let mut files = match git::files(project, inherited)? {
            Some(files) if !files.is_empty() => files,
            // Also a project in a directory that the repository around it ignores.
            _ => all_files(project)?,
        };
        // What is tracked belongs to the source, whatever it is called.
        let tracked: BTreeSet<PathBuf> = match git::tracked(project, inherited)? {
            Some(files) => files.into_iter().collect(),
            None => BTreeSet::new(),
        };
        let is_output = |file: &PathBuf| outputs.contains(file) || is_left_by_tools(file);
        files.retain(|file| tracked.contains(file) || !is_output(file));
        files.sort();
        files.dedup();
        let mut lines = String::new();
        for file in &files {
            let content = digest(project, file)?;
            let name = file.to_string_lossy();
            lines.push_str(&format!("{} {name} {content}\n", name.len()));
        }
        Ok(Self {
            commit,
            digest: Sha256::of(lines.as_bytes()),
        })
    }
}

/// Every file below `project` but those of tools, relative to it.
pub(super) fn all_files(project: &Path) -> Result<Vec<PathBuf>, SourceError> {
    let mut files = Vec::new();
    walk(project, Path::new(""), 0, &mut files)?;
    files.sort();
    Ok(files)
}

fn is_left_by_tools(file: &Path) -> bool {
    file.components().any(|part| {
        let part = part.as_os_str().to_string_lossy();
        LEFT_BY_TOOLS.contains(&part.as_ref())
            || part.ends_with(".egg-info")
            || part.ends_with(".pyc")
    })
}

/// Names what a path holds now: a digest, a link's target, or that it is not there.
fn digest(project: &Path, file: &Path) -> Result<String, SourceError> {
    let path = project.join(file);
    let wrong = |source| SourceError::Read {
        path: path.clone(),
        source,
    };
    // A tracked file may be deleted in the worktree.
    let Ok(kind) = fs::symlink_metadata(&path) else {
        return Ok("absent".to_owned());
    };
    if kind.is_symlink() {
        let target = fs::read_link(&path).map_err(wrong)?;
        return Ok(format!("link {}", target.display()));
    }
    if kind.is_dir() {
        // A submodule is listed as a directory.
        let mut files = Vec::new();
        walk(project, file, 0, &mut files)?;
        files.sort();
        let mut lines = String::new();
        for inner in files {
            let content = digest(project, &inner)?;
            lines.push_str(&format!("{} {content}\n", inner.display()));
        }
        return Ok(Sha256::of(lines.as_bytes()).to_string());
    }
    if !kind.is_file() {
        return Ok("special".to_owned());
    }
    let mut hasher = DigestHasher::new(DigestSet::SHA256);
    let mut opened = fs::File::open(&path).map_err(wrong)?;
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let n = opened.read(&mut buffer).map_err(wrong)?;
        if n == 0 {
            break;
        }
        hasher.update(&buffer[..n]);
    }
    let sha256 = hasher.finish().sha256;
    Ok(sha256.map_or_else(|| "unknown".to_owned(), |sha256| sha256.to_string()))
}

fn walk(
    project: &Path,
    below: &Path,
    depth: usize,
    files: &mut Vec<PathBuf>,
) -> Result<(), SourceError> {
    let directory = project.join(below);
    let wrong = |source| SourceError::Read {
        path: directory.clone(),
        source,
    };
    if depth > DEEPEST {
        return Ok(());
    }
    for entry in fs::read_dir(&directory).map_err(wrong)? {
        let entry = entry.map_err(wrong)?;
        let file = below.join(entry.file_name());
        if is_left_by_tools(&file) {
            continue;
        }
        match entry.file_type().map_err(wrong)?.is_dir() {
            true => walk(project, &file, depth + 1, files)?,
            false => files.push(file),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(project: &Path) -> SourceState {
        let parent = project.parent().unwrap();
        let inherited = Inherited::capture().with("GIT_CEILING_DIRECTORIES", parent);
        let outputs = [PathBuf::from("coverage.json")];
        SourceState::read(project, &outputs, &inherited).unwrap()
    }

    #[test]
    fn the_digest_follows_names_and_contents_and_no_leftovers() {
        let dir = tempfile::tempdir().unwrap();
        let project = dir.path().join("demo");
        fs::create_dir_all(project.join("src")).unwrap();
        fs::write(project.join("src/a.py"), "1").unwrap();
        let before = read(&project);
        assert_eq!(before.commit, None);
        fs::create_dir_all(project.join("src/__pycache__")).unwrap();
        fs::write(project.join("src/__pycache__/a.pyc"), "x").unwrap();
        fs::write(project.join("coverage.json"), "{}").unwrap();
        assert_eq!(read(&project), before);
        fs::write(project.join("src/a.py"), "2").unwrap();
        assert_ne!(read(&project), before);
        fs::write(project.join("src/a.py"), "1").unwrap();
        assert_eq!(read(&project), before);
        fs::rename(project.join("src/a.py"), project.join("src/b.py")).unwrap();
        assert_ne!(read(&project), before);
    }
}
