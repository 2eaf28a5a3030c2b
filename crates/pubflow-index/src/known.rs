//! The two public indexes, the only place where their hosts are written.
//!
//! Hosts are lists of labels, joined by one function, so that no test, page or message can grow an
//! address of a public index by accident.

use pubflow_http::Origin;
use url::Url;

use crate::{IndexAddress, IndexKind, IndexName};

/// A public index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Known {
    /// The production index.
    Pypi,
    /// Its twin for trials.
    TestPypi,
}

/// Every public index that is known by name.
pub const KNOWN: [Known; 2] = [Known::Pypi, Known::TestPypi];

const PYPI_WEB: &[&str] = &["pypi", "org"];
const PYPI_UPLOAD: &[&str] = &["upload", "pypi", "org"];
const STATISTICS: &[&str] = &["pypistats", "org"];
const TESTPYPI: &[&str] = &["test", "pypi", "org"];

impl Known {
    /// The name users call it by.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Pypi => "pypi",
            Self::TestPypi => "testpypi",
        }
    }

    /// How sentences call it.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Pypi => "PyPI",
            Self::TestPypi => "TestPyPI",
        }
    }

    /// The known index of this name.
    #[must_use]
    pub fn by_name(name: &IndexName) -> Option<Self> {
        KNOWN
            .into_iter()
            .find(|known| known.name() == name.as_str())
    }

    /// The known index that takes uploads at this origin.
    #[must_use]
    pub fn by_upload_origin(origin: &Origin) -> Option<Self> {
        KNOWN
            .into_iter()
            .find(|known| known.address().upload_origin().as_ref() == Ok(origin))
    }

    /// The known index whose tokens name this place.
    #[must_use]
    pub fn by_token_location(location: &str) -> Option<Self> {
        KNOWN
            .into_iter()
            .find(|known| host(known.web_labels()) == location)
    }

    /// Its addresses.
    #[must_use]
    pub fn address(self) -> IndexAddress {
        let upload = match self {
            Self::Pypi => PYPI_UPLOAD,
            Self::TestPypi => TESTPYPI,
        };
        let web = self.web_labels();
        let name = IndexName::parse(self.name()).expect("the names above hold letters alone");
        IndexAddress::new(
            name,
            IndexKind::Pypi,
            https(upload, "legacy/"),
            https(web, "simple/"),
        )
        .with_web(https(web, ""))
    }

    fn web_labels(self) -> &'static [&'static str] {
        match self {
            Self::Pypi => PYPI_WEB,
            Self::TestPypi => TESTPYPI,
        }
    }
}

/// The type of statement by which PyPI's publishers attest that they published a file. It is a name,
/// nothing is fetched from it.
#[must_use]
pub(crate) fn publish_predicate() -> String {
    format!("https://docs.{}/attestations/publish/v1", host(PYPI_WEB))
}

/// Where the public statistics of PyPI's downloads are asked for.
#[must_use]
pub fn statistics() -> Url {
    https(STATISTICS, "api/")
}

/// The addresses of PyPI.
#[must_use]
pub fn pypi() -> IndexAddress {
    Known::Pypi.address()
}

/// The addresses of TestPyPI.
#[must_use]
pub fn testpypi() -> IndexAddress {
    Known::TestPypi.address()
}

fn host(labels: &[&str]) -> String {
    labels.join(".")
}

fn https(labels: &[&str], path: &str) -> Url {
    Url::parse(&format!("https://{}/{path}", host(labels)))
        .expect("the labels above are plain letters")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_known_indexes_are_distinct_and_found_again() {
        for known in KNOWN {
            let address = known.address();
            address.require_safe().unwrap();
            let origin = address.upload_origin().unwrap();
            assert_eq!(Known::by_upload_origin(&origin), Some(known));
            assert_eq!(Known::by_name(&address.name), Some(known));
            let web = address.web.unwrap();
            assert_eq!(
                Known::by_token_location(web.host_str().unwrap()),
                Some(known)
            );
            assert_eq!(address.upload.path(), "/legacy/");
            assert_eq!(address.simple.path(), "/simple/");
        }
        assert_ne!(pypi().upload, testpypi().upload);
        assert_ne!(pypi().simple, testpypi().simple);
        assert_eq!(Known::by_token_location("example.org"), None);
    }
}
