//! Digests of a whole file in one pass.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use pubflow_spec::{Blake2b256, DigestHasher, DigestSet, Digests, Md5, Sha256};

/// Size and digests of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileDigests {
    /// Size in bytes.
    pub size: u64,
    /// MD5, which old indexes ask for.
    pub md5: Md5,
    /// SHA-256.
    pub sha256: Sha256,
    /// BLAKE2b with 256 bits, by which PyPI names files.
    pub blake2b_256: Blake2b256,
}

/// Reads the file at `path` once and computes all digests.
///
/// # Errors
/// Those of opening and reading the file.
pub fn digest_file(path: &Path) -> io::Result<FileDigests> {
    let (size, digests) = read(path, DigestSet::ALL)?;
    let complete = |digests: &Digests| {
        Some(FileDigests {
            size,
            md5: digests.md5?,
            sha256: digests.sha256?,
            blake2b_256: digests.blake2b_256?,
        })
    };
    Ok(complete(&digests).expect("every digest was asked for"))
}

/// Reads the file at `path` once and computes its SHA-256.
///
/// # Errors
/// Those of opening and reading the file.
pub fn sha256_file(path: &Path) -> io::Result<Sha256> {
    let (_, digests) = read(path, DigestSet::SHA256)?;
    Ok(digests.sha256.expect("SHA-256 was asked for"))
}

/// Reads the file at `path` once and computes the digests that are wanted.
///
/// # Errors
/// Those of opening and reading the file.
pub fn digest_file_as(path: &Path, wanted: DigestSet) -> io::Result<Digests> {
    read(path, wanted).map(|(_, digests)| digests)
}

fn read(path: &Path, wanted: DigestSet) -> io::Result<(u64, Digests)> {
    let mut file = File::open(path)?;
    let mut hasher = DigestHasher::new(wanted);
    let mut buffer = vec![0; 128 << 10];
    let mut size = 0;
    loop {
        let n = match file.read(&mut buffer) {
            Ok(0) => return Ok((size, hasher.finish())),
            Ok(n) => n,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        size += n as u64;
        hasher.update(&buffer[..n]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_once_for_all_digests() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("file");
        let bytes = vec![7; 300_000];
        std::fs::write(&path, &bytes).unwrap();
        let digests = digest_file(&path).unwrap();
        assert_eq!(digests.size, 300_000);
        assert_eq!(digests.md5, Md5::of(&bytes));
        assert_eq!(digests.sha256, Sha256::of(&bytes));
        assert_eq!(digests.blake2b_256, Blake2b256::of(&bytes));
        assert_eq!(sha256_file(&path).unwrap(), digests.sha256);
    }

    #[test]
    fn a_missing_file_is_an_error() {
        let error = digest_file(Path::new("no/such/file")).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::NotFound);
    }
}
