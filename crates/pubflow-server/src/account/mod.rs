//! Users, their tokens, the names that nobody may take, and how many projects somebody has made lately.
//!
//! A realm always has one identity more, the rehearsal itself: whoever holds the realm's own upload token may upload
//! to every project and owns what it makes.

mod credential;
mod rate;

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;
use pubflow_spec::ProjectName;

use crate::store::stored::account::{PendingPublisher, Token, User};

pub(crate) use credential::{Bearer, Credential, authenticate, digest};
pub(crate) use rate::Rate;

/// The name under which refusals and pages know the holder of the realm's own token.
pub(crate) const REHEARSAL: &str = "rehearsal";

/// The accounts of one realm.
#[derive(Debug, Default)]
pub(crate) struct Accounts {
    users: HashMap<String, User>,
    /// By the lower hexadecimal SHA-256 of the token.
    tokens: HashMap<String, Token>,
    pending: Vec<PendingPublisher>,
    /// Normalised names.
    prohibited: HashSet<String>,
    created: HashMap<String, Vec<Timestamp>>,
    /// Identifiers of identity tokens that were minted for.
    spent: HashSet<String>,
}

impl Accounts {
    pub(crate) fn user(&self, name: &str) -> Option<&User> {
        self.users.get(name)
    }

    pub(crate) fn token(&self, sha256: &str) -> Option<&Token> {
        self.tokens.get(sha256)
    }

    /// Publishers that wait for their project.
    pub(crate) fn pending(&self) -> &[PendingPublisher] {
        &self.pending
    }

    pub(crate) fn is_prohibited(&self, normalized: &str) -> bool {
        self.prohibited.contains(normalized)
    }

    /// Whether a token was minted for this identity token already.
    pub(crate) fn is_spent(&self, jti: &str) -> bool {
        self.spent.contains(jti)
    }

    /// How many projects a user may still make.
    pub(crate) fn rate(&self, user: &str, now: Timestamp) -> Rate {
        Rate::of(self.created.get(user).map_or(&[], Vec::as_slice), now)
    }

    pub(crate) fn put_user(&mut self, user: User) {
        self.users.insert(user.name.clone(), user);
    }

    pub(crate) fn put_token(&mut self, token: Token) {
        self.spent.extend(token.jti.clone());
        self.tokens.insert(token.sha256.clone(), token);
    }

    pub(crate) fn revoke(&mut self, sha256: &str) {
        self.tokens.remove(sha256);
    }

    pub(crate) fn wait_for(&mut self, pending: PendingPublisher) {
        self.pending.push(pending);
    }

    /// Drops the publishers that wait for this name in any spelling.
    pub(crate) fn forget_pending(&mut self, name: &str) {
        let normalized =
            |name: &str| ProjectName::parse(name).map(|name| name.normalized().to_owned());
        let taken = normalized(name);
        self.pending
            .retain(|pending| normalized(&pending.project_name) != taken);
    }

    pub(crate) fn prohibit(&mut self, normalized: &str) {
        self.prohibited.insert(normalized.to_owned());
    }

    pub(crate) fn count_new_project(&mut self, user: &str, at: Timestamp) {
        // The rehearsal has no limit, and counting it would only fill the memory.
        if user != REHEARSAL {
            self.created.entry(user.to_owned()).or_default().push(at);
        }
    }
}
