//! Where an index is: its name, its kind, and the addresses for uploading and reading.

use std::fmt;

use pubflow_http::{AddressError, Origin, Secret, require_safe};
use pubflow_spec::ProjectName;
use url::Url;

use crate::kind::{IndexKind, Slash};

/// The name by which a user calls an index, such as `testpypi`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct IndexName(String);

/// Why a text is no name of an index.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IndexNameError {
    /// Nothing was given.
    #[error("the name of the index is empty")]
    Empty,
    /// A character that could not stand in the name of an environment variable.
    #[error("the name of an index holds letters, digits, `-`, `_` and `.`, not `{found}`")]
    Character {
        /// The first such character.
        found: char,
    },
}

/// Where an index is and how it is spoken to.
#[derive(Debug, Clone)]
pub struct IndexAddress {
    /// What the user calls it.
    pub name: IndexName,
    /// Which quirks it has.
    pub kind: IndexKind,
    /// Where files are posted to.
    pub upload: Url,
    /// The root of the simple API, with a slash at its end.
    pub simple: Url,
    /// The pages for people, with a slash at the end.
    pub web: Option<Url>,
    /// The admin API of an embedded index; `_/admin` beside the upload address when not given.
    pub admin: Option<Url>,
    /// What the embedded index proves its identity with.
    pub nonce: Option<Secret>,
}

impl IndexName {
    /// Reads a name; upper case counts as lower case.
    ///
    /// # Errors
    /// [`IndexNameError`] names the first character that does not belong there.
    pub fn parse(text: &str) -> Result<Self, IndexNameError> {
        if text.is_empty() {
            return Err(IndexNameError::Empty);
        }
        let foreign = |c: &char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
        match text.chars().find(foreign) {
            Some(found) => Err(IndexNameError::Character { found }),
            None => Ok(Self(text.to_ascii_lowercase())),
        }
    }

    /// The name in lower case.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name as it stands in an environment variable: `PUBFLOW_INDEX_<this>_TOKEN`.
    #[must_use]
    pub fn in_environment(&self) -> String {
        self.0.to_ascii_uppercase().replace(['-', '.'], "_")
    }
}

impl fmt::Display for IndexName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl IndexAddress {
    /// An address without pages for people, admin API and nonce. Slashes are set as the kind wants.
    #[must_use]
    pub fn new(name: IndexName, kind: IndexKind, upload: Url, simple: Url) -> Self {
        let upload = match kind.row().upload_slash {
            Slash::Always => with_slash(upload),
            Slash::AsGiven => upload,
        };
        Self {
            name,
            kind,
            upload,
            simple: with_slash(simple),
            web: None,
            admin: None,
            nonce: None,
        }
    }

    /// The same with pages for people.
    #[must_use]
    pub fn with_web(mut self, web: Url) -> Self {
        self.web = Some(with_slash(web));
        self
    }

    /// The same with the nonce of an embedded index.
    #[must_use]
    pub fn with_nonce(mut self, nonce: Secret) -> Self {
        self.nonce = Some(nonce);
        self
    }

    /// Holds the addresses to the rules for sending a token.
    ///
    /// # Errors
    /// [`AddressError`] of the first that breaks one.
    pub fn require_safe(&self) -> Result<(), AddressError> {
        require_safe(&self.upload)?;
        require_safe(&self.simple)?;
        self.admin
            .as_ref()
            .map_or(Ok(()), |admin| require_safe(admin).map(drop))
    }

    /// What a credential for uploading belongs to.
    ///
    /// # Errors
    /// [`AddressError`] when the upload address may not be used.
    pub fn upload_origin(&self) -> Result<Origin, AddressError> {
        require_safe(&self.upload)
    }

    /// An address of the embedded index, whose upload address is `legacy/` below its root.
    pub(crate) fn beside_upload(&self, path: &str) -> Url {
        let mut url = self.upload.clone();
        url.set_query(None);
        url.set_fragment(None);
        let root = url
            .path()
            .trim_end_matches('/')
            .rsplit_once('/')
            .map_or("", |(root, _)| root);
        let path = format!("{root}/{path}");
        url.set_path(&path);
        url
    }

    /// Where installers read a project.
    #[must_use]
    pub fn project_page(&self, project: &ProjectName) -> Url {
        below(&self.simple, &format!("{}/", project.normalized()))
    }
}

/// The address with a slash at the end of its path.
pub(crate) fn with_slash(mut url: Url) -> Url {
    if !url.path().ends_with('/') {
        let path = format!("{}/", url.path());
        url.set_path(&path);
    }
    url
}

/// An address below one that ends in a slash. `path` holds no character with a meaning of its own.
pub(crate) fn below(root: &Url, path: &str) -> Url {
    let mut url = root.clone();
    url.set_path(&format!("{}{path}", root.path()));
    url.set_query(None);
    url.set_fragment(None);
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn names_read_as_in_the_environment() {
        let name = IndexName::parse("My-Index.eu_1").unwrap();
        assert_eq!(name.as_str(), "my-index.eu_1");
        assert_eq!(name.in_environment(), "MY_INDEX_EU_1");
        assert_eq!(IndexName::parse(""), Err(IndexNameError::Empty));
        assert_eq!(
            IndexName::parse("a b"),
            Err(IndexNameError::Character { found: ' ' })
        );
    }

    #[test]
    fn slashes_follow_the_kind() {
        let name = IndexName::parse("x").unwrap();
        let address = |kind| {
            IndexAddress::new(
                name.clone(),
                kind,
                url("https://example.org/legacy"),
                url("https://example.org/simple"),
            )
        };
        let pypi = address(IndexKind::Pypi);
        assert_eq!(pypi.upload.as_str(), "https://example.org/legacy/");
        assert_eq!(pypi.simple.as_str(), "https://example.org/simple/");
        let generic = address(IndexKind::Generic);
        assert_eq!(generic.upload.as_str(), "https://example.org/legacy");
        assert_eq!(generic.simple.as_str(), "https://example.org/simple/");
    }

    #[test]
    fn project_pages_use_the_normalised_name() {
        let address = IndexAddress::new(
            IndexName::parse("x").unwrap(),
            IndexKind::Generic,
            url("https://example.org/up"),
            url("https://example.org/a/simple"),
        );
        let project = ProjectName::parse("My_Project").unwrap();
        assert_eq!(
            address.project_page(&project).as_str(),
            "https://example.org/a/simple/my-project/"
        );
    }
}
