//! Requirements: what is read prints a form that reads back as the same requirement.

use pubflow_spec::Requirement;

/// Reads the bytes as a requirement.
pub(crate) fn run(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Ok(requirement) = Requirement::parse(&text) {
        let printed = requirement.to_string();
        let again = Requirement::parse(&printed).expect("a printed requirement is a requirement");
        assert_eq!(again, requirement);
        assert_eq!(again.to_string(), printed);
    }
}
