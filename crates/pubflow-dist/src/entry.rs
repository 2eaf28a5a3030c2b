//! One member of an archive: its path, size, digest, mode and kind.
//!
//! A path that comes from an archive is an [`EntryPath`], never a `Path`: it is text that nobody
//! has made safe. What is wrong with it is told by [`EntryPath::faults`].

use std::cmp::Ordering;
use std::fmt;

use pubflow_spec::Sha256;

/// A member's path as the archive has it: `/` between components, no trailing `/`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryPath(String);

/// What can be wrong with a member's path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PathFault {
    /// A component is `..`.
    Parent,
    /// It begins with `/`.
    Absolute,
    /// It begins with a Windows drive such as `C:`.
    Drive,
    /// It holds a backslash, which Windows takes for a separator.
    Backslash,
    /// A component is empty, as in `a//b`.
    EmptyComponent,
    /// A component is `.`.
    CurrentComponent,
    /// It holds a control character.
    ControlCharacter,
    /// It is empty.
    Empty,
}

impl PathFault {
    /// The fault in words that follow "the member path".
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Parent => "climbs out with `..`",
            Self::Absolute => "is absolute",
            Self::Drive => "begins with a Windows drive",
            Self::Backslash => "holds a backslash",
            Self::EmptyComponent => "has an empty component",
            Self::CurrentComponent => "has a `.` component",
            Self::ControlCharacter => "holds a control character",
            Self::Empty => "is empty",
        }
    }
}

impl EntryPath {
    /// The path of a member called `name`; a trailing `/`, the mark of a directory, is cut off.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self(name.strip_suffix('/').unwrap_or(name).to_owned())
    }

    /// The path as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The components between `/`, as they stand.
    pub fn components(&self) -> impl Iterator<Item = &str> {
        self.0.split('/')
    }

    /// The first component.
    #[must_use]
    pub fn top(&self) -> &str {
        self.0.split('/').next().unwrap_or_default()
    }

    /// The last component.
    #[must_use]
    pub fn file_name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or_default()
    }

    /// What follows the last `.` of the last component, if there is one and a stem before it.
    #[must_use]
    pub fn extension(&self) -> Option<&str> {
        match self.file_name().rsplit_once('.') {
            Some(("", _)) | None => None,
            Some((_, extension)) => Some(extension),
        }
    }

    /// The rest of the path below the directory `directory`, if it lies there.
    #[must_use]
    pub fn below(&self, directory: &str) -> Option<&str> {
        self.0.strip_prefix(directory)?.strip_prefix('/')
    }

    /// What is wrong with the path, each fault once.
    #[must_use]
    pub fn faults(&self) -> Vec<PathFault> {
        let text = self.0.as_str();
        let mut faults = Vec::new();
        if text.is_empty() {
            return vec![PathFault::Empty];
        }
        if text.starts_with('/') {
            faults.push(PathFault::Absolute);
        }
        let bytes = text.as_bytes();
        if bytes.len() >= 2 && bytes[0].is_ascii_alphabetic() && bytes[1] == b':' {
            faults.push(PathFault::Drive);
        }
        if text.contains('\\') {
            faults.push(PathFault::Backslash);
        }
        if text.chars().any(|c| c.is_ascii_control()) {
            faults.push(PathFault::ControlCharacter);
        }
        // Windows takes a backslash for a separator, so `..\x` climbs there too.
        if text.split(['/', '\\']).any(|part| part == "..") {
            faults.push(PathFault::Parent);
        }
        if text.split('/').any(|part| part == ".") {
            faults.push(PathFault::CurrentComponent);
        }
        if text.trim_start_matches('/').split('/').any(str::is_empty) {
            faults.push(PathFault::EmptyComponent);
        }
        faults
    }
}

impl fmt::Display for EntryPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The order of a tree walk: what lies below a path follows it at once, because `/` is taken for
/// the smallest character.
pub(crate) fn tree_order(a: &str, b: &str) -> Ordering {
    let key = |byte: u8| if byte == b'/' { 0 } else { byte };
    a.bytes().map(key).cmp(b.bytes().map(key))
}

/// What a member is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EntryKind {
    /// A regular file.
    File,
    /// A directory.
    Directory,
    /// A symbolic link and the text it holds.
    Symlink(String),
    /// A hard link (TAR) and the member it names.
    HardLink(String),
    /// A character or block device (TAR).
    Device,
    /// A named pipe (TAR).
    Fifo,
    /// A kind that this program does not know (TAR).
    Unknown(u8),
}

/// One member of an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its path.
    pub path: EntryPath,
    /// Its size in bytes after inflating, as counted; as claimed where it could not be inflated.
    pub size: u64,
    /// SHA-256 of its content; none for what is no file or could not be read.
    pub sha256: Option<Sha256>,
    /// Unix permission bits, with setuid, setgid and sticky; 0 where the archive has none.
    pub mode: u32,
    /// Whether the archive tells a Unix mode for it.
    pub has_mode: bool,
    /// What it is.
    pub kind: EntryKind,
}

impl Entry {
    /// Whether it is a regular file.
    #[must_use]
    pub fn is_file(&self) -> bool {
        self.kind == EntryKind::File
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, expected: &[PathFault]) {
        assert_eq!(EntryPath::new(path).faults(), expected, "{path:?}");
    }

    #[test]
    fn ordinary_paths_have_no_fault() {
        for path in ["a", "a/b.py", "a/", "..a/b..", "a b/c:d", "é/x"] {
            check(path, &[]);
        }
    }

    #[test]
    fn faults_are_told_apart() {
        check("../a", &[PathFault::Parent]);
        check("/a", &[PathFault::Absolute]);
        check("C:/a", &[PathFault::Drive]);
        check("a\\..\\b", &[PathFault::Backslash, PathFault::Parent]);
        check("a//b", &[PathFault::EmptyComponent]);
        check("./a", &[PathFault::CurrentComponent]);
        check("a\nb", &[PathFault::ControlCharacter]);
        check("", &[PathFault::Empty]);
    }

    #[test]
    fn parts_of_a_path() {
        let path = EntryPath::new("demo-1.0.dist-info/licenses/LICENSE.txt");
        assert_eq!(path.top(), "demo-1.0.dist-info");
        assert_eq!(path.file_name(), "LICENSE.txt");
        assert_eq!(path.extension(), Some("txt"));
        assert_eq!(
            path.below("demo-1.0.dist-info/licenses"),
            Some("LICENSE.txt")
        );
        assert_eq!(path.below("demo-1.0.dist"), None);
        assert_eq!(EntryPath::new("a/.gitignore").extension(), None);
    }
}
