//! Digests of files: the three that package indexes use, as values and computed while reading.
//!
//! Spec: "Simple repository API" (SHA-256), the upload form (MD5, SHA-256, BLAKE2b with 256 bits).

mod hasher;
mod value;

pub use hasher::{DigestHasher, DigestSet, Digests};
pub use value::{Blake2b256, DigestError, DigestExpected, Md5, Sha256};
