//! The stored forms of users, tokens and trusted publishers.

use serde::{Deserialize, Serialize};

/// Somebody who can own projects.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct User {
    pub(crate) name: String,
    pub(crate) email_verified: bool,
    pub(crate) second_factor: bool,
    pub(crate) frozen: bool,
}

/// What an upload token may do. The log holds its digest alone: whoever reads the log can upload nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Token {
    /// Lower hexadecimal.
    pub(crate) sha256: String,
    pub(crate) holder: Holder,
    /// The normalised names of the only projects that it opens.
    pub(crate) projects: Option<Vec<String>>,
    /// Seconds since 1970, UTC.
    pub(crate) valid_from: Option<i64>,
    /// Seconds since 1970, UTC.
    pub(crate) expires: Option<i64>,
    /// The identifier of the identity token that it was minted for, which is spent by that.
    pub(crate) jti: Option<String>,
}

/// On whose behalf a token acts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Holder {
    /// A user, by name.
    User(String),
    /// A CI job.
    Publisher(Publisher),
}

/// A CI workflow that may upload to a project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub(crate) enum Publisher {
    /// A workflow of GitHub Actions.
    Github(GithubPublisher),
}

/// A workflow file of a repository; without an environment it stands for all of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct GithubPublisher {
    pub(crate) repository_owner: String,
    pub(crate) repository_owner_id: String,
    pub(crate) repository_name: String,
    pub(crate) workflow_filename: String,
    #[serde(default)]
    pub(crate) environment: Option<String>,
}

/// A publisher that waits for its project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PendingPublisher {
    /// Who registered it and will own the project.
    pub(crate) user: String,
    /// The name as it was registered.
    pub(crate) project_name: String,
    pub(crate) publisher: Publisher,
}
