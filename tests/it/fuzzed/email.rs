//! E-mail addresses as the index judges them: a verdict on any text, in its words.

use pubflow_metadata::core_metadata::FieldSpec;
use pubflow_metadata::upload_rule::objections;

/// Judges the bytes as the value of `Author-email`.
pub(crate) fn run(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let field = FieldSpec::find("Author-email").expect("a field of the specification");
    let found = objections(field, &[&text]);
    assert!(found.len() <= 1);
    assert!(found.iter().all(|objection| !objection.message.is_empty()));
}
