//! The tree: what is released is what is committed.

use super::{Asked, Found, Verdict};
use crate::error::CommandError;

pub(super) const NAME: &str = "tree";
/// Changes that are named; of more only the number.
const SHOWN: usize = 5;

pub(super) fn ask(asked: &Asked<'_>) -> Result<Vec<Found>, CommandError> {
    if !asked.builds {
        return Ok(vec![Found::fine("nothing is built from it")]);
    }
    if asked.pyproject.is_none() && !pubflow_check::is_project(asked.directory) {
        return Ok(vec![Found::new(
            Verdict::Blocked,
            "there is no project here: no pyproject.toml, setup.py or setup.cfg",
            "run the command in the project's folder, or name built files",
        )]);
    }
    let Some(checkout) = asked.checkout else {
        return Ok(vec![Found::new(
            Verdict::Warning,
            "the project is not under git, so nobody can say later what it was built from",
            "git init, and commit what is to be released",
        )]);
    };
    let mut found = Vec::new();
    if let Some(named) = named(checkout.modified()) {
        found.push(Found::new(
            Verdict::Blocked,
            format!("the tree differs from its commit: {named}"),
            "commit or undo the changes; or give --skip preflight:tree=REASON",
        ));
    }
    if let Some(named) = named(checkout.untracked()) {
        found.push(Found::new(
            Verdict::Warning,
            format!("the commit is released, so without these files: {named}"),
            "git add what belongs to the project, and name the rest in .gitignore",
        ));
    }
    if !checkout.submodules.is_empty() {
        found.push(Found::new(
            Verdict::Blocked,
            format!(
                "submodules are not as the commit wants them: {}",
                checkout.submodules.join(", ")
            ),
            "git submodule update --init --recursive",
        ));
    }
    if found.iter().all(|found| found.verdict == Verdict::Warning) {
        let commit = checkout.head.commit.get(..12).unwrap_or_default();
        found.push(Found::fine(format!("at commit {commit}")));
    }
    Ok(found)
}

/// The first few of some files, and how many more there are; none where there are none.
fn named<'a>(files: impl Iterator<Item = &'a str>) -> Option<String> {
    let files: Vec<&str> = files.collect();
    let more = files.len().saturating_sub(SHOWN);
    let shown = files.get(..SHOWN).unwrap_or(&files).join(", ");
    match (files.is_empty(), more) {
        (true, _) => None,
        (false, 0) => Some(shown),
        (false, more) => Some(format!("{shown}, and {more} more")),
    }
}
