//! The one type that holds a token or a password.
//!
//! It has no `Display` and no serialisation, its `Debug` shows nothing, and its memory is wiped.
//! Taking it out of texts that servers send is left to [`crate::Redactor`].

use std::fmt;
use std::sync::Arc;

use zeroize::Zeroizing;

/// A token or password. Cloning shares the one copy in memory.
#[derive(Clone)]
pub struct Secret {
    text: Arc<Zeroizing<String>>,
}

/// Why a text cannot be a secret. The text itself is never part of the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SecretError {
    /// Nothing is left after removing the white space around it.
    #[error("the token is empty")]
    Empty,
    /// A control character inside it: usually two lines pasted as one token.
    #[error("the token holds a control character at position {position}")]
    ControlCharacter {
        /// Counted in characters from 1.
        position: usize,
    },
}

impl Secret {
    /// Takes over a text, without the white space around it that pasting leaves behind.
    ///
    /// # Errors
    /// [`SecretError`] when nothing is left, or when it could not be sent in a header.
    pub fn from_text(text: impl Into<String>) -> Result<Self, SecretError> {
        let given = Zeroizing::new(text.into());
        let trimmed = given.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
        if trimmed.is_empty() {
            return Err(SecretError::Empty);
        }
        if let Some(index) = trimmed.chars().position(char::is_control) {
            return Err(SecretError::ControlCharacter {
                position: index + 1,
            });
        }
        Ok(Self {
            text: Arc::new(Zeroizing::new(trimmed.to_owned())),
        })
    }

    /// The text itself, for the request that sends it and for reading a token's public parts.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.text
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_around_a_pasted_token_is_removed() {
        let secret = Secret::from_text(" \tpypi-canary\r\n").unwrap();
        assert_eq!(secret.expose(), "pypi-canary");
        assert_eq!(
            Secret::from_text("\u{feff}a b\u{a0}").unwrap().expose(),
            "a b"
        );
    }

    #[test]
    fn an_empty_or_two_line_token_is_refused_without_being_shown() {
        assert_eq!(Secret::from_text(" \n").unwrap_err(), SecretError::Empty);
        let error = Secret::from_text("canary-one\ncanary-two").unwrap_err();
        assert_eq!(error, SecretError::ControlCharacter { position: 11 });
        assert!(!error.to_string().contains("canary"));
    }

    #[test]
    fn debug_shows_nothing() {
        let secret = Secret::from_text("pypi-canary").unwrap();
        assert_eq!(
            format!("{secret:?} {:#?}", Some(&secret)).find("canary"),
            None
        );
    }
}
