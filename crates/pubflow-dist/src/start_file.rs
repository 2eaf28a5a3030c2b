//! Files that Python reads at every start, whatever program it runs.
//!
//! Spec: the `site` module; PEP 829 (`.start` files).

use std::collections::BTreeSet;

use crate::distribution::{Distribution, OpenError};
use crate::wheel::Wheel;

/// Longer files are not read for what they run.
const MOST_BYTES: u64 = 64 << 10;
/// Lines that are told.
const MOST_LINES: usize = 20;

/// One such file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StartFile {
    /// The member in the archive.
    pub member: String,
    /// Its path below the directory of packages.
    pub path: String,
    /// What it runs.
    pub runs: StartCode,
}

/// What a start file runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StartCode {
    /// Nothing: it only adds directories to the search path.
    Nothing,
    /// These lines, the first of them.
    Lines(Vec<String>),
    /// The whole file is code.
    Module,
    /// It is too long or damaged, so that it must be taken for code.
    Unread,
}

impl StartFile {
    /// Whether code runs at every start of Python.
    #[must_use]
    pub fn runs_code(&self) -> bool {
        self.runs != StartCode::Nothing
    }
}

/// Whether Python reads a file at `path`, below the directory of packages, at every start.
pub(crate) fn is_start_file(path: &str) -> bool {
    let is_start = path.ends_with(".pth")
        || path.ends_with(".start")
        || matches!(path, "sitecustomize.py" | "usercustomize.py");
    is_start && !path.contains('/')
}

/// The start files of a wheel, in the order of the archive; an sdist installs none itself.
pub(crate) fn start_files(distribution: &Distribution) -> Result<Vec<StartFile>, OpenError> {
    let Distribution::Wheel(wheel) = distribution else {
        return Ok(Vec::new());
    };
    let members: BTreeSet<String> = found(wheel).map(|(member, _)| member.to_owned()).collect();
    let contents = distribution.read_members(&members, MOST_BYTES)?;
    let files = found(wheel).map(|(member, path)| StartFile {
        member: member.to_owned(),
        path: path.to_owned(),
        runs: match contents.get(member) {
            _ if path.ends_with(".py") => StartCode::Module,
            Some(content) => code_of(path, &String::from_utf8_lossy(content)),
            None => StartCode::Unread,
        },
    });
    Ok(files.collect())
}

/// Member and installed path of each start file.
fn found(wheel: &Wheel) -> impl Iterator<Item = (&str, &str)> {
    wheel
        .entries()
        .iter()
        .filter(|entry| entry.is_file())
        .filter_map(|entry| {
            let path = wheel.installed_path(&entry.path)?;
            is_start_file(path).then_some((entry.path.as_str(), path))
        })
}

fn code_of(path: &str, text: &str) -> StartCode {
    let runs = |line: &&str| {
        if path.ends_with(".pth") {
            line.starts_with("import ") || line.starts_with("import\t")
        } else {
            !line.trim().is_empty() && !line.starts_with('#')
        }
    };
    let lines: Vec<String> = text
        .lines()
        .filter(runs)
        .take(MOST_LINES)
        .map(str::to_owned)
        .collect();
    if lines.is_empty() {
        StartCode::Nothing
    } else {
        StartCode::Lines(lines)
    }
}

#[cfg(test)]
mod tests {
    use pubflow_testkit::WheelBuilder;

    use super::*;
    use crate::Limits;

    #[test]
    fn what_runs_at_every_start_is_told() {
        let dir = tempfile::tempdir().unwrap();
        let path = WheelBuilder::new("demo", "1.0")
            .file("demo/model.pth", "import os")
            .file("paths.pth", "# import\nlib/demo\n")
            .file("run.pth", "lib\nimport demo; demo.go()\n")
            .file("run.start", "# a comment\ndemo:go\n")
            .file("demo-1.0.data/purelib/sitecustomize.py", "")
            .file("long.pth", "x".repeat(70_000))
            .build_in(dir.path());
        let opened = Distribution::open(&path, &Limits::default()).unwrap();
        let files = start_files(&opened).unwrap();
        let told: Vec<_> = files
            .iter()
            .map(|file| (file.path.as_str(), &file.runs))
            .collect();
        assert_eq!(
            told,
            [
                ("paths.pth", &StartCode::Nothing),
                (
                    "run.pth",
                    &StartCode::Lines(vec!["import demo; demo.go()".to_owned()])
                ),
                ("run.start", &StartCode::Lines(vec!["demo:go".to_owned()])),
                ("sitecustomize.py", &StartCode::Module),
                ("long.pth", &StartCode::Unread),
            ]
        );
    }
}
