//! A window on bytes that are mostly read forwards, with short jumps.
//!
//! `BufReader` forgets its buffer at every seek, which costs two reads of it for each small member.

use std::io::{self, BufRead, Read};

use crate::read_at::ReadAt;

/// How much is read at once.
const WINDOW: usize = 64 << 10;

/// A source, a position in it, and the bytes around the position.
pub(crate) struct Window<'a, S> {
    source: &'a S,
    position: u64,
    /// Offset of the first byte of `bytes`.
    start: u64,
    bytes: Vec<u8>,
}

impl<'a, S: ReadAt> Window<'a, S> {
    pub(crate) fn new(source: &'a S) -> Self {
        Self {
            source,
            position: 0,
            start: 0,
            bytes: Vec::new(),
        }
    }

    /// Length of the source.
    pub(crate) fn len(&self) -> u64 {
        self.source.size()
    }

    /// Makes `position` the place of the next read.
    pub(crate) fn go_to(&mut self, position: u64) {
        self.position = position;
    }

    /// Reads `len` bytes at `at`; the caller has bounded `len` by a limit.
    pub(crate) fn read_at(&mut self, at: u64, len: u64) -> io::Result<Vec<u8>> {
        self.go_to(at);
        let mut bytes = Vec::new();
        self.by_ref().take(len).read_to_end(&mut bytes)?;
        if (bytes.len() as u64) < len {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(bytes)
    }

    /// The bytes at the position that are at hand.
    fn at_hand(&self) -> &[u8] {
        let skipped = self.position.checked_sub(self.start);
        skipped
            .and_then(|skipped| self.bytes.get(usize::try_from(skipped).ok()?..))
            .unwrap_or_default()
    }

    fn refill(&mut self) -> io::Result<()> {
        self.start = self.position;
        self.bytes.resize(WINDOW, 0);
        let mut filled = 0;
        while filled < WINDOW {
            let at = self.position + filled as u64;
            match self.source.read_at(&mut self.bytes[filled..], at) {
                Ok(0) => break,
                Ok(n) => filled += n,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        self.bytes.truncate(filled);
        Ok(())
    }
}

impl<S: ReadAt> BufRead for Window<'_, S> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.at_hand().is_empty() && self.position < self.len() {
            self.refill()?;
        }
        Ok(self.at_hand())
    }

    fn consume(&mut self, n: usize) {
        self.position += n as u64;
    }
}

impl<S: ReadAt> Read for Window<'_, S> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let at_hand = self.fill_buf()?;
        let n = at_hand.len().min(buffer.len());
        buffer[..n].copy_from_slice(&at_hand[..n]);
        self.consume(n);
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jumps_read_the_same_bytes_as_slices() {
        let bytes: Vec<u8> = (0..200_000u32).map(|n| (n % 251) as u8).collect();
        let source = &bytes[..];
        let mut window = Window::new(&source);
        for (at, len) in [(0, 10), (65_530, 20), (5, 100_000), (199_990, 10), (0, 1)] {
            let found = window.read_at(at as u64, len as u64).unwrap();
            assert_eq!(found, bytes[at..at + len]);
        }
        let error = window.read_at(199_995, 10).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof);
    }
}
