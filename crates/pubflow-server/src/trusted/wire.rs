//! The JSON shapes of trusted publishing.

use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
struct Payload {
    token: String,
}

#[derive(Serialize)]
struct Audience {
    audience: &'static str,
}

#[derive(Serialize)]
struct Message<'a> {
    message: &'a str,
}

#[derive(Serialize)]
struct Minted<'a> {
    success: bool,
    token: &'a str,
    expires: i64,
}

#[derive(Serialize)]
struct Refused<'a> {
    message: &'static str,
    errors: [RefusalError<'a>; 1],
}

#[derive(Serialize)]
struct RefusalError<'a> {
    code: &'a str,
    description: &'a str,
}

#[derive(Serialize)]
struct Issued<'a> {
    value: &'a str,
}

#[derive(Serialize)]
struct Configuration<'a> {
    issuer: &'a str,
    jwks_uri: String,
    id_token_signing_alg_values_supported: [&'static str; 1],
}

#[derive(Serialize)]
struct Keys<'a> {
    keys: [Key<'a>; 1],
}

#[derive(Serialize)]
struct Key<'a> {
    kty: &'static str,
    crv: &'static str,
    alg: &'static str,
    #[serde(rename = "use")]
    purpose: &'static str,
    kid: &'static str,
    x: &'a str,
    y: &'a str,
}

#[derive(Serialize)]
struct TokenHeader {
    alg: &'static str,
    typ: &'static str,
    kid: &'static str,
}

#[derive(Serialize)]
struct Empty {}

/// There is one key in the life of an issuer.
const KEY_ID: &str = "1";

/// The token in the body of a request.
///
/// # Errors
/// What is wrong with the body.
pub(super) fn payload(body: &[u8]) -> Result<String, String> {
    serde_json::from_slice::<Payload>(body)
        .map(|payload| payload.token)
        .map_err(|error| error.to_string())
}

pub(super) fn audience(audience: &'static str) -> Vec<u8> {
    bytes(&Audience { audience })
}

pub(super) fn message(message: &str) -> Vec<u8> {
    bytes(&Message { message })
}

pub(super) fn minted(token: &str, expires: i64) -> Vec<u8> {
    bytes(&Minted {
        success: true,
        token,
        expires,
    })
}

pub(super) fn refused(code: &str, description: &str) -> Vec<u8> {
    bytes(&Refused {
        message: "Token request failed",
        errors: [RefusalError { code, description }],
    })
}

pub(super) fn burnt() -> Vec<u8> {
    bytes(&Empty {})
}

pub(super) fn issued(token: &str) -> Vec<u8> {
    bytes(&Issued { value: token })
}

pub(super) fn configuration(issuer: &str) -> Vec<u8> {
    bytes(&Configuration {
        issuer,
        jwks_uri: format!("{issuer}/jwks"),
        id_token_signing_alg_values_supported: ["ES256"],
    })
}

pub(super) fn keys(x: &str, y: &str) -> Vec<u8> {
    bytes(&Keys {
        keys: [Key {
            kty: "EC",
            crv: "P-256",
            alg: "ES256",
            purpose: "sig",
            kid: KEY_ID,
            x,
            y,
        }],
    })
}

pub(super) fn token_header() -> Vec<u8> {
    bytes(&TokenHeader {
        alg: "ES256",
        typ: "JWT",
        kid: KEY_ID,
    })
}

fn bytes(body: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(body).expect("the shapes hold texts and numbers only")
}
