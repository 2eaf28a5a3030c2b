//! Compatibility tags: a set expands to tags that read back, in bounded number.

use pubflow_spec::TagSet;

/// Reads the bytes as a set of tags.
pub(crate) fn run(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Ok(set) = TagSet::parse(&text) {
        let tags = set.expand();
        assert!(!tags.is_empty() && tags.len() <= 4096);
        let again = TagSet::parse(&set.to_string()).expect("a printed set is a set");
        assert_eq!(again.expand(), tags);
    }
}
