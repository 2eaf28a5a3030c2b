//! The realm's own issuer of identity tokens: it stands for the CI provider in rehearsals and tests.
//!
//! Its key is made at start and never leaves the process, so what it signed is worth nothing elsewhere.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hyper::StatusCode;
use jiff::Timestamp;
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _,
    UnparsedPublicKey,
};
use serde_json::{Map, Value};

use super::wire;
use crate::ServerError;
use crate::answer::Notice;
use crate::credential::random_hex;

/// How long an identity token is valid, in seconds.
const LIFETIME: i64 = 300;

/// An issuer with its key.
pub(crate) struct Issuer {
    url: String,
    key: EcdsaKeyPair,
}

impl Issuer {
    /// An issuer with a new key, under the realm's address.
    pub(crate) fn new(origin: &str) -> Result<Self, ServerError> {
        let random = SystemRandom::new();
        let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
        let key = EcdsaKeyPair::generate_pkcs8(algorithm, &random)
            .map_err(|_| ServerError::SigningKey)?;
        let key = EcdsaKeyPair::from_pkcs8(algorithm, key.as_ref(), &random)
            .map_err(|_| ServerError::SigningKey)?;
        Ok(Self {
            url: format!("{origin}/_/issuer"),
            key,
        })
    }

    pub(super) fn is(&self, issuer: &str) -> bool {
        issuer == self.url
    }

    /// The discovery document.
    pub(super) fn configuration(&self) -> Vec<u8> {
        wire::configuration(&self.url)
    }

    /// The public key, as a set of keys.
    pub(super) fn keys(&self) -> Vec<u8> {
        // An uncompressed point: one byte that says so, then the two coordinates.
        let (x, y) = self.key.public_key().as_ref()[1..].split_at(32);
        wire::keys(&URL_SAFE_NO_PAD.encode(x), &URL_SAFE_NO_PAD.encode(y))
    }

    /// A signed token with these claims.
    pub(super) fn sign(&self, claims: &Map<String, Value>) -> Result<String, Notice> {
        let mut claims = claims.clone();
        claims.insert("iss".to_owned(), self.url.clone().into());
        let body = serde_json::to_vec(&claims).expect("claims are texts and numbers");
        let text = format!(
            "{}.{}",
            URL_SAFE_NO_PAD.encode(wire::token_header()),
            URL_SAFE_NO_PAD.encode(body)
        );
        let signature = self
            .key
            .sign(&SystemRandom::new(), text.as_bytes())
            .map_err(|_| Notice::plain(StatusCode::INTERNAL_SERVER_ERROR))?;
        Ok(format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }

    /// Whether this issuer signed a token.
    pub(super) fn signed(&self, jwt: &str) -> bool {
        let Some((text, signature)) = jwt.rsplit_once('.') else {
            return false;
        };
        let Ok(signature) = URL_SAFE_NO_PAD.decode(signature) else {
            return false;
        };
        UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, self.key.public_key().as_ref())
            .verify(text.as_bytes(), &signature)
            .is_ok()
    }
}

/// The claims of a job on GitHub, from what the query of a request gives; the rest is filled in.
///
/// # Errors
/// A sentence for a request without an audience or with a repository that has no owner.
pub(super) fn job_claims(
    asked: &[(String, String)],
    now: Timestamp,
) -> Result<Map<String, Value>, String> {
    let given = |name: &str| {
        asked
            .iter()
            .find(|(other, _)| other == name)
            .map(|(_, value)| value.clone())
    };
    let audience = given("audience").ok_or("audience: which index is the token for?")?;
    let repository = given("repository").unwrap_or_else(|| "acme/demo".to_owned());
    let Some((owner, _)) = repository.split_once('/') else {
        return Err("repository must be OWNER/NAME".to_owned());
    };
    let workflow = given("workflow").unwrap_or_else(|| "release.yml".to_owned());
    let git_ref = given("ref").unwrap_or_else(|| "refs/tags/v1".to_owned());
    let environment = given("environment");
    let subject = environment.as_ref().map_or_else(
        || format!("repo:{repository}:ref:{git_ref}"),
        |environment| format!("repo:{repository}:environment:{environment}"),
    );
    let workflow_ref = format!("{repository}/.github/workflows/{workflow}@{git_ref}");
    let mut claims: Map<String, Value> = [
        ("aud", audience),
        ("sub", subject),
        ("repository_owner", owner.to_owned()),
        (
            "repository_owner_id",
            given("repository_owner_id").unwrap_or_else(|| "1".to_owned()),
        ),
        ("ref", git_ref),
        ("sha", given("sha").unwrap_or_else(|| "0".repeat(40))),
        ("workflow_ref", workflow_ref.clone()),
        ("job_workflow_ref", workflow_ref),
        (
            "event_name",
            given("event_name").unwrap_or_else(|| "push".to_owned()),
        ),
        ("repository", repository),
        (
            "jti",
            random_hex().map_err(|_| "the system gives no random bytes")?,
        ),
    ]
    .map(|(name, value)| (name.to_owned(), Value::String(value)))
    .into_iter()
    .collect();
    if let Some(environment) = environment {
        claims.insert("environment".to_owned(), environment.into());
    }
    let seconds = now.as_second();
    for (name, at) in [
        ("iat", seconds),
        ("nbf", seconds),
        ("exp", seconds + LIFETIME),
    ] {
        claims.insert(name.to_owned(), at.into());
    }
    Ok(claims)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_its_own_tokens_are_signed() {
        let [issuer, other] =
            ["http://127.0.0.1:1", "http://127.0.0.1:2"].map(|origin| Issuer::new(origin).unwrap());
        let asked = [("audience".to_owned(), "pypi".to_owned())];
        let claims = job_claims(&asked, Timestamp::UNIX_EPOCH).unwrap();
        let token = issuer.sign(&claims).unwrap();
        assert!(issuer.signed(&token));
        assert!(!other.signed(&token));
        let mut changed = token.clone();
        changed.replace_range(40..41, if &token[40..41] == "A" { "B" } else { "A" });
        assert!(!issuer.signed(&changed));
        assert!(!issuer.signed("garbage"));
    }
}
