//! What a path given to `check` is taken for: by its name, as the index does.

use std::path::{Path, PathBuf};
use std::{fs, io};

/// What a subject is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SubjectKind {
    /// A source tree.
    Project,
    /// A pyproject.toml text, under whatever name.
    Pyproject,
    /// Core metadata outside an archive.
    Metadata,
    /// A wheel, by its name.
    Wheel,
    /// An sdist, by its name.
    Sdist,
    /// A file that the index would take for neither.
    Unknown,
}

impl SubjectKind {
    /// The word used in every output format.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Project => "project",
            Self::Pyproject => "pyproject",
            Self::Metadata => "metadata",
            Self::Wheel => "wheel",
            Self::Sdist => "sdist",
            Self::Unknown => "unknown",
        }
    }

    /// The kind of the file or project at `path`.
    fn of(path: &Path) -> Self {
        let name = path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default();
        let lower = name.to_ascii_lowercase();
        if path.is_dir() {
            Self::Project
        } else if lower.ends_with(".toml") {
            Self::Pyproject
        } else if name == "METADATA" || name == "PKG-INFO" || lower.ends_with(".metadata") {
            Self::Metadata
        } else if lower.ends_with(".whl") {
            Self::Wheel
        } else if lower.ends_with(".tar.gz") || lower.ends_with(".zip") {
            Self::Sdist
        } else {
            Self::Unknown
        }
    }
}

/// The subjects that a path stands for: a project and its `dist/`, the regular files of another
/// directory, or the file itself.
///
/// # Errors
/// A directory that cannot be listed, or nothing at that path.
pub(crate) fn subjects(path: &Path) -> io::Result<Vec<(PathBuf, SubjectKind)>> {
    if !path.is_dir() {
        fs::metadata(path)?;
        return Ok(vec![(path.to_owned(), SubjectKind::of(path))]);
    }
    if is_project(path) {
        let mut subjects = vec![(path.to_owned(), SubjectKind::Project)];
        let dist = inside(path, "dist");
        if dist.is_dir() {
            subjects.extend(files_in(&dist)?);
        }
        return Ok(subjects);
    }
    files_in(path)
}

/// Whether a directory is a source tree that a build front end would take.
#[must_use]
pub fn is_project(directory: &Path) -> bool {
    ["pyproject.toml", "setup.py", "setup.cfg"]
        .iter()
        .any(|name| directory.join(name).is_file())
}

/// The regular files directly in `directory`; what the tools themselves leave there is passed over.
fn files_in(directory: &Path) -> io::Result<Vec<(PathBuf, SubjectKind)>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        if path.is_file() && !lies_beside(&path) {
            let kind = SubjectKind::of(&path);
            files.push((path, kind));
        }
    }
    files.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(files)
}

/// A file of a directory; the one here is not named, as nobody would.
pub(crate) fn inside(directory: &Path, name: &str) -> PathBuf {
    if directory == Path::new(".") {
        return PathBuf::from(name);
    }
    directory.join(name)
}

/// Whether a file lies beside distributions and is none, by its name.
pub(crate) fn lies_beside(path: &Path) -> bool {
    let name = path
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    name == ".gitignore" || name.ends_with(".asc") || name.ends_with(".publish.attestation")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_taken_for_what_its_name_says() {
        let dir = tempfile::tempdir().unwrap();
        for (name, kind) in [
            ("x.toml", SubjectKind::Pyproject),
            ("PKG-INFO", SubjectKind::Metadata),
            ("a.MetaData", SubjectKind::Metadata),
            ("a-1-py3-none-any.whl", SubjectKind::Wheel),
            ("a-1.tar.gz", SubjectKind::Sdist),
            ("a-1.tar.bz2", SubjectKind::Unknown),
            ("notes.txt", SubjectKind::Unknown),
        ] {
            let path = dir.path().join(name);
            fs::write(&path, "").unwrap();
            assert_eq!(subjects(&path).unwrap(), [(path, kind)]);
        }
        assert_eq!(subjects(dir.path()).unwrap().len(), 7);
    }

    #[test]
    fn a_project_comes_with_its_dist_and_without_what_tools_leave_there() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("setup.py"), "").unwrap();
        fs::create_dir(dir.path().join("dist")).unwrap();
        for name in ["a-1.tar.gz", "a-1.tar.gz.asc", ".gitignore"] {
            fs::write(dir.path().join("dist").join(name), "").unwrap();
        }
        let kinds: Vec<_> = subjects(dir.path())
            .unwrap()
            .into_iter()
            .map(|(_, kind)| kind)
            .collect();
        assert_eq!(kinds, [SubjectKind::Project, SubjectKind::Sdist]);
    }

    #[test]
    fn nothing_at_a_path_is_an_error() {
        assert!(subjects(Path::new("does/not/exist")).is_err());
    }
}
