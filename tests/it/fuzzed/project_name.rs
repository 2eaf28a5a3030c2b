//! Project names: the normal form reads back as itself.

use pubflow_spec::ProjectName;

/// Reads the bytes as a project name.
pub(crate) fn run(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Ok(name) = ProjectName::parse(&text) {
        let again = ProjectName::parse(name.normalized()).expect("a normal name is a name");
        assert_eq!(again, name);
        assert!(again.is_normalized());
        assert_eq!(again.underscored(), name.underscored());
        let _ = name.is_standard_library_name();
    }
}
