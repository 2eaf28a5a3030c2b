//! The environment of this process, captured once at start.

use std::collections::BTreeMap;
use std::path::PathBuf;

/// Environment variables as they were at start. An empty variable counts as unset.
#[derive(Debug, Clone, Default)]
pub(crate) struct Environment {
    variables: BTreeMap<String, String>,
}

impl Environment {
    /// Reads this process's environment; variables that are not Unicode are passed over.
    pub(crate) fn capture() -> Self {
        let variables = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect();
        Self { variables }
    }

    /// The value of a variable that is set and not empty.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.variables
            .get(name)
            .map(String::as_str)
            .filter(|value| !value.is_empty())
    }

    /// Every variable, for the libraries that clean or read it.
    pub(crate) fn variables(&self) -> &BTreeMap<String, String> {
        &self.variables
    }

    /// The file that the first of some variables names.
    pub(crate) fn path_of(&self, names: &[&str]) -> Option<PathBuf> {
        names
            .iter()
            .find_map(|name| self.get(name))
            .map(PathBuf::from)
    }

    /// Whether a variable says yes: set, and none of `0`, `false`, `no`, `off`.
    pub(crate) fn flag(&self, name: &str) -> bool {
        self.get(name).is_some_and(|value| {
            !["0", "false", "no", "off"]
                .iter()
                .any(|no| value.eq_ignore_ascii_case(no))
        })
    }

    /// Directory of the user's state: `PUBFLOW_STATE_DIR`, else the XDG state directory.
    pub(crate) fn state_dir(&self) -> Option<PathBuf> {
        self.get("PUBFLOW_STATE_DIR")
            .map(PathBuf::from)
            .or_else(|| {
                self.xdg("XDG_STATE_HOME", ".local/state")
                    .map(|base| base.join("pubflow"))
            })
    }

    /// The user's configuration file, which need not exist.
    pub(crate) fn user_file(&self) -> Option<PathBuf> {
        self.xdg("XDG_CONFIG_HOME", ".config")
            .map(|base| base.join("pubflow/config.toml"))
    }

    /// An XDG base directory; the specification tells to ignore relative ones.
    fn xdg(&self, variable: &str, below_home: &str) -> Option<PathBuf> {
        self.get(variable)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
            .or_else(|| {
                self.get("HOME")
                    .map(|home| PathBuf::from(home).join(below_home))
            })
    }
}

#[cfg(test)]
impl<const N: usize> From<[(&str, &str); N]> for Environment {
    fn from(variables: [(&str, &str); N]) -> Self {
        let variables = variables
            .iter()
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
            .collect();
        Self { variables }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relative_xdg_directories_are_ignored() {
        let env = Environment::from([("HOME", "/home/u"), ("XDG_STATE_HOME", "state")]);
        assert_eq!(
            env.state_dir().unwrap(),
            PathBuf::from("/home/u/.local/state/pubflow")
        );
        let env = Environment::from([("HOME", "/home/u"), ("PUBFLOW_STATE_DIR", "here")]);
        assert_eq!(env.state_dir().unwrap(), PathBuf::from("here"));
    }

    #[test]
    fn an_empty_variable_is_unset_and_flags_know_no() {
        let env = Environment::from([("A", ""), ("B", "FALSE"), ("C", "1")]);
        assert_eq!(
            (env.get("A"), env.flag("B"), env.flag("C")),
            (None, false, true)
        );
    }
}
