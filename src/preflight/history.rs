//! The history: the branch, its tags, and whether all of it is here.

use pubflow_forge::git::Checkout;
use pubflow_spec::Version;

use super::{Asked, Found, Verdict};
use crate::error::CommandError;

pub(super) const NAME: &str = "history";

pub(super) fn ask(asked: &Asked<'_>) -> Result<Vec<Found>, CommandError> {
    let Some(checkout) = asked.checkout.filter(|_| asked.builds) else {
        return Ok(Vec::new());
    };
    let mut found = vec![branch(asked, checkout)];
    if checkout.n_behind > 0 {
        found.push(Found::new(
            Verdict::Blocked,
            format!(
                "the branch is {} commits behind its remote branch",
                checkout.n_behind
            ),
            "git pull, and look at what came; or give --skip preflight:history=REASON",
        ));
    }
    let is_dynamic = asked
        .pyproject
        .as_ref()
        .is_some_and(|pyproject| pyproject.dynamic().contains(&"version"));
    if checkout.is_shallow && is_dynamic {
        found.push(Found::new(
            Verdict::Blocked,
            "the version is dynamic and the history is cut off: a version made from tags would be wrong",
            "git fetch --unshallow --tags",
        ));
    }
    found.extend(tag(asked, checkout));
    Ok(found)
}

fn branch(asked: &Asked<'_>, checkout: &Checkout) -> Found {
    let is_tagged = !versions(checkout).is_empty();
    let Some(allowed) = &asked.settings.release.branches else {
        return match &checkout.branch {
            Some(branch) => Found::fine(format!("on branch {branch}")),
            None => Found::fine("on a commit without a branch"),
        };
    };
    match &checkout.branch {
        Some(branch) if allowed.value.iter().any(|pattern| matches(pattern, branch)) => {
            Found::fine(format!("on branch {branch}"))
        }
        // A job for a tag stands on the tag's commit, on no branch.
        None if is_tagged => Found::fine(format!("on tag {}", checkout.tags.join(", "))),
        other => Found::new(
            Verdict::Blocked,
            match other {
                Some(branch) => format!(
                    "on branch {branch}, and releases are made from {}",
                    allowed.value.join(", ")
                ),
                None => format!(
                    "on no branch, and releases are made from {}",
                    allowed.value.join(", ")
                ),
            },
            format!(
                "check out one of them; `release.branches` is set by the {}",
                allowed.origin
            ),
        ),
    }
}

/// Tags of the commit that are versions, with or without a `v` before them.
fn versions(checkout: &Checkout) -> Vec<(&str, Version)> {
    let version = |tag: &'_ str| Version::parse(tag.strip_prefix('v').unwrap_or(tag)).ok();
    let tags = checkout.tags.iter();
    tags.filter_map(|tag| Some((tag.as_str(), version(tag)?)))
        .collect()
}

fn tag(asked: &Asked<'_>, checkout: &Checkout) -> Option<Found> {
    let version = asked.version()?;
    let tags = versions(checkout);
    if tags.iter().any(|(_, tagged)| *tagged == version) {
        return Some(Found::fine(format!("the commit is tagged as {version}")));
    }
    let (tag, tagged) = tags.first()?;
    Some(Found::new(
        Verdict::Blocked,
        format!("the commit is tagged `{tag}`, and pyproject.toml says {version}"),
        format!("set the version to {tagged} and tag that commit, or move the tag"),
    ))
}

/// Whether a branch is meant by a pattern in which `*` stands for anything.
fn matches(pattern: &str, branch: &str) -> bool {
    let Some((head, rest)) = pattern.split_once('*') else {
        return pattern == branch;
    };
    let Some(branch) = branch.strip_prefix(head) else {
        return false;
    };
    rest.is_empty()
        || (0..=branch.len())
            .filter_map(|at| branch.get(at..))
            .any(|tail| matches(rest, tail))
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn a_star_stands_for_anything() {
        for (pattern, branch, is_meant) in [
            ("main", "main", true),
            ("main", "maint", false),
            ("release/*", "release/1.0", true),
            ("release/*", "release", false),
            ("*", "anything/at all", true),
            ("v*.x", "v1.x", true),
            ("v*.x", "v1.y", false),
            ("a*é", "aéé", true),
        ] {
            assert_eq!(matches(pattern, branch), is_meant, "{pattern} {branch}");
        }
    }
}
