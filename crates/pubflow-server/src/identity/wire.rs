//! The JSON shape of the proof.

use serde::Serialize;

#[derive(Serialize)]
struct Identity<'a> {
    schema: u32,
    realm: &'a str,
    proof: &'a str,
}

pub(super) fn identity(realm: &str, proof: &str) -> Vec<u8> {
    serde_json::to_vec(&Identity {
        schema: 1,
        realm,
        proof,
    })
    .expect("strings always serialise")
}
