//! The Pythons that `requires-python` admits, as far as a check needs them.

use pubflow_spec::{Prereleases, SpecifierSet, Version};

use super::PyprojectSubject;

/// The newest minor version of Python 3 that is looked at; far above those that exist, so that an
/// open range is one.
const NEWEST_MINOR: u32 = 40;

/// Patch releases of a minor version that stand for all of them.
const PATCHES: [u32; 3] = [0, 5, 40];

/// A Python as markers see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PythonRelease {
    /// Such as `3.12`.
    pub(super) version: String,
    /// Such as `3.12.1`.
    pub(super) full: String,
}

impl PythonRelease {
    /// Sample releases of one minor version.
    fn of(major: u32, minor: u32) -> impl Iterator<Item = Self> {
        PATCHES.into_iter().map(move |patch| Self {
            version: format!("{major}.{minor}"),
            full: format!("{major}.{minor}.{patch}"),
        })
    }

    /// Whether a specifier takes it.
    pub(super) fn is_in(&self, specifiers: &SpecifierSet) -> bool {
        Version::parse(&self.full)
            .is_ok_and(|version| specifiers.contains(&version, Prereleases::Allow))
    }
}

/// Samples of every Python that the project supports; `None` where `requires-python` is malformed.
pub(super) fn supported(subject: &PyprojectSubject) -> Option<Vec<PythonRelease>> {
    let specifiers = match subject.pyproject.requires_python() {
        None => SpecifierSet::default(),
        Some(text) => SpecifierSet::parse(text).ok()?,
    };
    let twos = PythonRelease::of(2, 7);
    let threes = (0..=NEWEST_MINOR).flat_map(|minor| PythonRelease::of(3, minor));
    let fours = PythonRelease::of(4, 0);
    let all = twos.chain(threes).chain(fours);
    Some(all.filter(|python| python.is_in(&specifiers)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pyproject::Pyproject;

    #[test]
    fn samples_follow_the_range() {
        let of = |text: &str| {
            let text = format!("[project]\nrequires-python = '{text}'\n");
            let subject = PyprojectSubject::bare(Pyproject::parse(&text));
            let found = supported(&subject)?;
            let first = found.first().map(|python| python.full.clone());
            Some((first, found.len()))
        };
        assert_eq!(of("==3.9.*"), Some((Some("3.9.0".to_owned()), 3)));
        assert_eq!(of("<3,>=2.7.1"), Some((Some("2.7.5".to_owned()), 2)));
        assert_eq!(of("^3"), None);
    }
}
