//! One digest as a value. Text form: lower-case hexadecimal.

use std::fmt;
use std::str::FromStr;

use blake2::Blake2b;
use blake2::digest::consts::U32;
use sha2::Digest as _;

use crate::syntax::{Expectation, SyntaxError};

/// Why a text is no digest.
pub type DigestError = SyntaxError<DigestExpected>;

/// What a digest was expected to have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DigestExpected {
    /// Another hexadecimal digit, of so many in all.
    HexDigit(usize),
    /// The end, after so many digits.
    End(usize),
}

impl fmt::Display for DigestExpected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::HexDigit(n) => write!(f, "one of {n} hexadecimal digits"),
            Self::End(n) => write!(f, "the end after {n} hexadecimal digits"),
        }
    }
}

impl Expectation for DigestExpected {
    const SUBJECT: &'static str = "a digest";
}

/// A SHA-256 digest.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sha256([u8; 32]);

/// An MD5 digest, which old indexes ask for; good against accidents only.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Md5([u8; 16]);

/// A BLAKE2b digest of 256 bits, by which PyPI names files.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Blake2b256([u8; 32]);

impl Sha256 {
    /// The digest of these bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(sha2::Sha256::digest(bytes).into())
    }

    /// Reads 64 hexadecimal digits of either case.
    ///
    /// # Errors
    /// [`DigestError`] for anything else.
    pub fn parse(text: &str) -> Result<Self, DigestError> {
        from_hex(text).map(Self)
    }

    /// A digest that was computed elsewhere.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes of the digest.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl Md5 {
    /// The digest of these bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(md5::Md5::digest(bytes).into())
    }

    /// Reads 32 hexadecimal digits of either case.
    ///
    /// # Errors
    /// [`DigestError`] for anything else.
    pub fn parse(text: &str) -> Result<Self, DigestError> {
        from_hex(text).map(Self)
    }

    /// A digest that was computed elsewhere.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// The bytes of the digest.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl Blake2b256 {
    /// The digest of these bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(Blake2b::<U32>::digest(bytes).into())
    }

    /// Reads 64 hexadecimal digits of either case.
    ///
    /// # Errors
    /// [`DigestError`] for anything else.
    pub fn parse(text: &str) -> Result<Self, DigestError> {
        from_hex(text).map(Self)
    }

    /// A digest that was computed elsewhere.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes of the digest.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

fn from_hex<const N: usize>(text: &str) -> Result<[u8; N], DigestError> {
    let wrong = |byte, expected| Err(SyntaxError::at(text, byte, expected));
    let mut bytes = [0; N];
    let mut digits = text.chars();
    for i in 0..2 * N {
        let Some(digit) = digits.next().and_then(|c| c.to_digit(16)) else {
            return wrong(i, DigestExpected::HexDigit(2 * N)); // all ASCII before
        };
        let digit = u8::try_from(digit).unwrap_or_default();
        bytes[i / 2] = bytes[i / 2] << 4 | digit;
    }
    match digits.next() {
        Some(_) => wrong(2 * N, DigestExpected::End(2 * N)),
        None => Ok(bytes),
    }
}

fn write_hex(bytes: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
}

impl fmt::Display for Sha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_hex(&self.0, f)
    }
}

impl fmt::Display for Md5 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_hex(&self.0, f)
    }
}

impl fmt::Display for Blake2b256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_hex(&self.0, f)
    }
}

impl fmt::Debug for Sha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sha256({self})")
    }
}

impl fmt::Debug for Md5 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Md5({self})")
    }
}

impl fmt::Debug for Blake2b256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Blake2b256({self})")
    }
}

impl FromStr for Sha256 {
    type Err = DigestError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl FromStr for Md5 {
    type Err = DigestError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl FromStr for Blake2b256 {
    type Err = DigestError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_digests_of_the_empty_text() {
        assert_eq!(
            Sha256::of(b"").to_string(),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
        assert_eq!(Md5::of(b"").to_string(), "d41d8cd98f00b204e9800998ecf8427e");
        assert_eq!(
            Blake2b256::of(b"").to_string(),
            "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8"
        );
    }

    #[test]
    fn reading_takes_either_case_and_the_whole_text() {
        let digest = Md5::of(b"x");
        assert_eq!(Md5::parse(&digest.to_string().to_uppercase()), Ok(digest));
        let check = |text: &str, expected, position| {
            let error = Md5::parse(text).unwrap_err();
            assert_eq!((*error.expected(), error.position()), (expected, position));
        };
        check("12", DigestExpected::HexDigit(32), 2);
        check("1é", DigestExpected::HexDigit(32), 1);
        check(&format!("{digest}0"), DigestExpected::End(32), 32);
    }
}
