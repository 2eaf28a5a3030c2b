//! What can go wrong with an exchange, and how far it had come.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use crate::{AddressError, Origin};

/// How far an exchange had come when it failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// No connection yet: the server has seen nothing.
    Connecting,
    /// Before the first byte of the body was handed over.
    BeforeBody,
    /// The body was on its way, or complete: the server may have acted on it.
    BodyBegun,
    /// The head of the answer was there.
    Answering,
}

/// Why there is no answer. Never holds an address with a query, a header or a body.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    /// The address may not be used.
    #[error(transparent)]
    Address(#[from] AddressError),
    /// A header holds something that cannot be sent.
    #[error("the header `{name}` cannot be sent")]
    Header {
        /// Its name.
        name: &'static str,
    },
    /// The file of certificates cannot be used.
    #[error("the certificates in `{}` cannot be read", path.display())]
    Certificates {
        /// As it was given.
        path: PathBuf,
        /// What the system said; none when the content is not PEM.
        source: Option<io::Error>,
    },
    /// TLS cannot be set up on this machine.
    #[error("the HTTPS client cannot be set up: {}", innermost(source))]
    Setup {
        /// What the TLS library said.
        source: reqwest::Error,
    },
    /// No connection: name lookup, refusal or TLS handshake.
    #[error("cannot connect to `{origin}`: {}", innermost(source))]
    Connect {
        /// Where to.
        origin: Origin,
        /// What the system said.
        source: reqwest::Error,
    },
    /// A deadline passed.
    #[error("`{origin}` made no progress within {} s ({})", after.as_secs_f32(), describe(*moment))]
    TimedOut {
        /// Where to.
        origin: Origin,
        /// The deadline that passed.
        after: Duration,
        /// How far it had come.
        moment: Moment,
    },
    /// The connection broke.
    #[error("the connection to `{origin}` broke ({}): {}", describe(*moment), innermost(source))]
    Broken {
        /// Where to.
        origin: Origin,
        /// How far it had come.
        moment: Moment,
        /// What the system said.
        source: reqwest::Error,
    },
    /// An answer longer than what is read.
    #[error("the answer of `{origin}` is longer than {limit_bytes} bytes")]
    TooLong {
        /// Where from.
        origin: Origin,
        /// The limit.
        limit_bytes: u64,
    },
}

impl HttpError {
    /// How far the exchange had come; none when it was never begun.
    #[must_use]
    pub fn moment(&self) -> Option<Moment> {
        match self {
            Self::Address(_)
            | Self::Header { .. }
            | Self::Certificates { .. }
            | Self::Setup { .. } => None,
            Self::Connect { .. } => Some(Moment::Connecting),
            Self::TimedOut { moment, .. } | Self::Broken { moment, .. } => Some(*moment),
            Self::TooLong { .. } => Some(Moment::Answering),
        }
    }
}

/// The cause at the bottom, which is the one that names the system's own reason.
fn innermost(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    cause.to_string()
}

fn describe(moment: Moment) -> &'static str {
    match moment {
        Moment::Connecting => "while connecting",
        Moment::BeforeBody => "before anything was acted on",
        Moment::BodyBegun => "after the body was begun",
        Moment::Answering => "in the middle of the answer",
    }
}
