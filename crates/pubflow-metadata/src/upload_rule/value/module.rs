//! Import names (R053).
//!
//! Spec: PEP 794.

use pubflow_spec::{is_python_identifier, is_python_keyword};

use super::Collector;
use crate::quoted::quoted;

pub(super) fn names(values: &[&str], found: &mut Collector) {
    for (at, value) in values.iter().enumerate() {
        if let Some(fault) = fault(value, &found.field) {
            found.specification("R053", at, fault);
        }
    }
}

/// Why a text is no import name, in the index's words; `field` is where it stands.
pub(crate) fn fault(value: &str, field: &str) -> Option<String> {
    let (name, suffix) = match value.split_once(';') {
        Some((name, suffix)) => (name.trim_end(), Some(suffix.trim_start())),
        None => (value.trim_end(), None),
    };
    let shown = quoted(name);
    let field = quoted(field);
    for part in name.split('.') {
        let part_shown = quoted(part);
        if !is_python_identifier(part) {
            return Some(format!(
                "{shown} is invalid for {field}; {part_shown} is not a valid identifier"
            ));
        }
        if is_python_keyword(part) {
            return Some(format!(
                "{shown} is invalid for {field}; {part_shown} is a keyword"
            ));
        }
    }
    match suffix {
        None | Some("private") => None,
        Some(_) => Some(format!(
            "{} is invalid for {field}; the only valid option is 'private'",
            quoted(value)
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_dotted_identifiers() {
        for good in ["a", "a.b", "_x", "a.b; private", "a ;private", "naïve"] {
            assert_eq!(fault(good, "import-name"), None, "{good}");
        }
        for (bad, words) in [
            (
                "class",
                "'class' is invalid for 'import-name'; 'class' is a keyword",
            ),
            (
                "a-b",
                "'a-b' is invalid for 'import-name'; 'a-b' is not a valid identifier",
            ),
            (
                "a..b",
                "'a..b' is invalid for 'import-name'; '' is not a valid identifier",
            ),
            (
                "a; b",
                "'a; b' is invalid for 'import-name'; the only valid option is 'private'",
            ),
        ] {
            assert_eq!(fault(bad, "import-name").as_deref(), Some(words));
        }
    }
}
