//! Facts about a git checkout, read with the `git` program. A directory without git is no error.

use std::path::{Path, PathBuf};
use std::time::Duration;

use pubflow_process::{Command, Environment, Inherited, ProcessError, find_program, run};
use tempfile::NamedTempFile;

/// `git` answers these questions from local files; a repository on a stuck network mount must not
/// hold up a release.
const DEADLINE: Duration = Duration::from_secs(30);

/// The commit that a checkout stands on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Object id, lower hex.
    pub commit: String,
    /// Time of the commit in seconds since 1970, for `SOURCE_DATE_EPOCH`.
    pub time: i64,
}

/// Why git was asked in vain.
#[derive(Debug, thiserror::Error)]
pub enum GitError {
    /// The program did not run to its end.
    #[error(transparent)]
    Process(#[from] ProcessError),
    /// Its output could not be written or read.
    #[error("the output of git cannot be kept: {0}")]
    Output(#[from] std::io::Error),
}

/// The commit that `tree` is checked out from; `None` without git, outside a repository, or before
/// its first commit.
///
/// # Errors
/// See [`GitError`].
pub fn head(tree: &Path, inherited: &Inherited) -> Result<Option<Head>, GitError> {
    let Some(text) = ask(tree, inherited, &["log", "-1", "--format=%H %ct"])? else {
        return Ok(None);
    };
    let parts = text.trim().split_once(' ');
    Ok(parts.and_then(|(commit, time)| {
        Some(Head {
            commit: commit.to_owned(),
            time: time.parse().ok()?,
        })
    }))
}

/// The files of the worktree that are tracked, or neither tracked nor ignored, relative to `tree`;
/// `None` as for [`head`]. A tracked file that was deleted is listed all the same.
///
/// # Errors
/// See [`GitError`].
pub fn files(tree: &Path, inherited: &Inherited) -> Result<Option<Vec<PathBuf>>, GitError> {
    let listed = ask(
        tree,
        inherited,
        &[
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ],
    )?;
    Ok(listed.map(|text| paths(&text)))
}

/// The files that are tracked, relative to `tree`; `None` as for [`head`].
///
/// # Errors
/// See [`GitError`].
pub fn tracked(tree: &Path, inherited: &Inherited) -> Result<Option<Vec<PathBuf>>, GitError> {
    let listed = ask(tree, inherited, &["ls-files", "-z", "--cached"])?;
    Ok(listed.map(|text| paths(&text)))
}

/// What a release wants to know of a checkout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkout {
    /// The commit.
    pub head: Head,
    /// The branch, unless the commit was checked out by itself.
    pub branch: Option<String>,
    /// Tracked files that differ from the commit, and files that are neither tracked nor ignored, as
    /// `git status` writes them.
    pub changes: Vec<String>,
    /// Whether the history is cut off, so that versions made from tags are wrong.
    pub is_shallow: bool,
    /// Tags of the commit.
    pub tags: Vec<String>,
    /// How many commits the branch is behind what was last fetched of its remote branch.
    pub n_behind: usize,
    /// Submodules that are not checked out, or stand on another commit.
    pub submodules: Vec<String>,
}

impl Checkout {
    /// Changes of tracked files, which a build of the commit would not have.
    pub fn modified(&self) -> impl Iterator<Item = &str> {
        self.changes()
            .filter_map(|(line, is_tracked)| is_tracked.then_some(line))
    }

    /// Files that are neither tracked nor ignored, which a build of the commit leaves out.
    pub fn untracked(&self) -> impl Iterator<Item = &str> {
        self.changes()
            .filter_map(|(line, is_tracked)| (!is_tracked).then_some(line))
    }

    fn changes(&self) -> impl Iterator<Item = (&str, bool)> {
        let lines = self.changes.iter();
        lines.map(|line| match line.strip_prefix("?? ") {
            Some(path) => (path, false),
            None => (line.trim(), true),
        })
    }
}

/// The state of the checkout at `tree`; `None` as for [`head`].
///
/// # Errors
/// See [`GitError`].
pub fn checkout(tree: &Path, inherited: &Inherited) -> Result<Option<Checkout>, GitError> {
    let Some(head) = head(tree, inherited)? else {
        return Ok(None);
    };
    let lines = |arguments: &[&str]| -> Result<Vec<String>, GitError> {
        let text = ask(tree, inherited, arguments)?.unwrap_or_default();
        let lines = text
            .lines()
            .map(str::trim_end)
            .filter(|line| !line.is_empty());
        Ok(lines.map(str::to_owned).collect())
    };
    let branch = lines(&["symbolic-ref", "--quiet", "--short", "HEAD"])?;
    let shallow = lines(&["rev-parse", "--is-shallow-repository"])?;
    let behind = match branch.is_empty() {
        true => Vec::new(),
        false => lines(&["rev-list", "--count", "HEAD..@{upstream}"])?,
    };
    let submodules = lines(&["submodule", "status"])?;
    Ok(Some(Checkout {
        head,
        branch: branch.into_iter().next(),
        // Without a place, what changed elsewhere in the repository would count too.
        changes: lines(&["status", "--porcelain", "--", "."])?,
        is_shallow: shallow.first().is_some_and(|answer| answer == "true"),
        tags: lines(&["tag", "--points-at", "HEAD"])?,
        n_behind: behind
            .first()
            .and_then(|count| count.parse().ok())
            .unwrap_or(0),
        submodules: submodules
            .into_iter()
            .filter(|line| line.starts_with(['-', '+', 'U']))
            .collect(),
    }))
}

/// The paths of a list that git ends each of with a zero byte.
fn paths(text: &str) -> Vec<PathBuf> {
    text.split('\0')
        .filter(|name| !name.is_empty())
        .map(PathBuf::from)
        .collect()
}

/// Runs one question; `None` when git is not there or says no.
fn ask(tree: &Path, inherited: &Inherited, arguments: &[&str]) -> Result<Option<String>, GitError> {
    let Some(git) = find_program("git", inherited) else {
        return Ok(None);
    };
    let output = NamedTempFile::new()?;
    let command = Command::new(git)
        // A repository's own configuration can name programs to run; these questions need none.
        .args(["-c", "core.fsmonitor=false", "-c", "core.quotePath=false"])
        .args(arguments.iter().copied())
        .cwd(tree)
        .environment(Environment::installer(inherited))
        .log(output.path())
        .deadline(DEADLINE);
    if !run(&command, None)?.success() {
        return Ok(None);
    }
    Ok(Some(std::fs::read_to_string(output.path())?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn git(tree: &Path, arguments: &[&str]) {
        let inherited = Inherited::capture();
        let identity = ["-c", "user.name=A", "-c", "user.email=a@example.com"];
        let arguments: Vec<&str> = identity.iter().chain(arguments).copied().collect();
        assert!(
            ask(tree, &inherited, &arguments).unwrap().is_some(),
            "{arguments:?}"
        );
    }

    #[test]
    fn a_directory_without_a_repository_has_no_head_and_no_list() {
        let dir = tempfile::tempdir().unwrap();
        let inherited =
            Inherited::capture().with("GIT_CEILING_DIRECTORIES", dir.path().parent().unwrap());
        assert_eq!(head(dir.path(), &inherited).unwrap(), None);
        assert_eq!(files(dir.path(), &inherited).unwrap(), None);
    }

    #[test]
    fn a_checkout_tells_its_branch_changes_and_tags() {
        let dir = tempfile::tempdir().unwrap();
        let inherited = Inherited::capture();
        git(dir.path(), &["init", "-q", "-b", "trunk"]);
        std::fs::write(dir.path().join("a.py"), "1").unwrap();
        git(dir.path(), &["add", "a.py"]);
        git(dir.path(), &["commit", "-q", "-m", "first"]);
        git(dir.path(), &["tag", "v1"]);
        let clean = checkout(dir.path(), &inherited).unwrap().unwrap();
        assert_eq!(clean.branch.as_deref(), Some("trunk"));
        assert_eq!((clean.changes.len(), clean.n_behind), (0, 0));
        assert_eq!(
            (clean.tags, clean.is_shallow),
            (vec!["v1".to_owned()], false)
        );

        std::fs::write(dir.path().join("a.py"), "2").unwrap();
        std::fs::write(dir.path().join("b.py"), "").unwrap();
        git(dir.path(), &["checkout", "-q", "--detach"]);
        let changed = checkout(dir.path(), &inherited).unwrap().unwrap();
        assert_eq!(changed.changes, [" M a.py", "?? b.py"]);
        assert_eq!(changed.modified().collect::<Vec<_>>(), ["M a.py"]);
        assert_eq!(changed.untracked().collect::<Vec<_>>(), ["b.py"]);
        assert_eq!(changed.branch, None);
    }

    #[test]
    fn a_commit_is_found_with_its_time_and_ignored_files_are_left_out() {
        let dir = tempfile::tempdir().unwrap();
        let inherited = Inherited::capture();
        git(dir.path(), &["init", "-q"]);
        for (name, text) in [
            ("a.py", "1"),
            (".gitignore", "*.log\n"),
            ("b.log", "x"),
            ("new.py", ""),
        ] {
            std::fs::write(dir.path().join(name), text).unwrap();
        }
        git(dir.path(), &["add", "a.py", ".gitignore"]);
        git(dir.path(), &["commit", "-q", "-m", "first"]);
        let found = head(dir.path(), &inherited).unwrap().unwrap();
        assert_eq!(found.commit.len(), 40);
        assert!(found.time > 1_700_000_000);
        let mut names = files(dir.path(), &inherited).unwrap().unwrap();
        names.sort();
        assert_eq!(names, [".gitignore", "a.py", "new.py"].map(PathBuf::from));
    }
}
