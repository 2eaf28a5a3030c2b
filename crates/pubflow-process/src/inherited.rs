//! The environment that pubflow itself was started with, captured once and passed on as a value.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

/// The environment that pubflow was started with. Only `main` captures it; everybody else is handed
/// a reference, so that tests choose what is inherited.
#[derive(Clone, Default)]
pub struct Inherited {
    variables: BTreeMap<OsString, OsString>,
}

impl std::fmt::Debug for Inherited {
    /// Shows names only: values may be secrets.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.variables.keys()).finish()
    }
}

impl Inherited {
    /// Reads the environment of this process.
    #[must_use]
    pub fn capture() -> Self {
        Self::from_pairs(std::env::vars_os())
    }

    /// An environment made of the given pairs; a later pair replaces an earlier one.
    pub fn from_pairs<K, V>(pairs: impl IntoIterator<Item = (K, V)>) -> Self
    where
        K: Into<OsString>,
        V: Into<OsString>,
    {
        Self {
            variables: pairs
                .into_iter()
                .map(|(name, value)| (name.into(), value.into()))
                .collect(),
        }
    }

    /// The same environment with one variable replaced or added.
    #[must_use]
    pub fn with(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.variables.insert(name.into(), value.into());
        self
    }

    /// Value of a variable; an empty one counts as absent.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&OsStr> {
        self.variables
            .get(OsStr::new(name))
            .map(OsString::as_os_str)
            .filter(|value| !value.is_empty())
    }

    /// Value of a variable as text; absent when empty or not Unicode.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(OsStr::to_str)
    }

    /// The home directory, where the environment names one.
    #[must_use]
    pub fn home(&self) -> Option<PathBuf> {
        let name = if cfg!(windows) { "USERPROFILE" } else { "HOME" };
        self.get(name).map(PathBuf::from)
    }

    /// Where temporary files go: what the environment names, else the system's usual place.
    #[must_use]
    pub fn temporary_directory(&self) -> PathBuf {
        let named = ["TMPDIR", "TEMP", "TMP"].into_iter();
        let named = named
            .filter_map(|name| self.get(name))
            .map(PathBuf::from)
            .find(|path| path.is_absolute());
        let usual = if cfg!(windows) {
            "C:\\Windows\\Temp"
        } else {
            "/tmp"
        };
        named.unwrap_or_else(|| PathBuf::from(usual))
    }

    /// The directories of the search path, in order, without empty and relative ones: those would
    /// make the project's own directory a place to find programs in.
    #[must_use]
    pub fn search_path(&self) -> Vec<PathBuf> {
        let path = self.get("PATH").or_else(|| self.get("Path"));
        path.map(std::env::split_paths)
            .into_iter()
            .flatten()
            .filter(|directory| directory.is_absolute())
            .collect()
    }

    /// All variables in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = (&OsStr, &OsStr)> {
        self.variables
            .iter()
            .map(|(name, value)| (name.as_os_str(), value.as_os_str()))
    }
}

/// Finds a program by its name on the search path; a name with a directory in it is taken as it is.
#[must_use]
pub fn find_program(name: &str, inherited: &Inherited) -> Option<PathBuf> {
    let given = Path::new(name);
    if given.components().count() > 1 {
        return is_program(given).then(|| given.to_path_buf());
    }
    let file_name = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    inherited
        .search_path()
        .into_iter()
        .map(|directory| directory.join(&file_name))
        .find(|candidate| is_program(candidate))
}

#[cfg(unix)]
fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.metadata()
        .is_ok_and(|metadata| metadata.is_file() && metadata.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(path: &Path) -> bool {
    path.is_file()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stay_out_of_debug_output() {
        let inherited = Inherited::from_pairs([("SOME_TOKEN", "canary")]);
        let shown = format!("{inherited:?}");
        assert!(shown.contains("SOME_TOKEN") && !shown.contains("canary"));
    }

    #[test]
    fn relative_directories_are_no_place_for_programs() {
        let path = std::env::join_paths(["", ".", "bin", "/usr/bin"]).unwrap();
        let inherited = Inherited::from_pairs([("PATH", path)]);
        assert_eq!(inherited.search_path(), [PathBuf::from("/usr/bin")]);
    }

    #[cfg(unix)]
    #[test]
    fn only_an_executable_file_is_a_program() {
        let directory = tempfile::tempdir().unwrap();
        std::fs::create_dir(directory.path().join("tool")).unwrap();
        std::fs::write(directory.path().join("plain"), "").unwrap();
        let inherited = Inherited::capture().with("PATH", directory.path());
        assert_eq!(find_program("tool", &inherited), None);
        assert_eq!(find_program("plain", &inherited), None);
        let shell = find_program("sh", &Inherited::capture()).unwrap();
        std::os::unix::fs::symlink(shell, directory.path().join("linked")).unwrap();
        assert_eq!(
            find_program("linked", &inherited),
            Some(directory.path().join("linked"))
        );
    }
}
