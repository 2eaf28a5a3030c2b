//! What can be wrong with the state that is kept on this machine.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use pubflow_spec::Sha256;

use crate::failure::{Failure, FailureClass, Report};

/// The state directory could not be used.
#[derive(Debug, thiserror::Error)]
pub enum StateError {
    /// Reading failed.
    #[error("cannot read `{}`", path.display())]
    Read {
        /// What was read.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// Writing failed, or what was written could not be made durable.
    #[error("cannot write `{}`", path.display())]
    Write {
        /// What was written.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// An earlier write to this journal failed in this run, so nothing more is written to it.
    #[error("the journal `{}` takes no more lines in this run", path.display())]
    Closed {
        /// The segment.
        path: PathBuf,
    },
    /// A journal segment holds something that no crash can leave behind.
    #[error("the journal `{}` is damaged at line {line}", segment.display())]
    Damaged {
        /// The segment.
        segment: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        why: Damage,
    },
    /// A sealed manifest is not what its name says.
    #[error("the manifest `{}` is damaged", path.display())]
    DamagedManifest {
        /// The manifest.
        path: PathBuf,
        /// What is wrong with it.
        why: Damage,
    },
    /// A stored object is not what its name says.
    #[error("the stored object `{}` is damaged", path.display())]
    DamagedObject {
        /// The object.
        path: PathBuf,
        /// Digest of what it holds.
        found: Sha256,
    },
    /// It was written by a newer pubflow, in a format that this one does not write.
    #[error("`{}` has format {found}, this pubflow writes format {known}", path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its format.
        found: u64,
        /// The newest format known here.
        known: u64,
    },
    /// No release is recorded under this key.
    #[error("no release is recorded in `{}`", path.display())]
    NoRecord {
        /// Where it would be.
        path: PathBuf,
    },
}

/// What is wrong with something stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Damage {
    /// The line does not begin with a digest, a space and a brace.
    Frame,
    /// The digest of the line's text is not the one in front of it.
    Digest,
    /// The line does not follow the line before it.
    Chain,
    /// The line ends in something else than a line feed.
    Ending,
    /// The text is intact, but is no record of this format.
    Record {
        /// What the reader said.
        detail: String,
    },
    /// The text is no canonical manifest.
    Manifest {
        /// What the reader said.
        detail: String,
    },
    /// The content has another digest than its name.
    Renamed {
        /// Digest of the content.
        found: Sha256,
    },
    /// It is larger than anything that pubflow writes there.
    TooLarge {
        /// Size in bytes.
        bytes: u64,
        /// Largest size in bytes that is read.
        limit: u64,
    },
}

impl fmt::Display for Damage {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Frame => formatter.write_str("the line does not begin with a digest and a record"),
            Self::Digest => formatter.write_str("the line's text does not match its digest"),
            Self::Chain => formatter.write_str(
                "the line does not follow the one before it: a line is missing, repeated, or belongs to another release",
            ),
            Self::Ending => formatter.write_str("the line does not end in a line feed"),
            Self::Record { detail } => write!(formatter, "the line is no record: {detail}"),
            Self::Manifest { detail } => write!(formatter, "not a sealed manifest: {detail}"),
            Self::Renamed { found } => write!(formatter, "its content has the digest {found}"),
            Self::TooLarge { bytes, limit } => {
                write!(formatter, "it has {bytes} bytes, more than the {limit} that are read")
            }
        }
    }
}

impl StateError {
    pub(crate) fn read(path: &Path, source: io::Error) -> Self {
        Self::Read {
            path: path.to_owned(),
            source,
        }
    }

    pub(crate) fn write(path: &Path, source: io::Error) -> Self {
        Self::Write {
            path: path.to_owned(),
            source,
        }
    }

    /// Whether something stored is damaged, as against: cannot be used on this machine now.
    #[must_use]
    pub fn is_damage(&self) -> bool {
        match self {
            Self::Damaged { .. } | Self::DamagedManifest { .. } | Self::DamagedObject { .. } => {
                true
            }
            Self::Read { .. }
            | Self::Write { .. }
            | Self::Closed { .. }
            | Self::Newer { .. }
            | Self::NoRecord { .. } => false,
        }
    }

    /// The error in words: what, where, why, next.
    #[must_use]
    pub fn report(&self) -> Report {
        let report = Report::new(self.to_string()).code(self.code());
        match self {
            Self::Read { path, source } => report
                .place(path.display().to_string())
                .why(source.to_string())
                .next("make the state directory readable, or name another one with --state-dir"),
            Self::Write { path, source } => report
                .place(path.display().to_string())
                .why(source.to_string())
                .next(write_hint(source)),
            Self::Closed { path } => report
                .place(path.display().to_string())
                .why("an earlier line could not be written")
                .next("cure what the first error names, then run `pubflow resume`"),
            Self::Damaged { segment, line, why } => report
                .place(format!("{}:{line}", segment.display()))
                .why(why.to_string())
                .next("run `pubflow state repair`: it moves the damage aside and loses nothing; what is on the index is found there by its digest"),
            Self::DamagedManifest { path, why } => report
                .place(path.display().to_string())
                .why(why.to_string())
                .next("restore the file from a backup, or run `pubflow state repair` and `pubflow build` again"),
            Self::DamagedObject { path, found } => report
                .place(path.display().to_string())
                .why(format!("its content has the digest {found}, not the one it is named by"))
                .next("run `pubflow state repair`, then the command again with the original distribution at hand"),
            Self::Newer { path, .. } => report
                .place(path.display().to_string())
                .why("a newer pubflow wrote it")
                .next("install the newest pubflow and run the command again"),
            Self::NoRecord { path } => report
                .place(path.display().to_string())
                .why("nothing was sealed under this name, version and digest")
                .next("run `pubflow build`, or `pubflow status` to see what is there"),
        }
    }

    /// The same as a failure that ends a run.
    #[must_use]
    pub fn into_failure(self) -> Failure {
        let class = if self.is_damage() {
            FailureClass::Damaged
        } else {
            FailureClass::Machine
        };
        Failure::new(class, self.report())
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Damaged { .. } => "E901",
            Self::DamagedManifest { .. } => "E902",
            Self::DamagedObject { .. } => "E903",
            Self::Newer { .. } => "E904",
            Self::Read { .. } => "E911",
            Self::Write { .. } => "E906",
            Self::Closed { .. } => "E907",
            Self::NoRecord { .. } => "E908",
        }
    }
}

fn write_hint(source: &io::Error) -> &'static str {
    match source.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
            "free some space, then run the command again"
        }
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            "make the state directory writable, or name another one with --state-dir"
        }
        io::ErrorKind::AlreadyExists | io::ErrorKind::NotADirectory => {
            "a file stands where a directory should be: move it away, or name another state directory with --state-dir"
        }
        _ => "cure what the system said, then run the command again",
    }
}
