//! Names that a new project on PyPI may not take because a module of Python's standard library
//! has them.
//!
//! `names.txt` holds the modules of every version of Python from 2.6 to 3.14, with the paths of
//! submodules and the packages above them, as normalised project names, sorted. The index makes
//! its own list the same way; a new Python adds lines.

use crate::project_name::ProjectName;

const NAMES: &str = include_str!("names.txt");

impl ProjectName {
    /// Whether PyPI refuses a new project of this name because it is that of a module of the
    /// standard library, in any version of Python. Projects that exist already may keep theirs.
    #[must_use]
    pub fn is_standard_library_name(&self) -> bool {
        NAMES.lines().any(|name| name == self.normalized())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_and_submodules_are_found_in_any_spelling() {
        for (name, found) in [
            ("asyncio", true),
            ("OS.path", true),
            ("distutils_command", true),
            ("xml", true),
            ("requests", false),
            ("os-pat", false),
        ] {
            let name = ProjectName::parse(name).unwrap();
            assert_eq!(name.is_standard_library_name(), found, "{name}");
        }
    }

    #[test]
    fn every_name_is_in_normal_form_and_in_order() {
        assert!(NAMES.lines().is_sorted_by(|a, b| a < b));
        for name in NAMES.lines() {
            assert!(ProjectName::parse(name).unwrap().is_normalized(), "{name}");
        }
    }
}
