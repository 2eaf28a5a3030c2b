//! Takes a file from the network to the disk while its digests are computed, a buffer in memory at a time.

use std::io;
use std::mem;

use bytes::Bytes;
use pubflow_spec::{Blake2b256, DigestHasher, DigestSet, Digests, Md5, Sha256};
use tokio::task;

use crate::store::{Blobs, Incoming};

/// How much is hashed and written at once, in bytes: large enough that handing it to another thread costs nothing.
const BUFFER: usize = 1 << 20;

/// The three digests that PyPI computes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FileDigests {
    pub(super) md5: Md5,
    pub(super) sha256: Sha256,
    pub(super) blake2b_256: Blake2b256,
}

/// A file that has arrived whole.
#[derive(Debug)]
pub(super) struct Received {
    pub(super) bytes: Incoming,
    pub(super) digests: FileDigests,
}

impl Received {
    /// The digests as the rules want them.
    pub(super) fn known(&self) -> Digests {
        Digests {
            md5: Some(self.digests.md5),
            sha256: Some(self.digests.sha256),
            blake2b_256: Some(self.digests.blake2b_256),
        }
    }
}

/// A file under way.
pub(super) struct Receiver {
    parts: Option<(Incoming, DigestHasher)>,
    buffer: Vec<u8>,
}

impl Receiver {
    pub(super) fn new(blobs: &Blobs) -> io::Result<Self> {
        let hasher = DigestHasher::new(DigestSet::ALL);
        Ok(Self {
            parts: Some((blobs.incoming()?, hasher)),
            buffer: Vec::with_capacity(BUFFER),
        })
    }

    pub(super) async fn push(&mut self, chunk: &Bytes) -> io::Result<()> {
        self.buffer.extend_from_slice(chunk);
        if self.buffer.len() >= BUFFER {
            self.flush().await
        } else {
            Ok(())
        }
    }

    /// Hashes and writes on a thread that may block.
    async fn flush(&mut self) -> io::Result<()> {
        let mut buffer = mem::take(&mut self.buffer);
        let Some((mut bytes, mut hasher)) = self.parts.take() else {
            return Err(io::Error::other("an earlier write failed"));
        };
        let written = task::spawn_blocking(move || {
            hasher.update(&buffer);
            bytes.write(&buffer)?;
            buffer.clear();
            Ok::<_, io::Error>((bytes, hasher, buffer))
        });
        let (bytes, hasher, buffer) = written.await.map_err(io::Error::other)??;
        self.parts = Some((bytes, hasher));
        self.buffer = buffer;
        Ok(())
    }

    pub(super) async fn finish(mut self) -> io::Result<Received> {
        self.flush().await?;
        let (bytes, hasher) = self
            .parts
            .ok_or_else(|| io::Error::other("an earlier write failed"))?;
        let digests = hasher.finish();
        let all = digests.md5.zip(digests.sha256).zip(digests.blake2b_256);
        let ((md5, sha256), blake2b_256) = all.expect("all three digests were asked for");
        let digests = FileDigests {
            md5,
            sha256,
            blake2b_256,
        };
        Ok(Received { bytes, digests })
    }
}
