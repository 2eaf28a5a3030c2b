//! Character classes as Python's `re` and `str` define them for text.
//!
//! The reference implementation skips white space and finds word ends with them, so a class that
//! is a little narrower would refuse what pip accepts.

/// White space as `\s` sees it: Unicode's, and four ASCII separators.
pub(crate) fn is_python_space(c: char) -> bool {
    c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c)
}

/// A character that `\w` matches.
pub(crate) fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}
