//! The answer to a challenge.

use pubflow_spec::Sha256;
use serde::Deserialize;

#[derive(Deserialize)]
struct Answer {
    schema: u32,
    proof: String,
}

/// The proof's bytes; none when this is no answer to a challenge.
pub(super) fn proof(body: &[u8]) -> Option<[u8; 32]> {
    let answer: Answer = serde_json::from_slice(body).ok()?;
    if answer.schema != 1 {
        return None;
    }
    // The proof has the size and the spelling of a SHA-256.
    let digest = Sha256::parse(&answer.proof).ok()?;
    Some(*digest.as_bytes())
}
