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
pub mod credential;
mod download;
mod identity;
mod index;
pub mod kind;
pub mod known;
mod observe;
mod retry_after;
mod simple;
#[cfg(test)]
mod test_server;
#[cfg(test)]
mod tests;
mod upload;
mod wait;
mod words;
mod yank;

pub use address::{IndexAddress, IndexName, IndexNameError};
pub use credential::{Credential, CredentialError};
pub use download::{DownloadError, Downloaded};
pub use identity::IdentityError;
pub use index::Index;
pub use kind::IndexKind;
pub use observe::{FileState, ObserveError};
pub use simple::{CoreMetadataOffer, IndexFile, PageError, ProjectPage, ProjectStatus, Yank};
pub use upload::{
    Accepted, AnswerClass, Changed, Progress, Retry, UploadError, UploadFailure, UploadFile,
};
pub use wait::{Expected, Patience, Poll, Seen, Standing, WaitError};
pub use words::ServerWords;
pub use yank::{YankError, Yanking};
