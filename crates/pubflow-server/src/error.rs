//! Why the embedded index could not start or could not keep what it was given.

use std::io;
use std::net::IpAddr;
use std::path::PathBuf;

use crate::Realm;

/// Why the embedded index could not do its work; what a client did wrong is an answer, never an error.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// The port is taken or not permitted.
    #[error("cannot listen on port {port} for the {realm} realm")]
    Listen {
        /// The realm that was to be served there.
        realm: Realm,
        /// The port asked for; 0 when the system was to choose.
        port: u16,
        /// What the system said.
        source: io::Error,
    },
    /// An address that others reach was asked for without TLS.
    #[error(
        "{address} is reached from other machines, and tokens would cross the network unencrypted"
    )]
    NeedsTls {
        /// The address asked for.
        address: IpAddr,
    },
    /// An address that stands for all of a machine's was asked for without the name that clients use.
    #[error("{address} stands for every address of this machine, so the announced one is missing")]
    NeedsName {
        /// The address asked for.
        address: IpAddr,
    },
    /// The certificate or its key cannot be used.
    #[error("cannot serve TLS with `{}`: {why}", path.display())]
    Tls {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// A directory or file of the data directory could not be read or written.
    #[error("cannot use `{}`", path.display())]
    Data {
        /// What could not be used.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Another process serves this directory.
    #[error("`{}` is in use by another embedded index", path.display())]
    InUse {
        /// The data directory.
        path: PathBuf,
    },
    /// The log holds a line, not the last one, that cannot be read.
    #[error("line {line} of `{}` is damaged: {why}", path.display())]
    DamagedLog {
        /// The log file.
        path: PathBuf,
        /// The line, counted from 1.
        line: u64,
        /// What is wrong with it.
        why: LogDamage,
    },
    /// The file of tokens cannot be read.
    #[error("`{}` does not hold the secrets of an embedded index", path.display())]
    DamagedSecrets {
        /// The file of tokens.
        path: PathBuf,
        /// What the reader said.
        source: serde_json::Error,
    },
    /// The system gave no random bytes.
    #[error("the system gives no random bytes for tokens")]
    Random(#[source] getrandom::Error),
    /// No signing key could be made for the test issuer.
    #[error("cannot make a signing key for the test issuer")]
    SigningKey,
    /// The seed cannot be loaded.
    #[error("cannot load the seed `{}`: {why}", path.display())]
    Seed {
        /// The seed file.
        path: PathBuf,
        /// What is wrong with it, and where.
        why: String,
    },
}

impl ServerError {
    /// Whether something else has to be asked for, rather than this machine be changed.
    #[must_use]
    pub fn is_about_arguments(&self) -> bool {
        matches!(
            self,
            Self::NeedsTls { .. } | Self::NeedsName { .. } | Self::Tls { .. } | Self::Seed { .. }
        )
    }
}

impl ServerError {
    pub(crate) fn data(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Data { path, source }
    }
}

/// What is wrong with a line of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LogDamage {
    /// It is not a record.
    #[error("it is not a record that this version can read")]
    Unreadable,
    /// Its number does not follow the line before.
    #[error("expected record {expected}, found {found}")]
    OutOfOrder {
        /// The number that had to come.
        expected: u64,
        /// The number that came.
        found: u64,
    },
}
