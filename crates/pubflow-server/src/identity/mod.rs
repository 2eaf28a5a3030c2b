//! Proof that this is the index whose nonce was printed, given before a client sends any token.
//!
//! A port can be taken over by another process after the index has gone. A client therefore sends a random challenge
//! and compares the answer with `HMAC-SHA256(nonce, "pubflow-index\n" + origin + "\n" + challenge)`, where the origin
//! is the one that it dialled.

mod wire;

use hyper::StatusCode;

use crate::Realm;
use crate::answer::{Answer, Notice, page};
use crate::credential::keyed_digest;

/// The proof for one challenge, in lower hexadecimal.
pub(crate) fn proof(nonce: &str, origin: &str, challenge: &str) -> String {
    keyed_digest(nonce, &["pubflow-index\n", origin, "\n", challenge])
}

/// Answers `GET /_/identity?challenge=…`.
///
/// # Errors
/// A 400 when the challenge is not 64 lower hexadecimal digits: a proof over a chosen text would be worth less.
pub(crate) fn answer(
    realm: Realm,
    origin: &str,
    nonce: &str,
    query: Option<&str>,
) -> Result<Answer, Notice> {
    let challenge = query
        .unwrap_or_default()
        .split('&')
        .find_map(|pair| pair.strip_prefix("challenge="))
        .filter(|text| {
            text.len() == 64
                && text
                    .bytes()
                    .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
        })
        .ok_or_else(|| {
            Notice::refusal(
                StatusCode::BAD_REQUEST,
                "challenge must be 64 lower hexadecimal digits",
            )
        })?;
    let body = wire::identity(realm.as_str(), &proof(nonce, origin, challenge));
    Ok(page(StatusCode::OK, "application/json", body))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_proof_is_the_documented_one() {
        // Computed with Python's hmac module.
        assert_eq!(
            proof("nonce", "http://127.0.0.1:4711", &"ab".repeat(32)),
            "16e742790fa00cc4a48885ae571c60471892907c7f786c66ce73258371f2aa10"
        );
    }

    #[test]
    fn only_whole_challenges_are_answered() {
        for query in [
            None,
            Some("challenge="),
            Some("challenge=ABCD"),
            Some("other=1"),
        ] {
            let refusal = answer(Realm::Test, "http://127.0.0.1:1", "n", query).unwrap_err();
            assert_eq!(refusal.status, StatusCode::BAD_REQUEST);
        }
    }
}
