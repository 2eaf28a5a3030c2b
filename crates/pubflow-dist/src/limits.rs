//! The work budgets of everything that opens an archive.
//!
//! An archive says itself how much it holds, so nothing is reserved or inflated on its word: each
//! budget is compared before the bytes are there. Budgets count work (bytes, members), never time,
//! so that the same file gives the same findings on every machine.

/// How much of an archive is looked at before the rest is given up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Members, directories included.
    pub members: usize,
    /// Bytes of one member after inflating.
    pub member_bytes: u64,
    /// Bytes of all members together after inflating.
    pub total_bytes: u64,
    /// Bytes of one member name, and of one link target.
    pub name_bytes: usize,
    /// Bytes of a ZIP central directory, and of one pax or GNU extension header.
    pub directory_bytes: u64,
    /// Bytes of one member that is kept in memory (METADATA, RECORD, PKG-INFO and the like).
    pub kept_bytes: u64,
}

impl Default for Limits {
    /// Far above every file seen on PyPI, far below what hurts a small machine: the index itself
    /// takes 100 MiB a file, 1 GiB at most.
    fn default() -> Self {
        Self {
            members: 200_000,
            member_bytes: 8 << 30,
            total_bytes: 16 << 30,
            name_bytes: 4096,
            directory_bytes: 64 << 20,
            kept_bytes: 32 << 20,
        }
    }
}
