//! Versions in ascending order, as PEP 440 orders them.

use pubflow_spec::Version;

use super::{Answered, Line, Lines, Rank, Tally};
use crate::error::CommandError;

/// Answers all versions in ascending order; equal ones share a rank and keep the order in which they
/// came, invalid texts come last. What is no question is answered at once.
pub(super) fn answer(lines: Lines<'_>) -> Result<Tally, CommandError> {
    let mut tally = Tally::default();
    let mut versions: Vec<(Version, Answered)> = Vec::new();
    let mut invalid = Vec::new();
    for line in lines {
        match line? {
            Line::Text(answered) => match Version::parse(&answered.input) {
                Ok(version) => versions.push((version, answered)),
                Err(_) => invalid.push(answered),
            },
            Line::NotUnderstood { why } => tally.print_not_understood(why)?,
        }
    }
    versions.sort_by(|(a, _), (b, _)| a.cmp(b));
    let mut rank = 0;
    let mut before: Option<Version> = None;
    for (version, answered) in versions {
        rank += usize::from(before.is_some_and(|before| before != version));
        tally.print(answered, Rank::Of(Some(rank)))?;
        before = Some(version);
    }
    for answered in invalid {
        tally.print(answered, Rank::Of(None))?;
    }
    Ok(tally)
}
