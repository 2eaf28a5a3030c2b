//! Calls to hooks, and what is made of their results.

use std::path::{Path, PathBuf};

use pubflow_spec::{DistributionFilename, DistributionKind, Requirement};

use super::error::{BuildError, BuildReason, BuildStage, HookFailure};

/// A call to make.
#[derive(Debug, Clone)]
pub(super) struct Hook {
    /// The stage that bears its name.
    pub(super) stage: BuildStage,
    /// Where its result goes; none for a hook that lists requirements.
    pub(super) directory: Option<PathBuf>,
}

/// What a call that came to an end gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Outcome {
    /// The backend has no such hook.
    Missing,
    /// A text.
    Text(String),
    /// A list of texts.
    List(Vec<String>),
    /// Something else, as JSON.
    Other(String),
}

impl Outcome {
    fn describe(&self) -> String {
        const SHOWN: usize = 200;
        let text = match self {
            Self::Missing => "nothing".to_owned(),
            Self::Text(text) => format!("the text `{text}`"),
            Self::List(texts) => format!("the list {texts:?}"),
            Self::Other(json) => format!("`{json}`"),
        };
        match text.char_indices().nth(SHOWN) {
            Some((end, _)) => format!("{}...", &text[..end]),
            None => text,
        }
    }
}

pub(super) fn failed(stage: BuildStage, failure: HookFailure) -> BuildError {
    let hook = stage.as_str();
    BuildError::new(stage, BuildReason::Hook { hook, failure })
}

/// The requirements that a hook lists; a backend without the hook asks for nothing.
pub(super) fn requirements(stage: BuildStage, outcome: Outcome) -> Result<Vec<String>, BuildError> {
    let listed = match outcome {
        Outcome::Missing => return Ok(Vec::new()),
        Outcome::List(listed) => listed,
        other => {
            let expected = "a list of requirements";
            let found = other.describe();
            return Err(failed(stage, HookFailure::WrongType { expected, found }));
        }
    };
    for requirement in &listed {
        if let Err(error) = Requirement::parse(requirement) {
            let requirement = requirement.clone();
            return Err(failed(
                stage,
                HookFailure::BadRequirement { requirement, error },
            ));
        }
    }
    Ok(listed)
}

/// The file that a hook made in `directory`: a regular file named like a distribution of `kind`.
pub(super) fn distribution(
    stage: BuildStage,
    outcome: Outcome,
    directory: &Path,
    kind: DistributionKind,
) -> Result<(PathBuf, DistributionFilename), BuildError> {
    let name = entry_name(stage, outcome, "the name of a file")?;
    let path = directory.join(&name);
    if !path
        .symlink_metadata()
        .is_ok_and(|metadata| metadata.is_file())
    {
        return Err(failed(stage, HookFailure::NoSuchFile(name)));
    }
    let filename = match DistributionFilename::parse(&name) {
        Ok(filename) => filename,
        Err(error) => {
            let why = error.to_string();
            return Err(failed(stage, HookFailure::BadName { name, why }));
        }
    };
    if filename.kind() != kind || (kind == DistributionKind::Sdist && !name.ends_with(".tar.gz")) {
        let why = match kind {
            DistributionKind::Sdist => "an sdist ends in .tar.gz",
            DistributionKind::Wheel => "a wheel ends in .whl",
        };
        let why = why.to_owned();
        return Err(failed(stage, HookFailure::BadName { name, why }));
    }
    Ok((path, filename))
}

/// The metadata file in the directory that a hook made, none where the backend has no such hook.
pub(super) fn prepared_metadata(
    stage: BuildStage,
    outcome: Outcome,
    directory: &Path,
) -> Result<Option<PathBuf>, BuildError> {
    if outcome == Outcome::Missing {
        return Ok(None);
    }
    let name = entry_name(stage, outcome, "the name of a directory")?;
    let path = directory.join(&name).join("METADATA");
    if path
        .symlink_metadata()
        .is_ok_and(|metadata| metadata.is_file())
    {
        return Ok(Some(path));
    }
    Err(failed(
        stage,
        HookFailure::NoSuchFile(format!("{name}/METADATA")),
    ))
}

/// A text that names an entry of a directory.
fn entry_name(
    stage: BuildStage,
    outcome: Outcome,
    expected: &'static str,
) -> Result<String, BuildError> {
    let name = match outcome {
        Outcome::Text(name) => name,
        Outcome::Missing => return Err(failed(stage, HookFailure::Absent)),
        other => {
            let found = other.describe();
            return Err(failed(stage, HookFailure::WrongType { expected, found }));
        }
    };
    if name.is_empty() || name == "." || name == ".." || name.contains(['/', '\\', '\0']) {
        return Err(failed(stage, HookFailure::NotAName(name)));
    }
    Ok(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(outcome: Outcome, kind: DistributionKind, expected: Result<&str, &str>) {
        let directory = tempfile::tempdir().unwrap();
        for name in [
            "demo-1.0.tar.gz",
            "demo-1.0.zip",
            "demo-1.0-py3-none-any.whl",
            "demo.whl",
        ] {
            std::fs::write(directory.path().join(name), "").unwrap();
        }
        std::fs::create_dir(directory.path().join("dir-1.0.tar.gz")).unwrap();
        let found = distribution(BuildStage::BuildSdist, outcome, directory.path(), kind);
        match (found, expected) {
            (Ok((path, _)), Ok(name)) => assert_eq!(path, directory.path().join(name)),
            (Err(error), Err(words)) => assert!(error.to_string().contains(words), "{error}"),
            (other, _) => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_result_is_the_name_of_a_file_that_is_there() {
        let text = |text: &str| Outcome::Text(text.to_owned());
        let (sdist, wheel) = (DistributionKind::Sdist, DistributionKind::Wheel);
        check(text("demo-1.0.tar.gz"), sdist, Ok("demo-1.0.tar.gz"));
        check(
            text("demo-1.0-py3-none-any.whl"),
            wheel,
            Ok("demo-1.0-py3-none-any.whl"),
        );
        check(text("other-1.0.tar.gz"), sdist, Err("made no such file"));
        check(text("dir-1.0.tar.gz"), sdist, Err("made no such file"));
        check(
            text("./demo-1.0.tar.gz"),
            sdist,
            Err("not the name of a file"),
        );
        check(
            text("/tmp/demo-1.0.tar.gz"),
            sdist,
            Err("not the name of a file"),
        );
        check(text(""), sdist, Err("not the name of a file"));
        check(text("demo-1.0.zip"), sdist, Err("an sdist ends in .tar.gz"));
        check(
            text("demo-1.0-py3-none-any.whl"),
            sdist,
            Err("an sdist ends in .tar.gz"),
        );
        check(text("demo.whl"), wheel, Err("`demo.whl`"));
        check(
            Outcome::Other("null".to_owned()),
            sdist,
            Err("it returned `null`, not the name of a file"),
        );
        check(Outcome::Missing, sdist, Err("no such hook"));
    }

    #[test]
    fn requirements_are_a_list_of_requirements() {
        let stage = BuildStage::GetRequiresForBuildWheel;
        assert_eq!(
            requirements(stage, Outcome::Missing).unwrap(),
            Vec::<String>::new()
        );
        let error = requirements(stage, Outcome::Text("a".to_owned())).unwrap_err();
        assert_eq!(error.at, stage);
        let error = requirements(stage, Outcome::List(vec!["a >>> 1".to_owned()])).unwrap_err();
        assert!(
            error.to_string().contains("it asks for `a >>> 1`"),
            "{error}"
        );
    }
}
