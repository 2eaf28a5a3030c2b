//! Bytes that several threads can read at once, each at its own place: a file, or a slice.

use std::fs::File;
use std::io;

/// Bytes of known number that are read at an offset, without a position of their own.
pub(crate) trait ReadAt: Sync {
    /// How many bytes there are.
    fn size(&self) -> u64;

    /// Reads some bytes at `at` into `buffer`; 0 at the end.
    ///
    /// # Errors
    /// Those of the system.
    fn read_at(&self, buffer: &mut [u8], at: u64) -> io::Result<usize>;
}

/// A file, and how long it was when it was opened.
#[derive(Debug)]
pub(crate) struct OpenFile {
    file: File,
    size: u64,
}

impl OpenFile {
    /// Asks the system for the length of `file`.
    ///
    /// # Errors
    /// Those of the system.
    pub(crate) fn new(file: File) -> io::Result<Self> {
        let size = file.metadata()?.len();
        Ok(Self { file, size })
    }
}

impl ReadAt for OpenFile {
    fn size(&self) -> u64 {
        self.size
    }

    #[cfg(unix)]
    fn read_at(&self, buffer: &mut [u8], at: u64) -> io::Result<usize> {
        std::os::unix::fs::FileExt::read_at(&self.file, buffer, at)
    }

    #[cfg(windows)]
    fn read_at(&self, buffer: &mut [u8], at: u64) -> io::Result<usize> {
        std::os::windows::fs::FileExt::seek_read(&self.file, buffer, at)
    }
}

impl ReadAt for &[u8] {
    fn size(&self) -> u64 {
        self.len() as u64
    }

    fn read_at(&self, buffer: &mut [u8], at: u64) -> io::Result<usize> {
        let rest = usize::try_from(at).ok().and_then(|at| self.get(at..));
        let rest = rest.unwrap_or_default();
        let n = rest.len().min(buffer.len());
        buffer[..n].copy_from_slice(&rest[..n]);
        Ok(n)
    }
}
