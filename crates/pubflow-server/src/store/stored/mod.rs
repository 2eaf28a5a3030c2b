//! The stored forms: lines of the log and the file of secrets. Format version 2.
//!
//! Version 1 had no users, tokens, publishers, flags of the trusted publishing and provenance; its lines are still read.
//! A line of a newer version stops a reader, so that an older program never serves half of what is there. New kinds of
//! events and new required fields therefore raise `VERSION`.

pub(crate) mod account;

use serde::{Deserialize, Serialize};

use account::{PendingPublisher, Publisher, Token, User};

/// The format version that this program writes.
const VERSION: u32 = 2;

/// The oldest format version that this program reads.
const OLDEST: u32 = 1;

/// A record that is JSON but cannot be understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unreadable;

/// One line of the log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Record {
    v: u32,
    /// Counts from 1 without holes; it is the serial of the simple API too.
    pub(crate) n: u64,
    /// When it happened, RFC 3339 in UTC with microseconds.
    pub(crate) at: String,
    pub(crate) event: Event,
}

impl Record {
    pub(crate) fn new(n: u64, at: String, event: Event) -> Self {
        Self {
            v: VERSION,
            n,
            at,
            event,
        }
    }

    /// The line, with its line feed.
    pub(super) fn to_line(&self) -> Vec<u8> {
        let mut line = serde_json::to_vec(self).expect("records hold strings and numbers only");
        line.push(b'\n');
        line
    }

    pub(super) fn parse(line: &[u8]) -> Result<Self, BadLine> {
        if let Ok(record) = serde_json::from_slice::<Self>(line)
            && (OLDEST..=VERSION).contains(&record.v)
        {
            return Ok(record);
        }
        match serde_json::from_slice::<serde_json::Value>(line) {
            Ok(_) => Err(BadLine::Foreign),
            Err(_) => Err(BadLine::Torn),
        }
    }
}

/// Why a line is no record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BadLine {
    /// It is not JSON: the writer did not finish it.
    Torn,
    /// It is JSON of somebody else, or of a newer program.
    Foreign,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub(crate) enum Event {
    /// A file was accepted.
    Upload(Box<Upload>),
    /// A release was yanked.
    Yank {
        project: String,
        version: String,
        reason: String,
    },
    /// A release was un-yanked.
    Unyank { project: String, version: String },
    /// A file was deleted; its name stays used.
    DeleteFile { filename: String },
    /// A release was deleted with its files.
    DeleteRelease { project: String, version: String },
    /// A project got another status.
    Status { project: String, status: Status },
    /// A release and its files were given another age.
    Age {
        project: String,
        version: String,
        created: String,
    },
    /// An administrative switch was set.
    Flag { flag: Flag, on: bool },
    /// Somebody got an account, or its state changed.
    User(User),
    /// A token was made.
    Token(Token),
    /// A token was taken back, by its digest.
    RevokeToken { sha256: String },
    /// A project was made, or got other people and publishers.
    Project(ProjectRecord),
    /// A publisher was registered for a project that is not there yet.
    PendingPublisher(PendingPublisher),
    /// A waiting publisher was used: its project is made, whoever else waited for the name waits in vain.
    ReifyPublisher(PendingPublisher),
    /// A name was put on the list of those that nobody may take.
    ProhibitName { name: String },
    /// A user is held to have made this many projects just now.
    CreatedProjects { user: String, n: u32 },
}

/// A project with its people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ProjectRecord {
    /// The name as it is shown.
    pub(crate) name: String,
    pub(crate) owner: String,
    pub(crate) maintainers: Vec<String>,
    pub(crate) publishers: Vec<Publisher>,
}

/// The status of a project (PEP 792).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Status {
    /// Files are served and accepted.
    Active,
    /// Files are served, none is accepted.
    Archived,
    /// No file is served.
    Quarantined,
}

impl Status {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Archived => "archived",
            Self::Quarantined => "quarantined",
        }
    }
}

/// The administrative switches that uploads obey.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Flag {
    /// Nothing is accepted.
    ReadOnly,
    /// No upload is accepted.
    DisallowNewUpload,
    /// No project is created.
    DisallowNewProjectRegistration,
    /// No upload token is minted.
    DisallowOidc,
    /// Attestations are neither taken nor served.
    #[serde(rename = "disable-pep740")]
    DisablePep740,
}

/// The file type of an upload, as the form names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum FileType {
    /// A source distribution.
    #[serde(rename = "sdist")]
    Sdist,
    /// A wheel.
    #[serde(rename = "bdist_wheel")]
    Wheel,
}

impl FileType {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Sdist => "sdist",
            Self::Wheel => "bdist_wheel",
        }
    }
}

/// An accepted file. Digests are lower hexadecimal, sizes are bytes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Upload {
    pub(crate) filename: String,
    /// The project's name as the form spells it.
    pub(crate) project: String,
    /// The release's version in normal form.
    pub(crate) version: String,
    pub(crate) file_type: FileType,
    pub(crate) python_version: String,
    pub(crate) size: u64,
    pub(crate) md5: String,
    pub(crate) sha256: String,
    pub(crate) blake2b_256: String,
    /// The digest of the wheel's METADATA, which is kept beside it.
    pub(crate) metadata_sha256: Option<String>,
    pub(crate) requires_python: Option<String>,
    pub(crate) comment: Option<String>,
    /// The metadata fields of the form, in order; none for a later file of a release, which never shows them.
    pub(crate) fields: Vec<(String, String)>,
    /// Who uploaded it, and owns the project if it is its first file; nobody in the first format version.
    #[serde(default)]
    pub(crate) uploader: Option<String>,
    /// The provenance object (PEP 740) that is served for it, as JSON text.
    #[serde(default)]
    pub(crate) provenance: Option<String>,
}

/// The secrets of one data directory.
#[derive(Serialize, Deserialize)]
pub(super) struct SecretsFile {
    pub(super) v: u32,
    pub(super) nonce: String,
    pub(super) test: RealmSecretsFile,
    pub(super) production: RealmSecretsFile,
}

/// The secrets of one realm.
#[derive(Serialize, Deserialize)]
pub(super) struct RealmSecretsFile {
    pub(super) token: String,
    pub(super) admin_token: String,
}

pub(super) fn secrets_to_bytes(secrets: &SecretsFile) -> Vec<u8> {
    serde_json::to_vec_pretty(secrets).expect("secrets are strings and numbers only")
}

pub(super) fn secrets_from_bytes(bytes: &[u8]) -> Result<SecretsFile, serde_json::Error> {
    serde_json::from_slice(bytes)
}
