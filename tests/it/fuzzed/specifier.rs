//! Specifiers: what is read prints a form that reads back and takes the same versions.

use pubflow_spec::{Prereleases, SpecifierSet};

/// Reads the first line as a specifier and the second as a candidate.
pub(crate) fn run(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let (text, candidate) = text.split_once('\n').unwrap_or((&text, "1.0"));
    let Ok(set) = SpecifierSet::parse(text) else {
        return;
    };
    let printed = set.to_string();
    let again = SpecifierSet::parse(&printed).expect("a printed specifier is a specifier");
    assert_eq!(again, set);
    assert_eq!(again.to_string(), printed);
    for mode in [Prereleases::Default, Prereleases::Allow, Prereleases::Deny] {
        let taken = set.contains_text(candidate, mode);
        assert_eq!(again.contains_text(candidate, mode), taken);
    }
}
