//! The members as a tree, with sizes of everything below each directory.

use std::collections::BTreeMap;

use crate::entry::Entry;

/// Directories deeper than this are told as part of their files' names, so that no archive can
/// make the tree deep.
const DEPTH: usize = 16;

/// One directory.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Directory {
    /// Bytes of all files below, unpacked.
    pub bytes: u64,
    /// Files below, also in directories of this one.
    pub files: usize,
    /// Directories in this one, by name.
    pub directories: BTreeMap<String, Directory>,
    /// What lies in this directory itself and is no directory: its name here and its place in the
    /// list of members.
    pub members: BTreeMap<String, usize>,
}

impl Directory {
    /// The tree of `entries`.
    pub(super) fn of(entries: &[Entry]) -> Self {
        let mut root = Self::default();
        for (place, entry) in entries.iter().enumerate() {
            if entry.kind != crate::EntryKind::Directory {
                root.add(entry.path.as_str(), DEPTH, entry.size, place);
            }
        }
        root
    }

    fn add(&mut self, path: &str, depth: usize, size: u64, place: usize) {
        self.bytes = self.bytes.saturating_add(size);
        self.files += 1;
        match path.split_once('/').filter(|_| depth > 0) {
            Some((directory, rest)) => self
                .directories
                .entry(directory.to_owned())
                .or_default()
                .add(rest, depth - 1, size, place),
            None => {
                self.members.insert(path.to_owned(), place);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entry::{EntryKind, EntryPath};

    fn entry(path: &str, size: u64) -> Entry {
        Entry {
            path: EntryPath::new(path),
            size,
            sha256: None,
            mode: 0,
            has_mode: false,
            kind: EntryKind::File,
        }
    }

    #[test]
    fn sizes_add_up_and_depth_is_bounded() {
        let deep = format!("{}x", "d/".repeat(2000));
        let root = Directory::of(&[entry("a/b/c", 5), entry("a/d", 7), entry(&deep, 1)]);
        assert_eq!((root.bytes, root.files), (13, 3));
        let a = &root.directories["a"];
        assert_eq!((a.bytes, a.files, a.members["d"]), (12, 2, 1));
        let mut depth = 0;
        let mut directory = &root;
        while let Some(next) = directory.directories.get("d") {
            directory = next;
            depth += 1;
        }
        assert_eq!((depth, directory.members.len()), (DEPTH, 1));
    }
}
