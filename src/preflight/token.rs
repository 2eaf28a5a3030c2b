//! The token: each index that files go to has one that it would take.

use super::{Asked, Found, Verdict};
use crate::error::CommandError;
use crate::token::{Wanted, token_source};

pub(super) const NAME: &str = "token";

pub(super) fn ask(asked: &Asked<'_>) -> Result<Vec<Found>, CommandError> {
    let Some(project) = asked.project() else {
        return Ok(Vec::new());
    };
    let mut found = Vec::new();
    for destination in asked.destinations.iter().filter(|one| one.sends) {
        let name = &destination.address.name;
        let wanted = Wanted {
            address: destination.address,
            chosen_by: destination.chosen_by,
            project: &project,
            token_file: destination.token_file,
        };
        found.push(match token_source(&wanted, asked.ctx) {
            Ok(Some(source)) => Found::fine(format!("for {name}: {source}")),
            Ok(None) if crate::consent::has_terminal() => {
                Found::fine(format!("for {name}: will be asked for"))
            }
            Ok(None) => Found::new(
                Verdict::Unauthorised,
                format!("there is no token for {name}"),
                format!(
                    "pubflow login --index {name}, or set PUBFLOW_INDEX_{}_TOKEN",
                    name.in_environment()
                ),
            ),
            Err(error) => {
                let report = error.report();
                let next = report
                    .next
                    .unwrap_or_else(|| format!("pubflow login --index {name}"));
                Found::new(Verdict::Unauthorised, report.message, next)
            }
        });
    }
    Ok(found)
}
