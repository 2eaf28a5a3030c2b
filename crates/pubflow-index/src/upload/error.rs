//! Why an upload did not succeed, and what may be done next.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use pubflow_http::{HttpError, Moment, Origin};
use pubflow_metadata::upload_rule::UploadRule;
use pubflow_spec::Sha256;

use super::AnswerClass;
use crate::words::ServerWords;
use crate::{IdentityError, IndexName};

/// What may be done after a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    /// Nothing happened; sending again may help.
    Transient {
        /// How long the server asked to wait.
        after: Option<Duration>,
    },
    /// The file may have arrived: look at the index before anything else.
    Ambiguous,
    /// The credential is not accepted.
    Unauthorised,
    /// Sending again will fail again.
    Permanent,
}

/// Why a file was not accepted.
#[derive(Debug, thiserror::Error)]
#[error("`{index}` did not take `{filename}`: {failure}")]
pub struct UploadError {
    /// What the user calls the index.
    pub index: IndexName,
    /// The file's name.
    pub filename: String,
    /// Which source the credential came from.
    pub credential: String,
    /// What happened.
    pub failure: UploadFailure,
}

/// What happened to an upload.
#[derive(Debug, thiserror::Error)]
pub enum UploadFailure {
    /// The index is not the one that was meant; no token was sent.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// The file cannot be read.
    #[error("`{}` cannot be read", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file is not the one that was checked; what was sent of it is void.
    #[error("`{}` {changed}", path.display())]
    Changed {
        /// The file.
        path: PathBuf,
        /// In what way.
        changed: Changed,
    },
    /// No answer.
    #[error(transparent)]
    Http(#[from] HttpError),
    /// The index redirects to where the token must not be sent.
    #[error("the upload address redirects{} (status {status}), and a token is not sent there", towards(to.as_ref()))]
    Redirected {
        /// Of the answer.
        status: u16,
        /// Where to; none when the answer does not say, or when it goes round in a circle.
        to: Option<Origin>,
    },
    /// The index answered something else than yes.
    #[error("{class} (status {status}){}", quoted(words))]
    Answer {
        /// Of the answer.
        status: u16,
        /// What it means.
        class: AnswerClass,
        /// The upload rule behind it, where its words are known.
        rule: Option<&'static UploadRule>,
        /// The server's own words.
        words: ServerWords,
        /// How long the server asked to wait.
        after: Option<Duration>,
    },
}

/// In what way a file is not the one that was checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Changed {
    /// Its size.
    #[error("has changed since it was checked: {found} bytes, {expected} expected")]
    Size {
        /// What is there.
        found: u64,
        /// What was checked.
        expected: u64,
    },
    /// Its content.
    #[error("has changed since it was checked: SHA-256 {found}, {expected} expected")]
    Content {
        /// What is there.
        found: Sha256,
        /// What was checked.
        expected: Sha256,
    },
}

impl UploadError {
    /// What may be done next.
    #[must_use]
    pub fn retry(&self) -> Retry {
        match &self.failure {
            UploadFailure::Identity(error) => error.retry(),
            UploadFailure::Http(error) => match error.moment() {
                Some(Moment::Connecting | Moment::BeforeBody) => Retry::Transient { after: None },
                Some(Moment::BodyBegun | Moment::Answering) => Retry::Ambiguous,
                None => Retry::Permanent,
            },
            UploadFailure::Answer { class, after, .. } => class.retry(*after),
            UploadFailure::File { .. }
            | UploadFailure::Changed { .. }
            | UploadFailure::Redirected { .. } => Retry::Permanent,
        }
    }

    /// The status of the answer.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        match &self.failure {
            UploadFailure::Answer { status, .. } | UploadFailure::Redirected { status, .. } => {
                Some(*status)
            }
            _ => None,
        }
    }

    /// The upload rule behind a refusal, where its words are known.
    #[must_use]
    pub fn rule(&self) -> Option<&'static UploadRule> {
        match &self.failure {
            UploadFailure::Answer { rule, .. } => *rule,
            _ => None,
        }
    }

    /// The server's own words.
    #[must_use]
    pub fn server_words(&self) -> Option<&ServerWords> {
        match &self.failure {
            UploadFailure::Answer { words, .. } if !words.is_empty() => Some(words),
            _ => None,
        }
    }
}

fn quoted(words: &ServerWords) -> String {
    if words.is_empty() {
        String::new()
    } else {
        format!(": {words}")
    }
}

fn towards(to: Option<&Origin>) -> String {
    to.map_or_else(String::new, |origin| format!(" to `{origin}`"))
}
