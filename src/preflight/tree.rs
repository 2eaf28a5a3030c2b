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
    let Some(checkout) = &asked.checkout else {
        return Ok(vec![Found::new(
            Verdict::Warning,
            "the project is not under git, so nobody can say later what it was built from",
            "git init, and commit what is to be released",
        )]);
    };
    let mut found = Vec::new();
    if !checkout.changes.is_empty() {
        let mut named: Vec<&str> = checkout
            .changes
            .iter()
            .take(SHOWN)
            .map(|line| line.trim())
            .collect();
        let more = checkout.changes.len().saturating_sub(SHOWN);
        let rest = format!("and {more} more");
        if more > 0 {
            named.push(&rest);
        }
        found.push(Found::new(
            Verdict::Blocked,
            format!("the tree differs from its commit: {}", named.join(", ")),
            "commit or remove the changes; or give --skip preflight:tree=REASON",
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
    if found.is_empty() {
        let commit = checkout.head.commit.get(..12).unwrap_or_default();
        found.push(Found::fine(format!("clean, at commit {commit}")));
    }
    Ok(found)
}
