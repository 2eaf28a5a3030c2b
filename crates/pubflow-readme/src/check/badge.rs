//! P707: badges that tell of another project, or of a branch instead of the release.

use pubflow_finding::Findings;

use super::Description;
use super::image::RULE;
use super::page::tags;
use super::repository::Repository;

/// Branches whose badge says how the project is.
const MAIN: [&str; 6] = ["main", "master", "trunk", "develop", "dev", "HEAD"];

/// Looks at the addresses of images that badge services have.
pub(super) fn check(description: &Description, findings: &mut Findings) {
    for tag in tags(description.html()).filter(|tag| tag.name == "img") {
        let Some(address) = tag.get("src") else {
            continue;
        };
        let Some(badge) = Badge::parse(&address) else {
            continue;
        };
        if let Some((message, next)) = fault(description, &badge) {
            let line = description.line_with(&address);
            findings.add(description.finding_at(&RULE, line, message).next(next));
        }
    }
}

/// What a badge tells of.
#[derive(Debug, Default, PartialEq, Eq)]
struct Badge {
    /// A project on the index.
    project: Option<String>,
    /// Owner and name of a repository.
    repository: Option<(String, String)>,
    branch: Option<String>,
}

impl Badge {
    /// Reads the address of a badge; `None` for other images.
    fn parse(address: &str) -> Option<Self> {
        let (_, rest) = address.split_once("://")?;
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        let branch = query
            .split('&')
            .find_map(|pair| pair.strip_prefix("branch="))
            .map(str::to_owned);
        let parts: Vec<&str> = path.split('/').collect();
        let after = |word: &str| Some(parts.iter().position(|part| *part == word)? + 1);
        // `…/pypi/v/demo.svg`, `…/pypi/pyversions/demo`
        if let Some(at) = after("pypi")
            && let [_, project] = parts[at..]
        {
            let project = project.strip_suffix(".svg").unwrap_or(project);
            return Some(Self {
                project: Some(project.to_owned()),
                ..Self::default()
            });
        }
        // `github.com/o/r/actions/workflows/ci.yml/badge.svg`, `gitlab.com/o/r/badges/main/pipeline.svg`
        let is_forge = Repository::parse(address).is_some();
        if is_forge
            && let [
                _,
                owner,
                name,
                "actions" | "workflows" | "badges",
                rest @ ..,
            ] = &parts[..]
        {
            let of_branch = match (parts[3], rest) {
                ("badges", [branch, _]) => Some((*branch).to_owned()),
                _ => branch,
            };
            return Some(Self {
                project: None,
                repository: Some(((*owner).to_owned(), (*name).to_owned())),
                branch: of_branch,
            });
        }
        // `…/github/actions/workflow/status/o/r/ci.yml`
        if let Some(at) = after("status")
            && let [owner, name, _] = parts[at..]
            && path.contains("/github/")
        {
            return Some(Self {
                project: None,
                repository: Some((owner.to_owned(), name.to_owned())),
                branch,
            });
        }
        None
    }
}

/// What is wrong with a badge, and what to do.
fn fault(description: &Description, badge: &Badge) -> Option<(String, String)> {
    if let Some((shown, own)) = badge.project.as_ref().zip(description.project.as_ref()) {
        let folded = |name: &str| name.to_ascii_lowercase().replace(['_', '.'], "-");
        if folded(shown) != folded(own) {
            let message = format!("the badge tells of the project `{shown}`, not of `{own}`");
            return Some((message, format!("write `{own}` into its address")));
        }
    }
    if let Some(((owner, name), own)) = badge
        .repository
        .as_ref()
        .zip(description.repository.as_ref())
        && !own.is_at(owner, name)
    {
        let message = format!(
            "the badge tells of `{owner}/{name}`, not of `{}`",
            own.path()
        );
        return Some((message, format!("write `{}` into its address", own.path())));
    }
    let branch = badge.branch.as_ref()?;
    (!MAIN.contains(&branch.as_str())).then(|| {
        (
            format!("the badge tells of the branch `{branch}`"),
            "name the main branch, or leave the branch out".to_owned(),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::found;
    use super::*;

    #[test]
    fn fires() {
        let text = "![v](https://img.shields.io/pypi/v/other.svg)\n\n\
                    ![ci](https://github.com/o/fork/actions/workflows/ci.yml/badge.svg)\n\n\
                    ![ci](https://github.com/o/demo/actions/workflows/ci.yml/badge.svg?branch=wip)\n\n\
                    ![ci](https://img.shields.io/github/actions/workflow/status/o/fork/ci.yml)\n\n\
                    ![ci](https://gitlab.com/o/demo/badges/wip/pipeline.svg)\n";
        assert_eq!(
            found(&RULE, text, Some("text/markdown")),
            [
                "1: the badge tells of the project `other`, not of `demo`",
                "3: the badge tells of `o/fork`, not of `o/demo`",
                "5: the badge tells of the branch `wip`",
                "7: the badge tells of `o/fork`, not of `o/demo`",
                "9: the badge tells of the branch `wip`",
            ]
        );
    }

    #[test]
    fn stays_quiet() {
        let text = "![v](https://img.shields.io/pypi/v/Demo)\n\
                    ![ci](https://github.com/o/demo/actions/workflows/ci.yml/badge.svg?branch=main&event=push)\n\
                    ![ci](https://gitlab.com/o/demo/badges/main/pipeline.svg)\n\
                    ![x](https://example.org/status/a/b/c) ![y](https://github.com/o/other/blob/x.png)\n";
        assert!(found(&RULE, text, Some("text/markdown")).is_empty());
    }
}
