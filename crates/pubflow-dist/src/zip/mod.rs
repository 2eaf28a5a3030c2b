//! A strict reader of ZIP archives.
//!
//! It walks over the headers front to back, as the index does, and through the central directory,
//! as installers do, and remembers every point where the two disagree. Then the members are
//! inflated, on several threads where that pays, hashed and checksummed on the way, and never held
//! in memory unless they were asked for. Nothing is fixed or guessed: what an archive means to `zipfile` is
//! what the central directory says.
//!
//! Spec: APPNOTE.TXT 6.3.10; the index's narrower rules R094 to R111.

mod attributes;
mod central;
mod content;
mod extra;
mod inflate;
mod local;
mod scan;

#[cfg(test)]
pub(crate) use scan::ZipScan;
pub(crate) use scan::{Kept, is_zip, read_some, scan};

const FLAG_ENCRYPTED: u16 = 0x0001;
const FLAG_DESCRIPTOR: u16 = 0x0008;
const STORED: u16 = 0;
const DEFLATED: u16 = 8;

/// Little-endian number of two bytes at `at`; the caller has checked the length.
fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}

/// Little-endian number of four bytes at `at`; the caller has checked the length.
fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

/// Little-endian number of eight bytes at `at`; the caller has checked the length.
fn u64_at(bytes: &[u8], at: usize) -> u64 {
    u64::from(u32_at(bytes, at)) | u64::from(u32_at(bytes, at + 4)) << 32
}
