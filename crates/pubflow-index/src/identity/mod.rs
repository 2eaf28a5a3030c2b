//! Proves that an embedded index is the one whose nonce is known, before a token is sent to it.
//!
//! The client sends a random challenge; the index answers with an HMAC over the challenge and its
//! own origin, keyed with the nonce it printed at its start. A program that took over the port
//! knows no nonce, and one that passes messages on has another origin.

mod wire;

use std::time::Duration;

use hmac::{Hmac, KeyInit as _, Mac as _};
use pubflow_http::{HttpError, Request};
use sha2::Sha256;
use tokio::time::Instant;

use crate::kind::Identity;
use crate::{Index, IndexName, Retry};

/// Long enough for the files of a release to share one proof, too short for another program to take
/// over the port of an index that ended unnoticed.
const PROOF_LASTS: Duration = Duration::from_secs(5);
/// An answer is far shorter than this.
const ANSWER_BYTES: u64 = 4096;

/// Why an index is not taken for the one that was meant. No token was sent.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// The nonce is not known.
    #[error(
        "the nonce of the embedded index `{index}` is not known; set PUBFLOW_INDEX_{}_NONCE to the one that `pubflow index serve` printed",
        index.in_environment()
    )]
    NoNonce {
        /// What the user calls it.
        index: IndexName,
    },
    /// No answer.
    #[error(transparent)]
    Http(#[from] HttpError),
    /// Something answers that knows no challenges.
    #[error("what answers for `{index}` is no embedded index (status {status})")]
    NoEmbeddedIndex {
        /// What the user calls it.
        index: IndexName,
        /// Of the answer.
        status: u16,
    },
    /// An embedded index answers, but another one than was configured.
    #[error(
        "another embedded index than the configured one answers for `{index}`; its nonce differs"
    )]
    WrongProof {
        /// What the user calls it.
        index: IndexName,
    },
    /// The system gives no random numbers.
    #[error("no random challenge can be made on this machine")]
    NoRandomness,
}

impl IdentityError {
    /// Whether asking again can help.
    #[must_use]
    pub fn retry(&self) -> Retry {
        match self {
            Self::Http(error) => match error.moment() {
                Some(_) => Retry::Transient { after: None },
                None => Retry::Permanent,
            },
            Self::NoNonce { .. }
            | Self::NoEmbeddedIndex { .. }
            | Self::WrongProof { .. }
            | Self::NoRandomness => Retry::Permanent,
        }
    }
}

impl Index {
    /// Makes sure that the index is the one that was meant, unless it has shown it a moment ago.
    /// Kinds that prove themselves by their address need no exchange.
    ///
    /// # Errors
    /// [`IdentityError`]; nothing may be sent to the index then.
    pub async fn prove_identity(&self) -> Result<(), IdentityError> {
        match self.address.kind.row().identity {
            Identity::Address => Ok(()),
            Identity::Proof => {
                // Held while asking, so that parallel uploads ask once.
                let mut proven = self.proven.lock().await;
                if proven.is_none_or(|at| at.elapsed() > PROOF_LASTS) {
                    *proven = None;
                    self.challenge().await?;
                    *proven = Some(Instant::now());
                }
                Ok(())
            }
        }
    }

    /// What listens on the port after a lost connection may be another program.
    pub(crate) async fn forget_identity(&self) {
        *self.proven.lock().await = None;
    }

    async fn challenge(&self) -> Result<(), IdentityError> {
        let index = || self.address.name.clone();
        let Some(nonce) = &self.address.nonce else {
            return Err(IdentityError::NoNonce { index: index() });
        };
        let mut bytes = [0_u8; 32];
        getrandom::fill(&mut bytes).map_err(|_| IdentityError::NoRandomness)?;
        let challenge = pubflow_spec::Sha256::of(&bytes).to_string();
        let origin = self.address.upload_origin().map_err(HttpError::from)?;
        let mut url = self.address.beside_upload("_/identity");
        url.set_query(Some(&format!("challenge={challenge}")));

        let response = self.http.send(Request::get(url)).await?;
        let status = response.status();
        let answer = response.read(ANSWER_BYTES).await?;
        let proof = match status {
            200 => wire::proof(&answer),
            _ => None,
        };
        let Some(proof) = proof else {
            return Err(IdentityError::NoEmbeddedIndex {
                index: index(),
                status,
            });
        };
        let mut expected = Hmac::<Sha256>::new_from_slice(nonce.expose().as_bytes())
            .expect("HMAC takes keys of every length");
        expected.update(format!("pubflow-index\n{origin}\n{challenge}").as_bytes());
        expected
            .verify_slice(&proof)
            .map_err(|_| IdentityError::WrongProof { index: index() })
    }
}
