//! What a command compares: a file here, or a release on an index.

use std::path::{Path, PathBuf};

use pubflow_spec::{ProjectName, Version};

use crate::cli::IndexChoice;
use crate::config::{Origin, Requested, Setting};
use crate::error::CommandError;
use crate::records::name_and_version;

/// A file, or a release on an index.
#[derive(Debug, Clone)]
pub(crate) enum Reference {
    /// Something in the file system.
    Path(PathBuf),
    /// `NAME==VERSION[@INDEX]`
    Release(ReleaseReference),
}

/// `NAME==VERSION[@INDEX]`
#[derive(Debug, Clone)]
pub(crate) struct ReleaseReference {
    /// The project.
    pub(crate) project: ProjectName,
    /// The version.
    pub(crate) version: Version,
    /// The index, where it is named.
    pub(crate) index: Option<String>,
}

impl Reference {
    /// Reads a reference. What is there in the file system is meant; else what looks like a release.
    ///
    /// # Errors
    /// A release that is malformed.
    pub(crate) fn parse(text: &str) -> Result<Self, CommandError> {
        if Path::new(text).exists() || !text.contains("==") {
            return Ok(Self::Path(PathBuf::from(text)));
        }
        let (release, index) = match text.split_once('@') {
            Some((release, index)) => (release, Some(index.trim().to_owned())),
            None => (text, None),
        };
        let (project, version) = name_and_version(release)?;
        Ok(Self::Release(ReleaseReference {
            project,
            version,
            index,
        }))
    }
}

impl ReleaseReference {
    /// The index to ask: the one behind `@`, else the one that `choice` names.
    pub(crate) fn requested(&self, choice: &IndexChoice) -> Requested {
        match &self.index {
            Some(name) => Requested {
                name: Some(Setting::new(name.clone(), Origin::CommandLine("@INDEX"))),
            },
            None => choice.requested(),
        }
    }
}

impl std::fmt::Display for ReleaseReference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}=={}", self.project.as_str(), self.version)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_win_and_releases_may_name_an_index() {
        let release = |text: &str| match Reference::parse(text).unwrap() {
            Reference::Release(release) => (release.to_string(), release.index),
            Reference::Path(path) => panic!("{} is a path", path.display()),
        };
        assert_eq!(release("Demo==1.0"), ("Demo==1.0".to_owned(), None));
        assert_eq!(
            release("demo==1.0@testpypi"),
            ("demo==1.0".to_owned(), Some("testpypi".to_owned()))
        );
        assert!(Reference::parse("demo==one").is_err());
        assert!(matches!(
            Reference::parse("dist/x.whl"),
            Ok(Reference::Path(_))
        ));
    }
}
