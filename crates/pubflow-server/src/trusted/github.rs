//! Workflows of GitHub Actions: which registered one a job's claims belong to.

use super::Claims;
use crate::store::stored::account::{GithubPublisher, Publisher};

/// Without these no job is looked for.
const REQUIRED: [&str; 8] = [
    "sub",
    "repository",
    "repository_owner",
    "repository_owner_id",
    "job_workflow_ref",
    "jti",
    "ref",
    "sha",
];

/// The publisher that the claims belong to, one with the job's environment before one for every environment.
///
/// # Errors
/// PyPI's words for why there is none.
pub(super) fn find<'a, T>(
    claims: &Claims,
    registered: impl Iterator<Item = &'a T>,
    publisher_of: impl Fn(&'a T) -> &'a Publisher,
) -> Result<&'a T, String> {
    if let Some(missing) = REQUIRED.iter().find(|name| !claims.has(name)) {
        return Err(format!("Missing claim '{missing}'"));
    }
    let text = |name| claims.text(name).unwrap_or_default();
    let workflow = workflow_filename(text("job_workflow_ref"))
        .ok_or("Could not job extract workflow filename from OIDC claims")?;
    let candidates: Vec<(&T, &GithubPublisher)> = registered
        .map(|item| {
            let Publisher::Github(github) = publisher_of(item);
            (item, github)
        })
        .filter(|(_, github)| {
            slug(github) == text("repository")
                && github.repository_owner_id == text("repository_owner_id")
                && github.workflow_filename == workflow
        })
        .collect();
    let environment = claims.text("environment").map(str::to_lowercase);
    let exact = environment.and_then(|wanted| {
        let is_it = |github: &GithubPublisher| {
            registered_environment(github).is_some_and(|given| given == wanted)
        };
        candidates.iter().find(|(_, github)| is_it(github))
    });
    exact
        .or_else(|| {
            candidates
                .iter()
                .find(|(_, github)| registered_environment(github).is_none())
        })
        .map(|(item, _)| *item)
        .ok_or_else(|| "Publisher with matching claims was not found".to_owned())
}

/// Holds every claim of a job against its publisher.
///
/// # Errors
/// PyPI's words for the first that does not fit.
pub(super) fn verify(publisher: &Publisher, claims: &Claims) -> Result<(), String> {
    let Publisher::Github(github) = publisher;
    let text = |name| claims.text(name).unwrap_or_default();
    let failed = |name: &str| Err(format!("Check failed for required claim '{name}'"));
    let subject: Vec<&str> = text("sub").split(':').take(2).collect();
    let expected = ["repo", &slug(github)].map(str::to_lowercase);
    if subject.iter().map(|part| part.to_lowercase()).ne(expected) {
        return failed("sub");
    }
    if text("repository_owner") != github.repository_owner {
        return failed("repository_owner");
    }
    // Such a job runs code of a stranger with the rights of the repository.
    if text("event_name") == "pull_request_target" {
        return failed("event_name");
    }
    let workflow = format!(
        "{}/.github/workflows/{}",
        slug(github),
        github.workflow_filename
    );
    let mut expected: Vec<String> = ["ref", "sha"]
        .into_iter()
        .filter_map(|name| Some(format!("{workflow}@{}", claims.text(name)?)))
        .collect();
    expected.sort_unstable();
    let given = text("job_workflow_ref");
    if expected.iter().any(|one| one == given) {
        return Ok(());
    }
    Err(format!(
        "The job_workflow_ref claim does not match, expecting one of ['{}'], got '{given}'",
        expected.join("', '")
    ))
}

fn slug(github: &GithubPublisher) -> String {
    format!("{}/{}", github.repository_owner, github.repository_name)
}

fn registered_environment(github: &GithubPublisher) -> Option<&str> {
    github
        .environment
        .as_deref()
        .filter(|environment| !environment.is_empty())
}

/// The file name in `OWNER/REPOSITORY/.github/workflows/FILE@REF`, which may hold `@` and dots itself.
fn workflow_filename(workflow_ref: &str) -> Option<&str> {
    workflow_ref.split('/').find_map(|segment| {
        [".yml@", ".yaml@"]
            .iter()
            .filter_map(|ending| Some(segment.rfind(ending)? + ending.len() - 1))
            .max()
            .map(|end| &segment[..end])
            .filter(|name| !name.starts_with(".y") || name.matches('.').count() > 1)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_workflow_is_found_among_look_alikes() {
        let check = |text, expected| assert_eq!(workflow_filename(text), expected, "{text}");
        check(
            "acme/demo/.github/workflows/release.yml@refs/tags/v1",
            Some("release.yml"),
        );
        check(
            "acme/demo/.github/workflows/re@lease.yaml@refs/heads/x.yml@y",
            Some("re@lease.yaml"),
        );
        check("acme/demo/.github/workflows/release@refs/tags/v1", None);
        check("acme/demo/.github/workflows/.yml@refs/tags/v1", None);
        check("", None);
    }
}
