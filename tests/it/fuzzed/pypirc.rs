//! `.pypirc`: what is read of a section is on one place and never shown by an error.

use pubflow_index::credential::pypirc::{Pypirc, Repository};

/// Reads the bytes as the file, asks for every section, and reads addresses back.
pub(crate) fn run(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let pypirc = match Pypirc::parse(&text) {
        Ok(pypirc) => pypirc,
        Err(error) => {
            assert!(!error.to_string().is_empty());
            return;
        }
    };
    for name in pypirc.names().chain(["pypi", "testpypi", ""]) {
        let Ok(repository) = pypirc.repository(name) else {
            continue;
        };
        if let Ok(again) = Repository::of_url(&repository.url) {
            let once = Repository::of_url(&again.url).expect("an address without a user is one");
            assert_eq!(once.url, again.url);
            assert_eq!((once.user, once.password), (None, None));
        }
    }
}
