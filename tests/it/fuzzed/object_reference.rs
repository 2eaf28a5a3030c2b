//! Object references: what is read prints a form that reads back as the same reference.

use pubflow_spec::ObjectReference;

/// Reads the bytes as an object reference.
pub(crate) fn run(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    match ObjectReference::parse(&text) {
        Ok(reference) => {
            let printed = reference.to_string();
            assert_eq!(ObjectReference::parse(&printed), Ok(reference));
        }
        Err(error) => {
            assert!(error.position() <= text.chars().count());
            let _ = error.to_string();
        }
    }
}
