//! Several digests in one pass over the bytes.

use blake2::Blake2b;
use blake2::digest::consts::U32;
use sha2::Digest as _;

use super::{Blake2b256, Md5, Sha256};

/// Which digests are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DigestSet {
    /// MD5.
    pub md5: bool,
    /// SHA-256.
    pub sha256: bool,
    /// BLAKE2b with 256 bits.
    pub blake2b_256: bool,
}

impl DigestSet {
    /// All three, as the upload form wants them.
    pub const ALL: Self = Self {
        md5: true,
        sha256: true,
        blake2b_256: true,
    };
    /// SHA-256 alone.
    pub const SHA256: Self = Self {
        md5: false,
        sha256: true,
        blake2b_256: false,
    };
}

/// The digests of one file, those that are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Digests {
    /// MD5.
    pub md5: Option<Md5>,
    /// SHA-256.
    pub sha256: Option<Sha256>,
    /// BLAKE2b with 256 bits.
    pub blake2b_256: Option<Blake2b256>,
}

impl Digests {
    /// All three of these bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        let mut hasher = DigestHasher::new(DigestSet::ALL);
        hasher.update(bytes);
        hasher.finish()
    }
}

/// Computes the wanted digests while bytes go by.
#[derive(Debug, Clone)]
pub struct DigestHasher {
    md5: Option<md5::Md5>,
    sha256: Option<sha2::Sha256>,
    blake2b_256: Option<Blake2b<U32>>,
}

impl DigestHasher {
    /// Before the first byte.
    #[must_use]
    pub fn new(wanted: DigestSet) -> Self {
        Self {
            md5: wanted.md5.then(md5::Md5::new),
            sha256: wanted.sha256.then(sha2::Sha256::new),
            blake2b_256: wanted.blake2b_256.then(Blake2b::new),
        }
    }

    /// Takes the next bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        if let Some(hasher) = &mut self.md5 {
            hasher.update(bytes);
        }
        if let Some(hasher) = &mut self.sha256 {
            hasher.update(bytes);
        }
        if let Some(hasher) = &mut self.blake2b_256 {
            hasher.update(bytes);
        }
    }

    /// The wanted digests of all bytes so far.
    #[must_use]
    pub fn finish(self) -> Digests {
        Digests {
            md5: self.md5.map(|h| Md5::from_bytes(h.finalize().into())),
            sha256: self.sha256.map(|h| Sha256::from_bytes(h.finalize().into())),
            blake2b_256: self
                .blake2b_256
                .map(|h| Blake2b256::from_bytes(h.finalize().into())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streaming_gives_the_digests_of_the_whole() {
        let mut hasher = DigestHasher::new(DigestSet::ALL);
        hasher.update(b"ab");
        hasher.update(b"c");
        let digests = hasher.finish();
        assert_eq!(digests, Digests::of(b"abc"));
        assert_eq!(digests.sha256, Some(Sha256::of(b"abc")));
        assert_eq!(digests.md5, Some(Md5::of(b"abc")));
        assert_eq!(digests.blake2b_256, Some(Blake2b256::of(b"abc")));
    }

    #[test]
    fn only_the_wanted_ones_are_computed() {
        let hasher = DigestHasher::new(DigestSet::SHA256);
        let digests = hasher.finish();
        assert_eq!(digests.sha256, Some(Sha256::of(b"")));
        assert_eq!((digests.md5, digests.blake2b_256), (None, None));
    }
}
