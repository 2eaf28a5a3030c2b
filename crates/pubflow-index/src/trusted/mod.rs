//! Trusted publishing: the identity of a CI job is exchanged for a token that lasts minutes.
//!
//! The index says which audience it wants, the CI system signs an identity for exactly that
//! audience, and the index mints a token for it. An identity can be exchanged once. Nothing of it is
//! stored; the token is burned when the run is over.
//!
//! Spec: the index's user documentation on trusted publishing; research of its answers.

mod claims;
mod error;
mod lease;
pub mod provider;
mod wire;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use pubflow_http::{Body, Redactor, Request, Response, Secret};
use url::Url;

use crate::words::ServerWords;
use crate::{Index, IndexAddress};
use provider::{PROVIDERS, Provider};
use wire::AudienceAnswer;

pub use claims::Claims;
pub use error::{Hint, TrustedError};
pub use lease::Lease;

/// The index may take as long as this: with hundreds of registered publishers it was seen to take
/// more than five seconds.
const PATIENCE: Duration = Duration::from_secs(60);
/// Burning is a courtesy; nobody waits long for it.
const BURN_PATIENCE: Duration = Duration::from_secs(5);
const ANSWER_BYTES: u64 = 64 * 1024;

/// A token that was minted.
#[derive(Debug, Clone)]
pub struct Minted {
    /// The token.
    pub token: Secret,
    /// When it ends.
    pub expires: Timestamp,
    /// Whose identity it was minted for, such as `GitHub Actions`.
    pub provider: &'static str,
}

/// Mints tokens for one index from the identity of this job.
#[derive(Clone)]
pub struct Minter {
    index: Arc<Index>,
    environment: Arc<BTreeMap<String, String>>,
    provider: &'static Provider,
}

impl Minter {
    /// None where the index mints nothing or the job has no identity.
    #[must_use]
    pub fn find(index: Arc<Index>, environment: &BTreeMap<String, String>) -> Option<Self> {
        let mints = index.address().kind.row().mints_tokens;
        let provider = PROVIDERS
            .iter()
            .find(|provider| (provider.is_here)(environment))
            .filter(|_| mints)?;
        Some(Self {
            index,
            environment: Arc::new(environment.clone()),
            provider,
        })
    }

    /// A new token; none where the index knows no trusted publishing.
    ///
    /// # Errors
    /// [`TrustedError`] with what the index said and what the job claims to be.
    pub async fn mint(&self) -> Result<Option<Minted>, TrustedError> {
        let Some(audience) = self.audience().await? else {
            return Ok(None);
        };
        let identity = self
            .provider
            .identity(&self.index.http, &self.environment, &audience);
        let Some(identity) = identity.await? else {
            return Ok(None);
        };
        let body = wire::mint_request(&identity);
        let request = Request::post(self.endpoint("mint-token"))
            .header("accept", "application/json")
            .header("content-type", "application/json")
            .within(PATIENCE)
            .body(Body::Bytes(body.into()));
        // Whoever gets the identity could publish with it.
        self.index.prove_identity().await?;
        let response = self.index.http.send(request).await?;
        let status = response.status();
        if matches!(status, 300..400) {
            return Err(TrustedError::Malformed { status });
        }
        let answer = response.read(ANSWER_BYTES).await?;
        let redactor = Redactor::new().with("", &identity);
        match wire::read_mint(status, &answer, Timestamp::now()) {
            Ok((token, expires)) => Ok(Some(Minted {
                token,
                expires,
                provider: self.provider.name,
            })),
            Err(refusal) => Err(refusal.into_error(
                status,
                &redactor,
                Claims::read(&identity),
                self.provider.name,
            )),
        }
    }

    async fn audience(&self) -> Result<Option<String>, TrustedError> {
        let request = Request::get(self.endpoint("audience"))
            .header("accept", "application/json")
            .within(PATIENCE);
        let response = self.index.http.send(request).await?;
        let status = response.status();
        if status == 404 {
            return Ok(None);
        }
        if status >= 500 || status == 429 {
            return Err(busy(response).await);
        }
        let answer = response.read(ANSWER_BYTES).await?;
        match wire::read_audience(status, &answer) {
            AudienceAnswer::Audience(audience) => Ok(Some(audience)),
            AudienceAnswer::Disabled => Err(TrustedError::Disabled),
            AudienceAnswer::Malformed => Err(TrustedError::Malformed { status }),
        }
    }

    /// Takes a minted token out of use, as far as the index offers it; the answer says nothing.
    pub(crate) async fn burn(&self, token: &Secret) {
        let body = wire::burn_request(token);
        let request = Request::post(self.endpoint("burn-token"))
            .header("content-type", "application/json")
            .within(BURN_PATIENCE)
            .body(Body::Bytes(body.into()));
        // The token ends by itself in minutes.
        if self.index.prove_identity().await.is_ok() {
            let _ = self.index.http.send(request).await;
        }
    }

    fn endpoint(&self, name: &str) -> Url {
        endpoint(self.index.address(), name)
    }
}

/// On the host that takes the uploads, which is where the token goes as well.
fn endpoint(address: &IndexAddress, name: &str) -> Url {
    let mut url = address.upload.clone();
    url.set_query(None);
    url.set_fragment(None);
    url.set_path(&format!("/_/oidc/{name}"));
    url
}

async fn busy(response: Response) -> TrustedError {
    let status = response.status();
    TrustedError::Busy {
        status,
        words: ServerWords::of(response, &Redactor::new()).await,
    }
}

#[cfg(test)]
mod tests;
