//! Narrows a token by adding caveats to it: whoever gets the narrowed one can do less than its owner.
//!
//! A macaroon carries a chain of HMACs; anybody who holds it can add a caveat and none can be taken
//! away. The index need not be asked.
//!
//! Spec: libmacaroons' binary format, version 2, first-party caveats.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::Timestamp;
use pubflow_http::Secret;
use pubflow_spec::ProjectName;
use sha2::Sha256;
use zeroize::Zeroizing;

use super::{Macaroon, PREFIX, decode, embedded_realm, field, wire};

/// Why a token cannot be narrowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NarrowError {
    /// It is a token of a form that carries no caveats.
    #[error("the token is of a form that cannot be narrowed; only PyPI's can")]
    NoMacaroon,
}

/// A token that is valid for one project only, or until a time only, or both.
///
/// # Errors
/// [`NarrowError::NoMacaroon`].
pub fn narrow(
    token: &Secret,
    project: Option<&ProjectName>,
    until: Option<(Timestamp, Timestamp)>,
) -> Result<Secret, NarrowError> {
    let encoded = token.expose().strip_prefix(PREFIX);
    let bytes = encoded.and_then(decode).ok_or(NarrowError::NoMacaroon)?;
    if embedded_realm(&bytes).is_some() || Macaroon::read(&bytes).is_none() {
        return Err(NarrowError::NoMacaroon);
    }
    let (body, signature) = signed(&bytes).ok_or(NarrowError::NoMacaroon)?;
    let mut narrowed = Zeroizing::new(body.to_vec());
    let mut signature = Zeroizing::new(signature.to_vec());
    let caveats = project
        .map(wire::project_caveat)
        .into_iter()
        .chain(until.map(|(begin, end)| wire::time_caveat(begin, end)));
    for caveat in caveats {
        let mut chain =
            Hmac::<Sha256>::new_from_slice(&signature).expect("HMAC takes keys of every length");
        chain.update(caveat.as_bytes());
        signature = Zeroizing::new(chain.finalize().into_bytes().to_vec());
        push_field(&mut narrowed, field::IDENTIFIER, caveat.as_bytes());
        narrowed.push(0);
    }
    narrowed.push(0);
    push_field(&mut narrowed, field::SIGNATURE, &signature);
    let text = Zeroizing::new(format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(&*narrowed)));
    Ok(Secret::from_text(text.as_str()).expect("base64 holds no control character"))
}

/// Everything before the empty section that ends the caveats, and the signature after it.
fn signed(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    const SIGNATURE_BYTES: usize = 32;
    let begin = bytes.len().checked_sub(SIGNATURE_BYTES + 3)?;
    let (body, rest) = bytes.split_at(begin);
    match rest {
        [0, kind, length, signature @ ..]
            if u64::from(*kind) == field::SIGNATURE && usize::from(*length) == SIGNATURE_BYTES =>
        {
            Some((body, signature))
        }
        _ => None,
    }
}

fn push_field(to: &mut Vec<u8>, kind: u64, content: &[u8]) {
    push_number(to, kind);
    push_number(to, content.len() as u64);
    to.extend_from_slice(content);
}

/// Groups of seven bits, the lowest first.
fn push_number(to: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        to.push(u8::try_from(number & 0x7f).unwrap_or_default() | 0x80);
        number >>= 7;
    }
    to.push(u8::try_from(number).unwrap_or_default());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::credential::{TokenFacts, TokenProblem};

    fn root() -> Secret {
        let mut bytes = vec![2];
        push_field(&mut bytes, field::LOCATION, b"index.example");
        push_field(&mut bytes, field::IDENTIFIER, b"id");
        bytes.push(0);
        push_field(&mut bytes, field::IDENTIFIER, br#"[3, "user"]"#);
        bytes.extend_from_slice(&[0, 0]);
        push_field(&mut bytes, field::SIGNATURE, &[7; 32]);
        Secret::from_text(format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(bytes))).unwrap()
    }

    #[test]
    fn a_narrowed_token_says_so_of_itself() {
        let (demo, other) = (
            ProjectName::parse("My_Demo").unwrap(),
            ProjectName::parse("other").unwrap(),
        );
        let now: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
        let end: Timestamp = "2026-02-01T00:00:00Z".parse().unwrap();
        let narrowed = narrow(&root(), Some(&demo), Some((now, end))).unwrap();
        let facts = TokenFacts::read(&narrowed);
        assert_eq!(facts.problem(&demo, now), None);
        assert_eq!(
            facts.problem(&demo, end),
            Some(TokenProblem::Expired { at: end })
        );
        let allowed = vec!["my-demo".to_owned()];
        assert_eq!(
            facts.problem(&other, now),
            Some(TokenProblem::OtherProject { allowed })
        );
    }

    /// The values were computed by pymacaroons 0.13.0.
    #[test]
    fn the_chain_of_signatures_is_the_one_that_servers_compute() {
        let demo = ProjectName::parse("demo").unwrap();
        let narrowed = narrow(&root(), Some(&demo), None).unwrap();
        let bytes = decode(narrowed.expose().strip_prefix(PREFIX).unwrap()).unwrap();
        let signature: String = bytes[bytes.len() - 32..]
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        assert_eq!(
            signature,
            "3d5657c2aadca4bba55260bd808d6ae5120464f453095d5d7b80e2bbb90c2554"
        );
    }

    #[test]
    fn other_tokens_cannot_be_narrowed() {
        let embedded = URL_SAFE_NO_PAD.encode("pubflow embedded index, test realm, 00");
        for text in ["glpat-abc", "pypi-AAAA", &format!("pypi-{embedded}")] {
            let token = Secret::from_text(text).unwrap();
            assert_eq!(
                narrow(&token, None, None).unwrap_err(),
                NarrowError::NoMacaroon
            );
        }
    }
}
