//! Versions: what is read is printed in a form that reads back as the same version.

use pubflow_spec::Version;

/// Reads the bytes as a version.
pub(crate) fn run(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Ok(version) = Version::parse(&text) {
        let printed = version.to_string();
        let again = Version::parse(&printed).expect("a printed version is a version");
        assert_eq!(version, again);
        assert_eq!(again.to_string(), printed);
    }
}
