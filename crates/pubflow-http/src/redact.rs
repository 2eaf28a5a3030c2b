//! Makes words of a server fit to be shown: secrets and control characters out, length bounded.
//!
//! A server may echo a request, so every shape in which a secret was sent or may be quoted is
//! looked for: raw, percent-encoded, escaped for HTML and JSON, and inside Basic credentials.
//! Anything else that looks like an index token is removed as well.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use zeroize::Zeroizing;

use crate::Secret;

/// What stands in the place of a secret.
const MARK: &str = "[secret]";
/// A run of token characters after `pypi-` at least this long is taken for a token. Real tokens have
/// more than 100; no word of the index software comes near.
const TOKEN_CHARACTERS: usize = 16;
/// Shown at most. The longest refusal of the index software is a third of this.
const SHOWN_CHARACTERS: usize = 1200;

/// Removes known secrets from texts.
#[derive(Debug, Default)]
pub struct Redactor {
    shapes: Shapes,
}

#[derive(Default)]
struct Shapes(Vec<Zeroizing<String>>);

impl std::fmt::Debug for Shapes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} shapes", self.0.len())
    }
}

impl Redactor {
    /// Knows no secret yet; still removes what looks like a token.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a secret, as it is sent for `user`.
    #[must_use]
    pub fn with(mut self, user: &str, secret: &Secret) -> Self {
        let raw = secret.expose();
        let pair = Zeroizing::new(format!("{user}:{raw}"));
        let mut shapes = vec![
            raw.to_owned(),
            percent_encoded(raw),
            html_escaped(raw),
            json_escaped(raw),
        ];
        for text in [raw, pair.as_str()] {
            shapes.push(STANDARD.encode(text));
            shapes.push(STANDARD_NO_PAD.encode(text));
            shapes.push(URL_SAFE.encode(text));
            shapes.push(URL_SAFE_NO_PAD.encode(text));
        }
        self.shapes.0.extend(shapes.into_iter().map(Zeroizing::new));
        // Longest first: a short shape must not cut a longer one into pieces that stay.
        self.shapes
            .0
            .sort_by_key(|shape| std::cmp::Reverse(shape.len()));
        self.shapes.0.dedup();
        self
    }

    /// The length in bytes of the longest shape: a text that was cut off may end in a part of one.
    #[must_use]
    pub fn longest(&self) -> usize {
        self.shapes.0.first().map_or(0, |shape| shape.len())
    }

    /// The text without secrets, without control characters, on one line, and not longer than a
    /// screen; other characters are kept.
    #[must_use]
    pub fn clean(&self, text: &str) -> String {
        let mut text = without_controls(text);
        for shape in &self.shapes.0 {
            if text.contains(shape.as_str()) {
                text = text.replace(shape.as_str(), MARK);
            }
        }
        shortened(&without_tokens(&text))
    }
}

/// Control characters could move the cursor of a terminal, hide text or forge lines of a log; so
/// could the characters that turn the direction of writing round.
fn without_controls(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    for c in text.chars() {
        let is_turning = matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        if c.is_whitespace() {
            if !clean.ends_with(' ') && !clean.is_empty() {
                clean.push(' ');
            }
        } else if !c.is_control() && !is_turning {
            clean.push(c);
        }
    }
    clean.truncate(clean.trim_end().len());
    clean
}

fn without_tokens(text: &str) -> String {
    const PREFIX: &str = "pypi-";
    let mut clean = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(PREFIX) {
        let after = &rest[start + PREFIX.len()..];
        let length = after
            .find(|c: char| {
                !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '=' | '+' | '/'))
            })
            .unwrap_or(after.len());
        clean.push_str(&rest[..start]);
        if length >= TOKEN_CHARACTERS && !is_words(&after[..length]) {
            clean.push_str(MARK);
        } else {
            clean.push_str(&rest[start..start + PREFIX.len() + length]);
        }
        rest = &after[length..];
    }
    clean.push_str(rest);
    clean
}

/// Project names such as `pypi-attestations-models` are lower-case words; tokens never are.
fn is_words(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_lowercase() || c == '-')
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(SHOWN_CHARACTERS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

fn percent_encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

fn html_escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&#34;")
        .replace('\'', "&#39;")
}

fn json_escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    const CANARY: &str = "pypi-AgEIcHlwaS5vcmcCJDEyMzQ1Njc4-canary_value";

    fn redactor(text: &str) -> Redactor {
        Redactor::new().with("__token__", &Secret::from_text(text).unwrap())
    }

    #[test]
    fn every_shape_of_a_secret_is_removed() {
        let basic = STANDARD.encode(format!("__token__:{CANARY}"));
        let url_basic = URL_SAFE_NO_PAD.encode(format!("__token__:{CANARY}"));
        for shape in [CANARY, &basic, &url_basic, &STANDARD.encode(CANARY)] {
            let shown = redactor(CANARY).clean(&format!("you sent `{shape}`!"));
            assert_eq!(shown, "you sent `[secret]`!");
        }
        let odd = "p&ss\"w<r d";
        for shape in ["p%26ss%22w%3Cr+d", "p&amp;ss&#34;w&lt;r d", "p&ss\\\"w<r d"] {
            assert_eq!(redactor(odd).clean(&format!("<{shape}>")), "<[secret]>");
        }
    }

    #[test]
    fn a_secret_broken_up_by_control_characters_is_removed_too() {
        let broken = format!("{}\u{0}{}", &CANARY[..20], &CANARY[20..]);
        assert_eq!(redactor(CANARY).clean(&broken), "[secret]");
    }

    #[test]
    fn foreign_tokens_go_and_project_names_stay() {
        let redactor = Redactor::new();
        assert_eq!(redactor.clean(&format!("echo {CANARY}.")), "echo [secret].");
        assert_eq!(
            redactor.clean("project 'pypi-attestation-models' is new"),
            "project 'pypi-attestation-models' is new"
        );
    }

    #[test]
    fn control_characters_are_cleaned_and_length_is_bounded() {
        let redactor = Redactor::new();
        assert_eq!(
            redactor.clean("a\u{1b}[31m\r\n\tb\u{202e}c\u{7}  d "),
            "a[31m bc d"
        );
        assert_eq!(redactor.clean(&"é".repeat(5000)).chars().count(), 1201);
    }

    #[test]
    fn debug_shows_no_shape() {
        assert!(!format!("{:?}", redactor(CANARY)).contains("canary"));
    }
}
