//! Why no token was minted, in words that name the field to look at.

use pubflow_http::HttpError;

use super::Claims;
use crate::IdentityError;
use crate::words::ServerWords;

/// Why no token was minted.
#[derive(Debug, thiserror::Error)]
pub enum TrustedError {
    /// No answer.
    #[error(transparent)]
    Http(#[from] HttpError),
    /// The index is not the one that was meant; no identity was sent.
    #[error(transparent)]
    Index(#[from] IdentityError),
    /// The CI system gave no identity.
    #[error("{provider} gave no identity token: {problem}")]
    NoIdentity {
        /// The CI system.
        provider: &'static str,
        /// What went wrong.
        problem: String,
    },
    /// The administrators of the index have switched it off.
    #[error("the index has switched trusted publishing off")]
    Disabled,
    /// The index failed or asks to wait.
    #[error(
        "the index could not mint a token now (status {status}){}",
        after_colon(words)
    )]
    Busy {
        /// Of the answer.
        status: u16,
        /// The server's own words.
        words: ServerWords,
    },
    /// An answer that is none.
    #[error("the answer of the index is not what trusted publishing answers (status {status})")]
    Malformed {
        /// Of the answer.
        status: u16,
    },
    /// The index said no.
    #[error("the index minted no token for {provider}: {description} ({code})\n{}", hint.advice(claims))]
    Refused {
        /// The CI system.
        provider: &'static str,
        /// The index's code.
        code: String,
        /// The index's words.
        description: String,
        /// What to do.
        hint: Hint,
        /// What the job claims to be.
        claims: Box<Claims>,
    },
    /// A person ended it.
    #[error("interrupted")]
    Interrupted,
}

/// What helps against a refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hint {
    /// The request was damaged on its way, or was never right.
    ClientOrProxy,
    /// Another identity token has to be asked for.
    NewIdentity,
    /// Registration and claims have to be compared.
    ShowClaims,
    /// The project is there by now: its own publisher has to be registered.
    PublisherOnProject,
    /// The index does not take this CI system now.
    SwitchedOff,
    /// It passes.
    RetryLater,
    /// The answer makes no sense.
    Malformed,
}

impl Hint {
    /// The hint for the index's code.
    pub(super) fn for_code(code: &str) -> Self {
        match code {
            "invalid-payload" => Self::ClientOrProxy,
            "invalid-token" | "invalid-reuse-token" => Self::NewIdentity,
            "invalid-publisher" => Self::ShowClaims,
            "invalid-pending-publisher" => Self::PublisherOnProject,
            "not-enabled" => Self::SwitchedOff,
            _ => Self::ClientOrProxy,
        }
    }

    fn advice(self, claims: &Claims) -> String {
        match self {
            Self::ClientOrProxy => {
                "the request did not arrive as it was sent: look at the proxies between".to_owned()
            }
            Self::NewIdentity => "run the job again: an identity token counts once and for minutes, and its clock must be right".to_owned(),
            Self::ShowClaims => claims.side_by_side(),
            Self::PublisherOnProject => "the project exists by now: register the publisher on the project's own page instead of as pending".to_owned(),
            Self::SwitchedOff => "the index does not take this CI system at present".to_owned(),
            Self::RetryLater => "run the job again".to_owned(),
            Self::Malformed => "something between here and the index answers in its place".to_owned(),
        }
    }
}

impl TrustedError {
    /// Whether the index only knows no publisher for this job, so that another credential may serve.
    #[must_use]
    pub fn is_not_registered(&self) -> bool {
        matches!(
            self,
            Self::Refused {
                hint: Hint::ShowClaims,
                ..
            }
        )
    }

    /// Whether the index or the CI system was not reached, or asks to wait.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Http(error) => error.moment().is_some(),
            Self::Busy { .. } => true,
            _ => false,
        }
    }
}

fn after_colon(words: &ServerWords) -> String {
    if words.is_empty() {
        String::new()
    } else {
        format!(": {words}")
    }
}
