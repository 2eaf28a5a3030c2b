//! What an answer to an upload means.

use std::fmt;
use std::time::Duration;

use pubflow_metadata::upload_rule::UploadRule;

use super::Retry;
use crate::kind::Kind;
use crate::words::ServerWords;

/// What an answer other than yes means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnswerClass {
    /// A file of this name is there: the same or another.
    AlreadyThere,
    /// The bytes were damaged on their way.
    Damaged,
    /// Too many requests, or the server gave up waiting.
    Busy,
    /// The credential is missing, wrong, or not allowed to upload here.
    Unauthorised,
    /// The server failed; the file may be stored.
    ServerFailed,
    /// This is no upload address.
    WrongAddress,
    /// A rule of the index speaks against the file.
    Refused,
}

impl AnswerClass {
    pub(super) fn retry(self, after: Option<Duration>) -> Retry {
        match self {
            Self::Busy => Retry::Transient { after },
            Self::Damaged => Retry::Transient { after: None },
            Self::AlreadyThere | Self::ServerFailed => Retry::Ambiguous,
            Self::Unauthorised => Retry::Unauthorised,
            Self::WrongAddress | Self::Refused => Retry::Permanent,
        }
    }
}

impl fmt::Display for AnswerClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AlreadyThere => "a file of this name is there already",
            Self::Damaged => "the file was damaged on its way",
            Self::Busy => "the index asks to wait",
            Self::Unauthorised => "the index does not accept the credential",
            Self::ServerFailed => "the index failed",
            Self::WrongAddress => "nothing takes uploads at this address",
            Self::Refused => "the index refused it",
        })
    }
}

/// Rules that answer 403 whatever the credential: no TLS, read-only mode, uploads switched off.
const FOR_EVERYBODY: [&str; 3] = ["R001", "R014", "R015"];

/// The class of an answer of status 400 or above.
pub(super) fn classify(
    kind: &Kind,
    status: u16,
    words: &ServerWords,
    rule: Option<&UploadRule>,
) -> AnswerClass {
    // Asked first: some servers report a duplicate with the status of a missing permission.
    if kind.says_already_there(status, words.as_str()) {
        return AnswerClass::AlreadyThere;
    }
    if rule.is_some_and(|rule| FOR_EVERYBODY.contains(&rule.number)) {
        return AnswerClass::Refused;
    }
    match status {
        400 if words.as_str().contains("digest supplied does not match") => AnswerClass::Damaged,
        401 | 403 | 407 => AnswerClass::Unauthorised,
        404 | 405 | 410 => AnswerClass::WrongAddress,
        408 | 425 | 429 => AnswerClass::Busy,
        500.. => AnswerClass::ServerFailed,
        _ => AnswerClass::Refused,
    }
}
