//! Open releases: what was begun and is half public comes to its end before another version begins.

use pubflow_pipeline::Facts;

use super::{Asked, Found, Verdict};
use crate::error::CommandError;
use crate::release::{half_public, is_open, recipe_of};

pub(super) const NAME: &str = "open";

pub(super) fn ask(asked: &Asked<'_>) -> Result<Vec<Found>, CommandError> {
    let Some(project) = asked.project() else {
        return Ok(Vec::new());
    };
    let version = asked.version();
    let mut found = Vec::new();
    for record in asked.ctx.state()?.records_of(&project)? {
        let facts = Facts::read(&record)?;
        let (key, recipe) = (record.key(), recipe_of(&facts));
        let Some(recipe) = recipe.filter(|_| is_open(&facts)) else {
            continue;
        };
        let release = format!("{project}=={}", key.version);
        let is_other = version
            .as_ref()
            .is_some_and(|version| *version != key.version);
        let says = format!("{release} to {} was begun and has not ended", recipe.index);
        let next = format!("pubflow resume {release}, or pubflow abandon {release} --reason …");
        // Trials never stand in the way.
        let blocks = is_other && recipe.address.is_pypi() && half_public(&facts, &recipe.index);
        found.push(match blocks {
            true => Found::new(Verdict::Waiting, says, next),
            false => Found::new(Verdict::Warning, says, next),
        });
    }
    if found.is_empty() {
        found.push(Found::fine("no release is open"));
    }
    Ok(found)
}
