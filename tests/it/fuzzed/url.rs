//! Web addresses as the index judges them: a verdict on any text.

use pubflow_metadata::core_metadata::FieldSpec;
use pubflow_metadata::upload_rule::objections;

/// Judges the bytes as the value of `Home-page` and of `Project-URL`.
pub(crate) fn run(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let refuses = |name: &str, value: &str| {
        let field = FieldSpec::find(name).expect("a field of the specification");
        !objections(field, &[value]).is_empty()
    };
    let is_refused = refuses("Home-page", &text);
    let bare = text.trim();
    // Behind a label the same address has the same verdict, but for blanks at its ends.
    if bare == text && !bare.is_empty() {
        assert_eq!(refuses("Project-URL", &format!("Home, {text}")), is_refused);
    }
}
