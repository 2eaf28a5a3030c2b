//! Sdists and wheels: opened defensively, presented, checked, compared, unpacked.
//!
//! An archive is read once, front to back, by scanners of our own that are stricter than the
//! readers of installers and of the index: both tables of contents of a ZIP are compared, every
//! member is hashed while it is inflated, nothing is reserved on the archive's word, and what is
//! wrong is remembered instead of failing. Checks turn it into findings. Bytes in, values and
//! findings out: no process, no socket, no clock, no environment.

pub mod agreement;
mod archive;
pub mod check;
pub mod comparison;
mod content;
mod digest;
mod distribution;
mod entry;
mod limits;
mod link;
mod members;
pub mod overview;
mod problem;
mod read_at;
mod sdist;
mod start_file;
mod tar;
#[cfg(test)]
mod tests_bytes;
#[cfg(test)]
mod tests_hostile;
#[cfg(test)]
mod tests_mutation;
mod unpack;
mod wheel;
mod window;
mod zip;

pub use archive::{Archive, ArchiveForm};
pub use content::native::{Arch, Format as NativeFormat, Native};
pub use content::python::{Fault, Import, Need, Opened, Resource, Source};
pub use digest::{FileDigests, digest_file, digest_file_as, sha256_file};
pub use distribution::{Distribution, OpenError, UnknownFile};
pub use entry::{Entry, EntryKind, EntryPath, PathFault};
pub use limits::Limits;
pub use problem::{Family, HeaderField, Problem, ProblemKind, ZipRecord};
pub use sdist::Sdist;
pub use start_file::{StartCode, StartFile};
pub use unpack::{UnpackError, unpack_sdist};
pub use wheel::{
    EntryPoint, EntryPointProblem, EntryPointProblemKind, EntryPoints, ObjectReference, Record,
    RecordRow, Wheel, WheelFile,
};
