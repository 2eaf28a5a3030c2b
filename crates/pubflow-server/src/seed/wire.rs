//! The JSON shapes of a seed (`index-seed/1`) and of the credentials made for it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::store::stored::Status;
use crate::store::stored::account::{PendingPublisher, Publisher, User};

/// The only format that is read.
pub(super) const FORMAT: &str = "index-seed/1";

#[derive(Debug, Deserialize)]
pub(super) struct Seed {
    pub(super) format: String,
    #[serde(default)]
    pub(super) users: Vec<User>,
    #[serde(default)]
    pub(super) tokens: Vec<Token>,
    #[serde(default)]
    pub(super) prohibited_names: Vec<String>,
    #[serde(default)]
    pub(super) rate_used: Vec<RateUsed>,
    #[serde(default)]
    pub(super) projects: Vec<Project>,
    #[serde(default)]
    pub(super) pending_publishers: Vec<Pending>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Token {
    pub(super) name: String,
    pub(super) user: String,
    pub(super) scope: Scope,
    #[serde(default)]
    pub(super) projects: Vec<String>,
    pub(super) expires_in_s: Option<i64>,
    pub(super) valid_from_s: Option<i64>,
    #[serde(default)]
    pub(super) deleted: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Scope {
    User,
    Projects,
}

#[derive(Debug, Deserialize)]
pub(super) struct RateUsed {
    pub(super) user: String,
    pub(super) new_projects: u32,
}

#[derive(Debug, Deserialize)]
pub(super) struct Project {
    pub(super) name: String,
    pub(super) owner: String,
    #[serde(default)]
    pub(super) maintainers: Vec<String>,
    pub(super) status: Option<Status>,
    #[serde(default)]
    pub(super) trusted_publishers: Vec<Publisher>,
    #[serde(default)]
    pub(super) releases: Vec<Release>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Release {
    pub(super) version: String,
    pub(super) age_days: Option<i64>,
    #[serde(default)]
    pub(super) yanked: bool,
    #[serde(default)]
    pub(super) yanked_reason: Option<String>,
    #[serde(default)]
    pub(super) files: Vec<File>,
}

#[derive(Debug, Deserialize)]
pub(super) struct File {
    pub(super) fixture: String,
    pub(super) filename: Option<String>,
    pub(super) form: Vec<(String, String)>,
    #[serde(default)]
    pub(super) deleted: bool,
}

/// A publisher that waits, with its fields beside the name of the project.
#[derive(Debug, Deserialize)]
pub(super) struct Pending {
    user: String,
    project_name: String,
    #[serde(flatten)]
    publisher: Publisher,
}

impl From<Pending> for PendingPublisher {
    fn from(pending: Pending) -> Self {
        Self {
            user: pending.user,
            project_name: pending.project_name,
            publisher: pending.publisher,
        }
    }
}

/// The secrets that the server made.
#[derive(Debug, Default, Serialize)]
pub(super) struct Credentials {
    pub(super) tokens: BTreeMap<String, String>,
    pub(super) passwords: BTreeMap<String, String>,
    pub(super) totp: BTreeMap<String, String>,
}

impl Credentials {
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec_pretty(self).expect("credentials are texts")
    }
}
