//! What a token says about itself, read offline: where it is valid, for which projects, and until when.
//!
//! PyPI's tokens are macaroons of version 2 in binary form: `pypi-`, then base64. Tokens of the
//! embedded index look alike but hold a text. Nothing here proves anything; it only keeps a token
//! from being sent where it cannot be meant for.
//!
//! Spec: libmacaroons' binary format, version 2; the caveats of the index software.

mod narrow;
mod wire;

use std::fmt;

use base64::Engine as _;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use jiff::{SignedDuration, Timestamp};
use pubflow_http::Secret;
use pubflow_spec::ProjectName;
use zeroize::Zeroizing;

use crate::known::Known;

pub use narrow::{NarrowError, narrow};

const PREFIX: &str = "pypi-";
/// What the text of an embedded index's token begins with.
const EMBEDDED: &str = "pubflow embedded index";

/// Where a token is valid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Instance {
    /// A public index.
    Known(Known),
    /// An embedded index.
    Embedded {
        /// The realm it names.
        realm: String,
    },
    /// Another server that runs PyPI's software.
    Elsewhere {
        /// The domain it names.
        location: String,
    },
    /// It does not say.
    Opaque,
}

/// What a token says about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenFacts {
    /// Where it is valid.
    pub instance: Instance,
    /// In normalised form; none when it is not limited to projects by name.
    pub projects: Option<Vec<String>>,
    /// When it ends.
    pub expires: Option<Timestamp>,
    /// When it begins.
    pub not_before: Option<Timestamp>,
}

/// Why the index will refuse a token.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TokenProblem {
    /// It has ended.
    #[error("the token expired at {at}")]
    Expired {
        /// When.
        at: Timestamp,
    },
    /// It has not begun.
    #[error("the token is not valid before {at}")]
    NotYetValid {
        /// When it begins.
        at: Timestamp,
    },
    /// It is limited to other projects.
    #[error("the token is only valid for `{}`", allowed.join("`, `"))]
    OtherProject {
        /// The projects it is limited to.
        allowed: Vec<String>,
    },
}

impl TokenFacts {
    /// Reads what can be read; anything else is [`Instance::Opaque`] without limits.
    #[must_use]
    pub fn read(secret: &Secret) -> Self {
        let opaque = Self {
            instance: Instance::Opaque,
            projects: None,
            expires: None,
            not_before: None,
        };
        let Some(encoded) = secret.expose().strip_prefix(PREFIX) else {
            return opaque;
        };
        let Some(bytes) = decode(encoded) else {
            return opaque;
        };
        if let Some(realm) = embedded_realm(&bytes) {
            let instance = Instance::Embedded { realm };
            return Self { instance, ..opaque };
        }
        match Macaroon::read(&bytes) {
            Some(macaroon) => macaroon.facts(),
            None => opaque,
        }
    }

    /// Why the index will refuse the token for this project; none when nothing speaks against it.
    #[must_use]
    pub fn problem(&self, project: &ProjectName, now: Timestamp) -> Option<TokenProblem> {
        self.problem_within(Some(project), now, SignedDuration::ZERO)
    }

    /// The same where the project may not be known, and where the clock of this machine may be wrong
    /// by `skew`.
    #[must_use]
    pub fn problem_within(
        &self,
        project: Option<&ProjectName>,
        now: Timestamp,
        skew: SignedDuration,
    ) -> Option<TokenProblem> {
        let has_ended = |at: &Timestamp| now.duration_since(*at) >= skew;
        if let Some(at) = self.expires.filter(has_ended) {
            return Some(TokenProblem::Expired { at });
        }
        let is_to_come = |at: &Timestamp| at.duration_since(now) > skew;
        if let Some(at) = self.not_before.filter(is_to_come) {
            return Some(TokenProblem::NotYetValid { at });
        }
        let (project, allowed) = (project?, self.projects.as_ref()?);
        let is_allowed = allowed.iter().any(|name| name == project.normalized());
        (!is_allowed).then(|| TokenProblem::OtherProject {
            allowed: allowed.clone(),
        })
    }
}

impl fmt::Display for Instance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known(known) => f.write_str(known.title()),
            Self::Embedded { realm } => write!(f, "an embedded index ({realm})"),
            Self::Elsewhere { location } => write!(f, "`{location}`"),
            Self::Opaque => f.write_str("an index that it does not name"),
        }
    }
}

/// Tokens are base64 in the URL alphabet; padding and the other alphabet have been seen as well.
fn decode(encoded: &str) -> Option<Zeroizing<Vec<u8>>> {
    let lenient = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    let alphabet = if encoded.contains(['+', '/']) {
        base64::alphabet::STANDARD
    } else {
        base64::alphabet::URL_SAFE
    };
    let engine = GeneralPurpose::new(&alphabet, lenient);
    engine.decode(encoded).ok().map(Zeroizing::new)
}

fn embedded_realm(bytes: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(bytes).ok()?;
    let after = text.strip_prefix(EMBEDDED)?;
    let realm = after
        .trim_start_matches([',', ' '])
        .split(',')
        .next()
        .unwrap_or_default();
    // What follows the realm is the secret part.
    Some(realm.chars().filter(|c| !c.is_control()).take(40).collect())
}

/// The readable parts of a macaroon.
struct Macaroon<'a> {
    location: &'a str,
    caveats: Vec<&'a [u8]>,
}

/// The field types of the binary format.
mod field {
    pub(super) const END: u64 = 0;
    pub(super) const LOCATION: u64 = 1;
    pub(super) const IDENTIFIER: u64 = 2;
    pub(super) const SIGNATURE: u64 = 6;
}

impl<'a> Macaroon<'a> {
    fn read(bytes: &'a [u8]) -> Option<Self> {
        let (2, mut rest) = bytes
            .split_first()
            .map(|(version, rest)| (*version, rest))?
        else {
            return None;
        };
        let mut location = None;
        while let Some((kind, content)) = read_field(&mut rest)? {
            if kind == field::LOCATION {
                location = std::str::from_utf8(content).ok();
            }
        }
        let mut caveats = Vec::new();
        // Each caveat is a section of its own; an empty section ends the list.
        loop {
            let mut is_empty = true;
            while let Some((kind, content)) = read_field(&mut rest)? {
                is_empty = false;
                if kind == field::IDENTIFIER {
                    caveats.push(content);
                }
            }
            if is_empty {
                break;
            }
        }
        Some(Self {
            location: location?,
            caveats,
        })
    }

    fn facts(&self) -> TokenFacts {
        let instance = match Known::by_token_location(self.location) {
            Some(known) => Instance::Known(known),
            None => Instance::Elsewhere {
                location: self
                    .location
                    .chars()
                    .filter(|c| !c.is_control())
                    .take(80)
                    .collect(),
            },
        };
        let mut facts = TokenFacts {
            instance,
            projects: None,
            expires: None,
            not_before: None,
        };
        for caveat in &self.caveats {
            wire::read_caveat(caveat, &mut facts);
        }
        facts
    }
}

/// One field: type, length, content; `Some(None)` at the end of a section.
#[expect(
    clippy::option_option,
    reason = "the outer one means damaged, the inner one the end of a section"
)]
fn read_field<'a>(rest: &mut &'a [u8]) -> Option<Option<(u64, &'a [u8])>> {
    let kind = read_number(rest)?;
    if kind == field::END {
        return Some(None);
    }
    let length = usize::try_from(read_number(rest)?).ok()?;
    let (content, after) = rest.split_at_checked(length)?;
    *rest = after;
    Some(Some((kind, content)))
}

/// A number in groups of seven bits, the lowest first.
fn read_number(rest: &mut &[u8]) -> Option<u64> {
    let mut number = 0_u64;
    for shift in (0..63).step_by(7) {
        let (byte, after) = rest.split_first()?;
        *rest = after;
        number |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    use super::*;
    use crate::known;

    fn token(location: &str, caveats: &[&str]) -> Secret {
        let mut bytes = vec![2];
        let mut push = |kind: u8, content: &[u8]| {
            bytes.push(kind);
            let length = content.len();
            if length > 127 {
                bytes.push(u8::try_from(length & 0x7f).unwrap() | 0x80);
                bytes.push(u8::try_from(length >> 7).unwrap());
            } else {
                bytes.push(u8::try_from(length).unwrap());
            }
            bytes.extend_from_slice(content);
        };
        push(1, location.as_bytes());
        push(2, b"11111111-2222-3333-4444-555555555555");
        let mut bytes = {
            bytes.push(0);
            bytes
        };
        for caveat in caveats {
            bytes.push(2);
            bytes.push(u8::try_from(caveat.len()).unwrap());
            bytes.extend_from_slice(caveat.as_bytes());
            bytes.push(0);
        }
        bytes.push(0);
        bytes.extend_from_slice(&[6, 2, 9, 9]);
        Secret::from_text(format!("pypi-{}", URL_SAFE_NO_PAD.encode(bytes))).unwrap()
    }

    fn location(of: Known) -> String {
        of.address().web.unwrap().host_str().unwrap().to_owned()
    }

    #[test]
    fn a_token_names_its_instance() {
        for known in known::KNOWN {
            let facts = TokenFacts::read(&token(&location(known), &[]));
            assert_eq!(facts.instance, Instance::Known(known));
            assert_eq!(facts.projects, None);
        }
        let facts = TokenFacts::read(&token("localhost", &[]));
        let location = "localhost".to_owned();
        assert_eq!(facts.instance, Instance::Elsewhere { location });
    }

    #[test]
    fn scope_and_time_are_read_from_arrays_and_from_old_objects() {
        let project = ProjectName::parse("My.Demo").unwrap();
        let now: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
        let problem = |caveats: &[&str]| {
            TokenFacts::read(&token(&location(Known::Pypi), caveats)).problem(&project, now)
        };
        assert_eq!(
            problem(&[r#"[1, ["my-demo", "other"]]"#, "[3, \"u\"]"]),
            None
        );
        let allowed = vec!["other".to_owned()];
        let other = Some(TokenProblem::OtherProject { allowed });
        assert_eq!(problem(&[r#"[1, ["other"]]"#]), other);
        assert_eq!(
            problem(&[r#"{"version": 1, "permissions": {"projects": ["other"]}}"#]),
            other
        );
        assert_eq!(problem(&[r#"{"version": 1, "permissions": "user"}"#]), None);
        // A later caveat can only narrow.
        assert_eq!(
            problem(&[r#"[1, ["my-demo"]]"#, r#"[1, ["other"]]"#]),
            Some(TokenProblem::OtherProject { allowed: vec![] })
        );
        let second = now.as_second();
        assert_eq!(
            problem(&[&format!("[0, {second}, 0]")]),
            Some(TokenProblem::Expired { at: now })
        );
        assert_eq!(problem(&[&format!("[0, {}, {second}]", second + 1)]), None);
        assert!(matches!(
            problem(&[&format!("[0, {}, {}]", second + 9, second + 5)]),
            Some(TokenProblem::NotYetValid { .. })
        ));
        assert!(matches!(
            problem(&[r#"{"nbf": 0, "exp": 5}"#]),
            Some(TokenProblem::Expired { .. })
        ));
    }

    #[test]
    fn tokens_of_the_embedded_index_name_their_realm_and_nothing_else() {
        let text = "pubflow embedded index, test realm, 0123canary";
        let secret = format!("pypi-{}", URL_SAFE_NO_PAD.encode(text));
        let facts = TokenFacts::read(&Secret::from_text(secret).unwrap());
        let realm = "test realm".to_owned();
        assert_eq!(facts.instance, Instance::Embedded { realm });
        assert!(!format!("{facts:?}").contains("canary"));
    }

    #[test]
    fn every_damaged_token_is_opaque_or_read_without_panic() {
        let whole = token(&location(Known::Pypi), &["[0, 1, 2]"]);
        let encoded = whole.expose();
        let mut n_opaque = 0;
        for end in 0..encoded.len() {
            let Ok(secret) = Secret::from_text(&encoded[..end]) else {
                continue;
            };
            n_opaque += usize::from(TokenFacts::read(&secret).instance == Instance::Opaque);
        }
        // All but the last few cuts, which only damage the signature.
        assert!(n_opaque > encoded.len() - 12, "{n_opaque}");
        for text in [
            "pypi-",
            "pypi-!!!",
            "hunter2",
            "pypi-Av____________________8",
        ] {
            let facts = TokenFacts::read(&Secret::from_text(text).unwrap());
            assert_eq!(facts.instance, Instance::Opaque, "{text}");
        }
    }
}
