//! A strict reader of gzip-compressed TAR archives.
//!
//! It follows CPython's `tarfile`, because the index and pip read with it, and remembers every
//! point where another reader could see something else: sizes that two headers disagree about,
//! global headers, data behind the end mark, a second gzip stream. Members are read once, in
//! order, in constant memory.
//!
//! Spec: POSIX.1-2017 pax, "ustar Interchange Format"; PEP 625, PEP 721; rules R112 to R115.

mod gzip;
mod header;
mod members;
mod pax;
mod reader;
mod scan;

pub(crate) use members::read_some;
pub(crate) use reader::{Member, MemberKind, TarReader};
pub(crate) use scan::scan;
