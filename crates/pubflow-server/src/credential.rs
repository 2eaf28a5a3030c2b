//! Tokens of the embedded index: how they are made, recognised and read from a request.
//!
//! A token looks like PyPI's (`pypi-` and URL-safe base64) but its text begins with the name of the realm, so it can
//! never be taken for a real one. Only digests of tokens are compared, which takes the same time for every guess.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use hyper::header::{self, HeaderMap};
use sha2::{Digest as _, Sha256};

use crate::answer::{Notice, header_text};
use crate::refusal::by_rule;
use crate::{Realm, ServerError};

/// Fills a text with as many random bytes as SHA-256 has, in lower hex.
pub(crate) fn random_hex() -> Result<String, ServerError> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).map_err(ServerError::Random)?;
    Ok(hex(&bytes))
}

/// Lower hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes
        .iter()
        .flat_map(|byte| {
            [
                DIGITS[usize::from(byte >> 4)],
                DIGITS[usize::from(byte & 15)],
            ]
        })
        .map(char::from)
        .collect()
}

/// A new upload token of a realm.
pub(crate) fn new_token(realm: Realm) -> Result<String, ServerError> {
    let text = format!("pubflow embedded index, {realm} realm, {}", random_hex()?);
    Ok(format!("pypi-{}", URL_SAFE_NO_PAD.encode(text)))
}

/// Whether two secrets are equal, without telling by time where they differ.
pub(crate) fn same(given: &str, expected: &str) -> bool {
    Sha256::digest(given.as_bytes()) == Sha256::digest(expected.as_bytes())
}

/// HMAC-SHA256 over the joined parts, in lower hexadecimal.
pub(crate) fn keyed_digest(key: &str, parts: &[&str]) -> String {
    let mut mac =
        Hmac::<Sha256>::new_from_slice(key.as_bytes()).expect("HMAC takes keys of every length");
    for part in parts {
        mac.update(part.as_bytes());
    }
    hex(&mac.finalize().into_bytes())
}

/// What a request says about who sends it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scheme {
    /// `Basic`, whose user name and password are separated.
    Basic,
    /// `Bearer` or `token`.
    Bearer,
}

/// The token of a request's `Authorization` header.
///
/// # Errors
/// The refusal of R016 for a user name that is not `__token__`, of R017 for everything that is no credential.
pub(crate) fn token_of(headers: &HeaderMap, origin: &str) -> Result<String, Notice> {
    let (scheme, value) = header_text(headers, header::AUTHORIZATION)
        .and_then(scheme_and_value)
        .ok_or_else(|| invalid(origin))?;
    if scheme == Scheme::Bearer {
        return Ok(value.to_owned());
    }
    let decoded = STANDARD.decode(value.trim()).map_err(|_| invalid(origin))?;
    let text = String::from_utf8(decoded).map_err(|_| invalid(origin))?;
    let (user, password) = text.split_once(':').ok_or_else(|| invalid(origin))?;
    if user != "__token__" {
        return Err(passwords_are_gone(origin));
    }
    // White space around a pasted token is forgiven here and only here, as on PyPI.
    Ok(password.trim().to_owned())
}

fn scheme_and_value(text: &str) -> Option<(Scheme, &str)> {
    let (word, value) = text.split_once(' ')?;
    match word.to_ascii_lowercase().as_str() {
        "basic" => Some((Scheme::Basic, value)),
        "bearer" | "token" => Some((Scheme::Bearer, value)),
        _ => None,
    }
}

/// R017 and R018: no credential, or one that nobody was given.
pub(crate) fn invalid(origin: &str) -> Notice {
    by_rule(origin, "R017", &[])
}

/// R016; PyPI says it in the reason phrase alone.
fn passwords_are_gone(origin: &str) -> Notice {
    by_rule(origin, "R016", &[]).without_detail()
}

#[cfg(test)]
mod tests {
    use super::*;
    use hyper::StatusCode;
    use hyper::header::HeaderValue;

    #[track_caller]
    fn check(value: &str, expected: Result<&str, &str>) {
        let headers =
            HeaderMap::from_iter([(header::AUTHORIZATION, HeaderValue::from_str(value).unwrap())]);
        let found = token_of(&headers, "http://127.0.0.1:1");
        match expected {
            Ok(token) => assert_eq!(found.as_deref().ok(), Some(token), "{value}"),
            Err(words) => {
                let refusal = found.unwrap_err();
                assert_eq!(refusal.status, StatusCode::FORBIDDEN);
                assert!(
                    refusal.words().starts_with(words),
                    "{value}: {}",
                    refusal.words()
                );
            }
        }
    }

    fn basic(text: &str) -> String {
        format!("Basic {}", STANDARD.encode(text))
    }

    #[test]
    fn the_three_ways_to_send_a_token() {
        check(&basic("__token__: pypi-x\n"), Ok("pypi-x"));
        check("Bearer pypi-x", Ok("pypi-x"));
        check("token pypi-x", Ok("pypi-x"));
        // PyPI takes the second blank for a part of the token.
        check("Bearer  pypi-x", Ok(" pypi-x"));
    }

    #[test]
    fn what_is_no_credential() {
        for value in [
            "Digest x=y",
            "Basic !!!",
            "Bearer",
            "pypi-x",
            &basic("no colon"),
        ] {
            check(value, Err("Invalid or non-existent"));
        }
        check(&basic("alice:secret"), Err("Username/Password"));
    }

    #[test]
    fn tokens_name_the_embedded_realm() {
        let token = new_token(Realm::Test).unwrap();
        let text = URL_SAFE_NO_PAD
            .decode(token.strip_prefix("pypi-").unwrap())
            .unwrap();
        assert!(text.starts_with(b"pubflow embedded index, test realm, "));
        assert_ne!(token, new_token(Realm::Test).unwrap());
    }
}
