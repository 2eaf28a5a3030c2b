//! What can be wrong with a release that comes in one file.

use std::io;
use std::path::PathBuf;

use pubflow_spec::Sha256;

use crate::error::StateError;
use crate::failure::Report;
use crate::journal::Writer;
use crate::lock::LockError;
use crate::manifest::ManifestError;

/// A release could not be brought over.
#[derive(Debug, thiserror::Error)]
pub enum TransferError {
    /// The file is not what an export writes.
    #[error("`{}` is no release that pubflow exported", path.display())]
    Flawed {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        #[source]
        flaw: Flaw,
    },
    /// Two machines wrote different lines under one writer's name.
    #[error("the journal of `{writer}` here and the one in the file tell different stories")]
    Diverged {
        /// The writer.
        writer: Writer,
        /// The segment here.
        segment: PathBuf,
    },
    /// Another run works on the release.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// The state of this machine cannot be used.
    #[error(transparent)]
    State(#[from] StateError),
}

/// What is wrong with a file that should hold a release.
#[derive(Debug, thiserror::Error)]
pub enum Flaw {
    /// It is no archive, or breaks off.
    #[error("the archive cannot be read: {source}")]
    Archive {
        /// What the reader said.
        source: io::Error,
    },
    /// It does not begin with a manifest.
    #[error("it does not begin with a sealed manifest")]
    NoManifest,
    /// Its manifest cannot be used.
    #[error("its manifest cannot be used: {source}")]
    Manifest {
        /// Why.
        source: ManifestError,
    },
    /// It holds something that no export writes.
    #[error("it holds `{name}`, which no export writes")]
    Member {
        /// The name, control characters escaped.
        name: String,
    },
    /// A member is larger than anything an export writes.
    #[error("it holds a member of {n_bytes} bytes, more than the {limit} that are read")]
    TooLarge {
        /// Size in bytes.
        n_bytes: u64,
        /// Largest size in bytes that is read.
        limit: u64,
    },
    /// It holds more journal segments than a release has.
    #[error("it holds too many journal segments")]
    TooManySegments,
    /// A journal segment in it is damaged.
    #[error("its journal of `{writer}` is damaged: {damage}")]
    Segment {
        /// The writer.
        writer: Writer,
        /// How.
        damage: Box<StateError>,
    },
    /// A sealed file in it has other bytes than its name says.
    #[error("its object {sha256} has the digest {found}")]
    Object {
        /// What it is named by.
        sha256: Sha256,
        /// What it is.
        found: Sha256,
    },
}

impl TransferError {
    /// Whether something is damaged, as against: cannot be used on this machine now.
    #[must_use]
    pub fn is_damage(&self) -> bool {
        match self {
            Self::Flawed { .. } | Self::Diverged { .. } => true,
            Self::State(error) => error.is_damage(),
            Self::Lock(_) => false,
        }
    }

    /// The error in words: what, where, why, next.
    #[must_use]
    pub fn report(&self) -> Report {
        match self {
            Self::Flawed { path, flaw } => Report::new(self.to_string())
                .code("E912")
                .place(path.display().to_string())
                .why(flaw.to_string())
                .next("export it again where it came from: `pubflow state export NAME==VERSION FILE`"),
            Self::Diverged { segment, .. } => Report::new(self.to_string())
                .code("E913")
                .place(segment.display().to_string())
                .why("two runs that did not know of each other wrote under one name")
                .next("give each machine or job a name of its own with PUBFLOW_WRITER; here, `pubflow resume` finds on the indexes what the other run did"),
            Self::Lock(error) => error.report(),
            Self::State(error) => error.report(),
        }
    }
}
