//! Client of package indexes: upload, observe, wait, download, yank, credentials.
//!
//! An [`IndexAddress`] says where an index is and of which [`IndexKind`]; an [`Index`] speaks to
//! it. Every answer is classified so that the caller knows whether to try again, to look first, or
//! to stop ([`Retry`]). Whether a file is there is never decided by a status or by words, only by
//! what the index lists for installers ([`FileState`]).
//!
//! Retrying, journaling and asking people are left to the pipeline; reading files for their
//! metadata is left to `pubflow-dist`.

mod address;
mod advisory;
pub mod attestation;
pub mod credential;
mod download;
mod identity;
mod index;
pub mod kind;
pub mod known;
mod observe;
#[cfg(test)]
mod reference_tests;
mod retry_after;
mod simple;
mod statistics;
#[cfg(test)]
mod test_server;
#[cfg(test)]
mod tests;
pub mod trusted;
mod upload;
#[cfg(test)]
mod vectors;
mod wait;
mod words;
mod yank;

pub use address::{IndexAddress, IndexName, IndexNameError};
pub use advisory::Advisory;
pub use attestation::{Attestation, AttestationError, ReadBack};
pub use credential::{Credential, CredentialError};
pub use download::{DownloadError, Downloaded};
pub use identity::IdentityError;
pub use index::Index;
pub use kind::IndexKind;
pub use observe::{FileState, ObserveError};
pub use simple::{
    CoreMetadataOffer, IndexFile, PageError, ProjectPage, ProjectStatus, ReleaseState, Yank,
};
pub use statistics::{Statistics, StatisticsError};
pub use trusted::{Lease, Minter, TrustedError};
pub use upload::{
    Accepted, AnswerClass, Changed, Progress, Retry, UploadError, UploadFailure, UploadFile,
};
pub use wait::{Expected, Patience, Poll, Seen, Standing, WaitError};
pub use words::ServerWords;
pub use yank::{YankError, Yanking};
