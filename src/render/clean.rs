//! Keeps what a hostile file says from steering the terminal of whoever reads about it.

use std::borrow::Cow;

/// Whether a character may stand in a line of a terminal: none that moves the cursor, changes
/// colours, ends the line or turns the direction of what follows.
fn is_harmless(c: char) -> bool {
    let turns = matches!(c, '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let ends = matches!(c, '\u{2028}' | '\u{2029}');
    !c.is_control() && !turns && !ends
}

/// A text of one or more lines, everything else written as `\u{1b}`.
pub(super) fn clean(text: &str) -> Cow<'_, str> {
    if text.chars().all(|c| c == '\n' || is_harmless(c)) {
        return Cow::Borrowed(text);
    }
    let mut cleaned = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '\n' => cleaned.push('\n'),
            '\t' => cleaned.push(' '),
            '\r' => {}
            c if is_harmless(c) => cleaned.push(c),
            c => cleaned.extend(c.escape_unicode()),
        }
    }
    Cow::Owned(cleaned)
}

/// The same on one line.
pub(super) fn clean_line(text: &str) -> String {
    clean(text).replace('\n', " ")
}

/// A character as it is shown in an excerpt, where every column counts.
pub(super) fn shown_char(c: char) -> char {
    match c {
        '\t' => ' ',
        c if is_harmless(c) => c,
        _ => '\u{fffd}',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_steers_a_terminal_comes_through() {
        let hostile = "a\x1b[31mb\x07\u{9b}2J\u{202e}c\u{2028}d\r\n\te\0";
        let cleaned = clean(hostile);
        assert!(
            cleaned.chars().all(|c| c == '\n' || is_harmless(c)),
            "{cleaned:?}"
        );
        assert_eq!(
            cleaned,
            "a\\u{1b}[31mb\\u{7}\\u{9b}2J\\u{202e}c\\u{2028}d\n e\\u{0}"
        );
        assert!(matches!(clean("ordinary – ünïcode 語\n"), Cow::Borrowed(_)));
        assert_eq!(clean_line("a\nb"), "a b");
    }
}
