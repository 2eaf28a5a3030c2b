//! Under which name this process writes into journals.
//!
//! Runs of one machine share a name, since a lock keeps them apart. Jobs of a CI run are different
//! machines whose journals may be brought together later, so each has a name of its own.

use pubflow_pipeline::Writer;

use crate::config::Environment;
use crate::error::CommandError;

/// What names a CI job: a word, and the variables that together are different in every job.
const JOBS: &[(&str, &[&str])] = &[
    (
        "github",
        &["GITHUB_RUN_ID", "GITHUB_RUN_ATTEMPT", "GITHUB_JOB"],
    ),
    ("gitlab", &["CI_PIPELINE_ID", "CI_JOB_ID"]),
];
const LONGEST: usize = 100;

/// The writer of this process: `PUBFLOW_WRITER`, else the CI job, else this machine.
///
/// # Errors
/// `PUBFLOW_WRITER` cannot name a journal segment.
pub(crate) fn writer(env: &Environment) -> Result<Writer, CommandError> {
    if let Some(name) = env.get("PUBFLOW_WRITER") {
        return Writer::parse(name).map_err(|error| CommandError::Argument {
            option: "PUBFLOW_WRITER",
            value: name.to_owned(),
            expected: "name of a journal's writer",
            why: error.to_string(),
        });
    }
    Ok(JOBS
        .iter()
        .find_map(|(forge, variables)| job(forge, variables, env))
        .unwrap_or_else(Writer::local))
}

/// The writer's name for a job, when all its variables are set.
fn job(forge: &str, variables: &[&str], env: &Environment) -> Option<Writer> {
    let mut name = forge.to_owned();
    for variable in variables {
        name.push('-');
        name.push_str(env.get(variable)?);
    }
    let plain = |c: char| match c.to_ascii_lowercase() {
        c if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') => c,
        _ => '-',
    };
    let name: String = name.chars().map(plain).take(LONGEST).collect();
    Writer::parse(&name).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named<const N: usize>(variables: [(&str, &str); N]) -> Result<String, CommandError> {
        writer(&Environment::from(variables)).map(|writer| writer.to_string())
    }

    #[test]
    fn every_ci_job_has_a_name_of_its_own() {
        let github = [
            ("GITHUB_RUN_ID", "4711"),
            ("GITHUB_RUN_ATTEMPT", "2"),
            ("GITHUB_JOB", "Publish to PyPI"),
        ];
        assert_eq!(named(github).unwrap(), "github-4711-2-publish-to-pypi");
        let gitlab = [("CI_PIPELINE_ID", "8"), ("CI_JOB_ID", "15")];
        assert_eq!(named(gitlab).unwrap(), "gitlab-8-15");
        assert_eq!(named([github[0], github[1]]).unwrap(), "local");
        assert_eq!(named([]).unwrap(), "local");
    }

    #[test]
    fn a_name_that_was_given_counts_or_is_refused() {
        let given = ("PUBFLOW_WRITER", "wheels-7");
        let github = ("GITHUB_RUN_ID", "4711");
        assert_eq!(named([given, github]).unwrap(), "wheels-7");
        assert!(named([("PUBFLOW_WRITER", "../x")]).is_err());
    }
}
