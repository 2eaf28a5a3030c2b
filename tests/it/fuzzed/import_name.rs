//! Import names: what is read prints a form that reads back as the same name.

use pubflow_spec::ImportName;

/// Reads the bytes as an import name.
pub(crate) fn run(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Ok(name) = ImportName::parse(&text) {
        assert_eq!(ImportName::parse(&name.to_string()), Ok(name.clone()));
        assert!(
            name.parents()
                .all(|parent| ImportName::parse(parent).is_ok())
        );
    }
}
