//! What an index lists for installers: the simple API, in JSON where the index offers it, else HTML.
//!
//! Reading is tolerant, because listings of other servers are not ours to refuse: what cannot be
//! understood of one file leaves that file's field empty.
//!
//! Spec: simple repository API (PEP 503, 592, 629, 658, 691, 700, 714, 740, 792).

mod html;
mod wire;

use pubflow_spec::{DistributionFilename, Sha256, Version};
use url::Url;

pub(crate) use html::unescape;

/// Asked for: JSON first, HTML where there is none.
pub(crate) const ACCEPT: &str = "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1";

/// One project as an index lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectPage {
    /// In the order of the listing.
    pub files: Vec<IndexFile>,
    /// Whether the project still takes files.
    pub status: ProjectStatus,
    /// The versions the index names; empty where it names none (HTML).
    pub versions: Vec<String>,
}

/// One file as an index lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexFile {
    /// The file's name.
    pub filename: String,
    /// Where it is served, without a fragment.
    pub url: Url,
    /// The digest the index lists; none where it lists no SHA-256.
    pub sha256: Option<Sha256>,
    /// In bytes.
    pub size: Option<u64>,
    /// Whether installers pass it over.
    pub yanked: Option<Yank>,
    /// Whether its core metadata are served beside it.
    pub core_metadata: CoreMetadataOffer,
    /// The Python versions it is offered to.
    pub requires_python: Option<String>,
    /// When the index took it, as the index writes it (RFC 3339).
    pub upload_time: Option<String>,
    /// Where its provenance is served.
    pub provenance: Option<Url>,
}

/// A file is passed over by installers unless it is pinned.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Yank {
    /// Why, where the owner said so.
    pub reason: Option<String>,
}

/// Whether a file's core metadata are served beside it, at its address with `.metadata` appended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CoreMetadataOffer {
    /// Not served.
    #[default]
    None,
    /// Served.
    Served {
        /// The digest of the metadata file, where it is listed.
        sha256: Option<Sha256>,
    },
}

/// Whether a project still takes files.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum ProjectStatus {
    /// In use.
    #[default]
    Active,
    /// Takes no more files.
    Archived,
    /// Held back by the index; its files are not listed.
    Quarantined,
    /// In use, but its owners advise something else.
    Deprecated,
    /// A status of a later specification.
    Other(String),
}

/// Whether installers choose from the files of a release.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReleaseState {
    /// No file of it is listed.
    Absent,
    /// From all of them.
    Active,
    /// From some of them.
    PartlyYanked,
    /// From none of them.
    Yanked,
}

/// Why a listing cannot be read at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PageError {
    /// Not the JSON of a listing.
    #[error("the listing is not the JSON it claims to be (line {line}, column {column})")]
    Json {
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
    },
    /// A later major version of the specification.
    #[error("the listing is of version `{version}` of the simple API, only 1 is known")]
    Version {
        /// As the index wrote it.
        version: String,
    },
}

impl ProjectPage {
    /// The file of this name.
    #[must_use]
    pub fn find(&self, filename: &str) -> Option<&IndexFile> {
        self.files.iter().find(|file| file.filename == filename)
    }

    /// The files of a release, whatever the spelling of the version in their names; files whose
    /// names cannot be read belong to none.
    pub fn release<'a>(&'a self, version: &'a Version) -> impl Iterator<Item = &'a IndexFile> {
        self.files.iter().filter(move |file| {
            DistributionFilename::parse(&file.filename)
                .is_ok_and(|filename| filename.version() == version)
        })
    }

    /// Whether installers choose from the files of a release.
    #[must_use]
    pub fn release_state(&self, version: &Version) -> ReleaseState {
        let (mut n_files, mut n_yanked) = (0, 0);
        for file in self.release(version) {
            n_files += 1;
            n_yanked += usize::from(file.yanked.is_some());
        }
        match (n_files, n_yanked) {
            (0, _) => ReleaseState::Absent,
            (_, 0) => ReleaseState::Active,
            (files, yanked) if files == yanked => ReleaseState::Yanked,
            _ => ReleaseState::PartlyYanked,
        }
    }

    /// Reads a listing that was served at `address`.
    ///
    /// # Errors
    /// [`PageError`].
    pub fn parse(content_type: &str, body: &[u8], address: &Url) -> Result<Self, PageError> {
        let content_type = content_type.to_ascii_lowercase();
        if content_type.contains("json") {
            wire::read(body, address)
        } else {
            // Listings come as text/html, text/plain and with misspelt types.
            html::read(&String::from_utf8_lossy(body), address)
        }
    }
}

impl ReleaseState {
    /// The word for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Absent => "absent",
            Self::Active => "active",
            Self::PartlyYanked => "partly-yanked",
            Self::Yanked => "yanked",
        }
    }
}

impl ProjectStatus {
    fn parse(text: &str) -> Self {
        match text {
            "active" => Self::Active,
            "archived" => Self::Archived,
            "quarantined" => Self::Quarantined,
            "deprecated" => Self::Deprecated,
            other => Self::Other(other.to_owned()),
        }
    }
}

/// Minor versions only add; a major version may change the meaning of everything.
fn require_version_1(version: &str) -> Result<(), PageError> {
    match version.trim().split('.').next() {
        Some("1") => Ok(()),
        _ => Err(PageError::Version {
            version: version
                .chars()
                .filter(|c| !c.is_control())
                .take(40)
                .collect(),
        }),
    }
}

/// An address without its fragment, and the SHA-256 that the fragment holds.
fn without_fragment(mut url: Url) -> (Url, Option<Sha256>) {
    let sha256 = url.fragment().and_then(|fragment| {
        fragment
            .split('&')
            .find_map(|part| part.strip_prefix("sha256="))
            .and_then(|hex| Sha256::parse(hex).ok())
    });
    url.set_fragment(None);
    (url, sha256)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_has_the_files_of_every_spelling_of_its_version() {
        let address = Url::parse("https://example.org/simple/foo/").unwrap();
        let body = [
            "foo-1.0.0.tar.gz",
            "foo-1.0-py3-none-any.whl",
            "foo-1.0.1.tar.gz",
            "foo-2.0.exe",
            "notes.txt",
        ]
        .map(|name| format!("<a href=\"{name}\">{name}</a>"))
        .concat();
        let page = ProjectPage::parse("text/html", body.as_bytes(), &address).unwrap();
        let names = |version: &str| {
            let version = Version::parse(version).unwrap();
            page.release(&version)
                .map(|file| file.filename.clone())
                .collect::<Vec<_>>()
        };
        assert_eq!(
            names("1.0"),
            ["foo-1.0.0.tar.gz", "foo-1.0-py3-none-any.whl"]
        );
        assert_eq!(names("1.0.1"), ["foo-1.0.1.tar.gz"]);
        assert!(names("2.0").is_empty());
    }
}
