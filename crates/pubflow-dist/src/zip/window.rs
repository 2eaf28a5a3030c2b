//! A window on a file that is mostly read forwards, with short jumps.
//!
//! `BufReader` forgets its buffer at every seek, which costs two reads of it for each small member.

use std::io::{self, Read, Seek, SeekFrom};

/// How much is read at once.
const WINDOW: usize = 64 << 10;

/// A file, a position in it, and the bytes around the position.
pub(crate) struct Window<R> {
    file: R,
    len: u64,
    position: u64,
    /// Offset of the first byte of `bytes`.
    start: u64,
    bytes: Vec<u8>,
}

impl<R: Read + Seek> Window<R> {
    pub(crate) fn new(mut file: R) -> io::Result<Self> {
        let len = file.seek(SeekFrom::End(0))?;
        Ok(Self {
            file,
            len,
            position: 0,
            start: 0,
            bytes: Vec::new(),
        })
    }

    /// Length of the file.
    pub(super) fn len(&self) -> u64 {
        self.len
    }

    /// Makes `position` the place of the next read.
    pub(super) fn go_to(&mut self, position: u64) {
        self.position = position;
    }

    /// Reads `len` bytes at `at`; the caller has bounded `len` by a limit.
    pub(super) fn read_at(&mut self, at: u64, len: u64) -> io::Result<Vec<u8>> {
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
        self.file.seek(SeekFrom::Start(self.position))?;
        self.start = self.position;
        self.bytes.resize(WINDOW, 0);
        let mut filled = 0;
        while filled < WINDOW {
            match self.file.read(&mut self.bytes[filled..]) {
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

impl<R: Read + Seek> Read for Window<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.at_hand().is_empty() {
            if self.position >= self.len {
                return Ok(0);
            }
            self.refill()?;
        }
        let at_hand = self.at_hand();
        let n = at_hand.len().min(buffer.len());
        buffer[..n].copy_from_slice(&at_hand[..n]);
        self.position += n as u64;
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jumps_read_the_same_bytes_as_slices() {
        let bytes: Vec<u8> = (0..200_000u32).map(|n| (n % 251) as u8).collect();
        let mut window = Window::new(io::Cursor::new(&bytes)).unwrap();
        for (at, len) in [(0, 10), (65_530, 20), (5, 100_000), (199_990, 10), (0, 1)] {
            let found = window.read_at(at as u64, len as u64).unwrap();
            assert_eq!(found, bytes[at..at + len]);
        }
        let error = window.read_at(199_995, 10).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof);
    }
}
