//! What wheels and sdists have in common: a file name, members, and what is wrong with the archive.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use crate::content::Content;
use crate::entry::{Entry, EntryKind, tree_order};
use crate::problem::{Problem, ProblemKind};

/// An archive as the scanners saw it.
#[derive(Debug, Clone)]
pub struct Archive {
    pub(crate) path: PathBuf,
    pub(crate) filename: String,
    pub(crate) size: u64,
    pub(crate) form: ArchiveForm,
    pub(crate) entries: Vec<Entry>,
    pub(crate) by_path: HashMap<String, usize>,
    pub(crate) problems: Vec<Problem>,
    pub(crate) readable: bool,
    pub(crate) contents: HashMap<String, Content>,
}

/// The container format, as the file name promises it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArchiveForm {
    /// `.whl`, and `.zip` of old sdists.
    Zip,
    /// `.tar.gz`.
    TarGz,
}

impl Archive {
    /// Path of the file, as it was given.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The last component of the path, as text.
    #[must_use]
    pub fn filename(&self) -> &str {
        &self.filename
    }

    /// Size of the file in bytes.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The container format, as the file name promises it.
    #[must_use]
    pub fn form(&self) -> ArchiveForm {
        self.form
    }

    /// The members, in the order of the archive; of several of one name the one that readers take.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Takes the members over.
    pub(crate) fn set_entries(&mut self, entries: Vec<Entry>) {
        let paths = entries.iter().map(|entry| entry.path.as_str().to_owned());
        self.by_path = paths.zip(0..).collect();
        self.entries = entries;
    }

    /// The member at `path`.
    #[must_use]
    pub fn entry(&self, path: &str) -> Option<&Entry> {
        self.entries.get(*self.by_path.get(path)?)
    }

    /// The regular file at `path`.
    #[must_use]
    pub fn file(&self, path: &str) -> Option<&Entry> {
        self.entry(path).filter(|entry| entry.is_file())
    }

    /// What was learned about the content of the member at `path`, if there is anything to know.
    pub(crate) fn content(&self, path: &str) -> Option<&Content> {
        self.contents.get(path)
    }

    /// What is wrong with the archive.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// Whether the list of members is known. Where it is not, a missing member says nothing.
    #[must_use]
    pub fn is_readable(&self) -> bool {
        self.readable
    }

    /// Whether every member was looked at: no work budget was used up.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.readable
            && !self
                .problems
                .iter()
                .any(|problem| matches!(problem.kind, ProblemKind::Limit { .. }))
    }
}

/// Files and links that other members need as directories.
///
/// In the order that takes `/` for the smallest character everything below a path follows it at
/// once, so one look at the last leaf is enough for each entry.
pub(crate) fn tree_conflicts(entries: &[Entry]) -> Vec<Problem> {
    let mut order: Vec<&Entry> = entries.iter().collect();
    order.sort_by(|a, b| tree_order(a.path.as_str(), b.path.as_str()));
    let mut problems = Vec::new();
    let mut leaf: Option<&Entry> = None;
    let mut is_reported = false;
    for entry in order {
        let above = leaf.filter(|leaf| entry.path.below(leaf.path.as_str()).is_some());
        let Some(above) = above else {
            leaf = (entry.kind != EntryKind::Directory).then_some(entry);
            is_reported = false;
            continue;
        };
        let (kind, member) = match above.kind {
            EntryKind::Symlink(_) | EntryKind::HardLink(_) => (
                ProblemKind::BelowLink {
                    link: above.path.as_str().to_owned(),
                },
                &entry.path,
            ),
            _ => (ProblemKind::FileIsDirectory, &above.path),
        };
        // One sentence about each leaf is enough.
        if !is_reported {
            problems.push(Problem {
                kind,
                member: Some(member.as_str().to_owned()),
            });
        }
        is_reported = true;
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entry::EntryPath;

    fn entry(path: &str, kind: EntryKind) -> Entry {
        Entry {
            path: EntryPath::new(path),
            size: 0,
            sha256: None,
            mode: 0o644,
            has_mode: true,
            kind,
        }
    }

    #[test]
    fn a_file_with_members_below_it_is_a_conflict() {
        let entries = [
            entry("a/b/c", EntryKind::File),
            entry("a-b", EntryKind::File),
            entry("a/b", EntryKind::File),
            entry("a/b/d", EntryKind::File),
            entry("a", EntryKind::Directory),
        ];
        let problems = tree_conflicts(&entries);
        assert_eq!(problems.len(), 1);
        assert_eq!(problems[0].kind, ProblemKind::FileIsDirectory);
        assert_eq!(problems[0].member.as_deref(), Some("a/b"));
        assert_eq!(tree_conflicts(&entries[3..]), []);
    }

    #[test]
    fn a_member_below_a_link_is_told_apart() {
        let entries = [
            entry("a/link", EntryKind::Symlink("b".to_owned())),
            entry("a/link/x", EntryKind::File),
        ];
        let problems = tree_conflicts(&entries);
        assert_eq!(problems.len(), 1);
        assert_eq!(problems[0].member.as_deref(), Some("a/link/x"));
    }
}
