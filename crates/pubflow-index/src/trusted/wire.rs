//! The answers of the endpoints for trusted publishing.

use jiff::{SignedDuration, Timestamp};
use pubflow_http::{Redactor, Secret};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use zeroize::Zeroizing;

use super::{Claims, Hint, TrustedError};

/// How long a minted token lasts where the index does not say.
const USUAL_LIFE: SignedDuration = SignedDuration::from_mins(15);

/// What the audience endpoint says.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum AudienceAnswer {
    Audience(String),
    Disabled,
    Malformed,
}

/// A no of the minting endpoint.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct MintRefusal {
    pub(super) code: Option<String>,
    pub(super) description: String,
    pub(super) hint: Hint,
}

#[derive(Serialize)]
struct TokenBody<'a> {
    token: &'a str,
}

#[derive(Deserialize)]
struct MintedBody<'a> {
    token: Option<&'a str>,
    expires: Option<i64>,
}

pub(super) fn mint_request(identity: &Secret) -> Vec<u8> {
    body_with(identity)
}

pub(super) fn burn_request(token: &Secret) -> Vec<u8> {
    body_with(token)
}

fn body_with(secret: &Secret) -> Vec<u8> {
    let body = TokenBody {
        token: secret.expose(),
    };
    serde_json::to_vec(&body).expect("a text can always be written")
}

pub(super) fn read_audience(status: u16, body: &[u8]) -> AudienceAnswer {
    match status {
        200 => {
            let answer: Option<Value> = serde_json::from_slice(body).ok();
            let audience = answer
                .as_ref()
                .and_then(|answer| answer["audience"].as_str());
            match audience.filter(|audience| !audience.is_empty()) {
                Some(audience) => AudienceAnswer::Audience(audience.to_owned()),
                None => AudienceAnswer::Malformed,
            }
        }
        403 => AudienceAnswer::Disabled,
        _ => AudienceAnswer::Malformed,
    }
}

/// The token and when it ends, or the refusal.
pub(super) fn read_mint(
    status: u16,
    body: &[u8],
    now: Timestamp,
) -> Result<(Secret, Timestamp), MintRefusal> {
    if (200..300).contains(&status) {
        return read_minted(body, now).ok_or_else(|| unreadable(Hint::Malformed));
    }
    if status >= 500 || status == 429 {
        return Err(unreadable(Hint::RetryLater));
    }
    let answer: Value = serde_json::from_slice(body).unwrap_or_default();
    let error = &answer["errors"][0];
    let Some(code) = error["code"].as_str() else {
        return Err(unreadable(Hint::Malformed));
    };
    Err(MintRefusal {
        code: Some(code.to_owned()),
        description: error["description"].as_str().unwrap_or_default().to_owned(),
        hint: Hint::for_code(code),
    })
}

fn read_minted(body: &[u8], now: Timestamp) -> Option<(Secret, Timestamp)> {
    let body: MintedBody<'_> = serde_json::from_slice(body).ok()?;
    let token = Zeroizing::new(body.token?.to_owned());
    let expires = match body.expires {
        Some(second) => Timestamp::from_second(second).ok()?,
        None => now.checked_add(USUAL_LIFE).ok()?,
    };
    Some((Secret::from_text(token.as_str()).ok()?, expires))
}

fn unreadable(hint: Hint) -> MintRefusal {
    MintRefusal {
        code: None,
        description: String::new(),
        hint,
    }
}

impl MintRefusal {
    pub(super) fn into_error(
        self,
        status: u16,
        redactor: &Redactor,
        claims: Claims,
        provider: &'static str,
    ) -> TrustedError {
        match (self.code, self.hint) {
            (None, Hint::RetryLater) => TrustedError::Busy {
                status,
                words: crate::ServerWords::default(),
            },
            (None, _) => TrustedError::Malformed { status },
            (Some(code), hint) => TrustedError::Refused {
                provider,
                code: redactor.clean(&code),
                description: redactor.clean(&self.description),
                hint,
                claims: Box::new(claims),
            },
        }
    }
}
