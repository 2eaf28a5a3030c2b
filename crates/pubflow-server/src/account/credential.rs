//! Who sends a request, and what its token may be used for.

use hyper::header::HeaderMap;
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use super::REHEARSAL;
use crate::answer::Notice;
use crate::catalog::Project;
use crate::credential::{hex, invalid, token_of};
use crate::index::Index;
use crate::refusal::quoted;
use crate::store::stored::account::{Holder, Publisher};

/// On whose behalf a request acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Bearer {
    /// Whoever holds the realm's own upload token.
    Rehearsal,
    /// A user, by name.
    User(String),
    /// A CI job with a minted token.
    Publisher(Publisher),
}

impl Bearer {
    /// The user's name; a CI job has none.
    pub(crate) fn user(&self) -> Option<&str> {
        match self {
            Self::Rehearsal => Some(REHEARSAL),
            Self::User(name) => Some(name),
            Self::Publisher(_) => None,
        }
    }
}

/// A valid token and its restrictions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Credential {
    pub(crate) bearer: Bearer,
    projects: Option<Vec<String>>,
    valid_from: Option<i64>,
    expires: Option<i64>,
}

impl Credential {
    /// Why the token cannot be used for a project, as the index says it; `existing` is the project if it is there.
    ///
    /// The restrictions are asked in the order in which the index writes them into a token, and their reasons come
    /// twice, as on PyPI.
    pub(crate) fn objection(
        &self,
        (name, normalized): (&str, &str),
        existing: Option<&Project>,
        now: Timestamp,
    ) -> Option<String> {
        let mut reasons = Vec::new();
        if let Bearer::Publisher(publisher) = &self.bearer
            && !existing.is_some_and(|project| project.publishers.contains(publisher))
        {
            reasons.push(format!(
                "OIDC scoped token is not valid for project '{name}'"
            ));
        }
        if let Some(projects) = &self.projects
            && !projects.iter().any(|project| project == normalized)
        {
            reasons.push(format!(
                "project-scoped token is not valid for project: {}",
                quoted(name)
            ));
        }
        let now = now.as_second();
        let is_early = self.valid_from.is_some_and(|from| now < from);
        if is_early || self.expires.is_some_and(|end| now >= end) {
            reasons.push("token is expired".to_owned());
        }
        if reasons.is_empty() {
            return None;
        }
        let reasons = reasons.join(", ");
        Some(format!("Invalid API Token: {reasons}, {reasons}"))
    }
}

/// R016 to R019.
///
/// # Errors
/// The refusal of the rule that fired.
pub(crate) fn authenticate(index: &Index, headers: &HeaderMap) -> Result<Credential, Notice> {
    let token = token_of(headers, &index.origin)?;
    if index.is_upload_token(&token) {
        return Ok(Credential {
            bearer: Bearer::Rehearsal,
            projects: None,
            valid_from: None,
            expires: None,
        });
    }
    let catalog = index.catalog();
    let accounts = catalog.accounts();
    let known = accounts
        .token(&digest(&token))
        .ok_or_else(|| invalid(&index.origin))?;
    let bearer = match &known.holder {
        Holder::User(name) => {
            let user = accounts.user(name).filter(|user| !user.frozen);
            user.ok_or_else(|| invalid(&index.origin))?;
            Bearer::User(name.clone())
        }
        Holder::Publisher(publisher) => Bearer::Publisher(publisher.clone()),
    };
    Ok(Credential {
        bearer,
        projects: known.projects.clone(),
        valid_from: known.valid_from,
        expires: known.expires,
    })
}

/// The digest under which a token is kept.
pub(crate) fn digest(token: &str) -> String {
    hex(&Sha256::digest(token.as_bytes()))
}
