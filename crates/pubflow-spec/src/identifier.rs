//! Python's identifiers and keywords, and the dotted names made of them.
//!
//! Spec: "Identifiers and keywords" of Python's language reference; Unicode Annex 31 for the
//! characters.

use unicode_ident::{is_xid_continue, is_xid_start};

/// Words that are never identifiers; those that are keywords in some places only are none of them.
const KEYWORDS: [&str; 35] = [
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue",
    "def", "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import",
    "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while",
    "with", "yield",
];

/// Whether Python's `str.isidentifier` says yes; keywords are identifiers for it.
#[must_use]
pub fn is_python_identifier(text: &str) -> bool {
    let mut chars = text.chars();
    let starts = |c: char| c == '_' || is_xid_start(c);
    chars.next().is_some_and(starts) && chars.all(is_xid_continue)
}

/// Whether the word is one of Python's keywords.
#[must_use]
pub fn is_python_keyword(word: &str) -> bool {
    KEYWORDS.contains(&word)
}

/// Whether the text is identifiers with dots between them.
#[must_use]
pub fn is_dotted_name(text: &str) -> bool {
    text.split('.').all(is_python_identifier)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_those_of_unicode() {
        for good in ["a", "_", "größe", "c\u{301}p", "_1", "中", "class"] {
            assert!(is_python_identifier(good), "{good}");
        }
        for bad in ["", "1a", "a-b", "a b", "\u{301}a", "²", "a.b"] {
            assert!(!is_python_identifier(bad), "{bad}");
        }
        assert!(is_dotted_name("a.b_c") && !is_dotted_name("a..b") && !is_dotted_name(""));
        assert!(is_python_keyword("class") && !is_python_keyword("match"));
    }
}
