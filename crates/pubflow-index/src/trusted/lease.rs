//! A credential for a whole run: one that was minted is renewed before it ends, and burned at last.

use jiff::{SignedDuration, Timestamp};
use pubflow_http::Secret;
use std::sync::Arc;
use tokio::sync::Mutex;

use super::{Minter, TrustedError};
use crate::Credential;

/// A token with less than this left is not used for another upload.
const RENEW_BEFORE: SignedDuration = SignedDuration::from_mins(5);

/// A credential for a whole run. Cloning shares it.
#[derive(Clone)]
pub struct Lease {
    state: Arc<Mutex<State>>,
    minter: Option<Arc<Minter>>,
}

struct State {
    current: Credential,
    minted: Vec<Secret>,
}

impl Lease {
    /// One that stays as it is.
    #[must_use]
    pub fn fixed(credential: Credential) -> Self {
        Self::new(credential, None)
    }

    /// One that was minted, by what can mint another.
    #[must_use]
    pub fn renewing(credential: Credential, minter: Minter) -> Self {
        Self::new(credential, Some(Arc::new(minter)))
    }

    fn new(credential: Credential, minter: Option<Arc<Minter>>) -> Self {
        let minted = match credential.minted_until {
            Some(_) => vec![credential.secret.clone()],
            None => Vec::new(),
        };
        let state = State {
            current: credential,
            minted,
        };
        Self {
            state: Arc::new(Mutex::new(state)),
            minter,
        }
    }

    /// Whether the index minted it for the identity of this job.
    #[must_use]
    pub fn is_minted(&self) -> bool {
        self.minter.is_some()
    }

    /// The credential to send now; a minted one is renewed when it is about to end.
    ///
    /// # Errors
    /// [`TrustedError`] when it has ended and no other is minted.
    pub async fn current(&self) -> Result<Credential, TrustedError> {
        let mut state = self.state.lock().await;
        let Some(until) = state.current.minted_until else {
            return Ok(state.current.clone());
        };
        let now = Timestamp::now();
        if until.duration_since(now) > RENEW_BEFORE {
            return Ok(state.current.clone());
        }
        match self.mint_another(&mut state).await {
            Ok(true) => {}
            // What is left of it may be enough, and the index has the last word on that.
            Ok(false) | Err(_) if until > now => {}
            Ok(false) => {}
            Err(error) => return Err(error),
        }
        Ok(state.current.clone())
    }

    /// Another credential in the place of one that the index refused; none where there is none, or
    /// somebody else has renewed it meanwhile to no avail.
    pub async fn after_refusal(&self, refused: &Credential) -> Option<Credential> {
        let mut state = self.state.lock().await;
        if state.current.secret.expose() != refused.secret.expose() {
            return Some(state.current.clone());
        }
        state.current.minted_until?;
        match self.mint_another(&mut state).await {
            Ok(true) => Some(state.current.clone()),
            Ok(false) | Err(_) => None,
        }
    }

    async fn mint_another(&self, state: &mut State) -> Result<bool, TrustedError> {
        let Some(minter) = &self.minter else {
            return Ok(false);
        };
        let Some(minted) = minter.mint().await? else {
            return Ok(false);
        };
        state.minted.push(minted.token.clone());
        state.current.secret = minted.token;
        state.current.minted_until = Some(minted.expires);
        Ok(true)
    }

    /// Takes what was minted out of use. The lease is not used any more afterwards.
    pub async fn burn(&self) {
        let minted = std::mem::take(&mut self.state.lock().await.minted);
        if let Some(minter) = &self.minter {
            for token in minted {
                minter.burn(&token).await;
            }
        }
    }
}

impl std::fmt::Debug for Lease {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Lease(..)")
    }
}
