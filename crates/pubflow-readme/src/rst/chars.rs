//! Questions about characters: white space, word characters, punctuation, columns, identifiers.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::canonical_combining_class;
use unicode_width::UnicodeWidthChar;

use super::punctuation::{CLOSERS, DELIMITERS, OPENERS};

/// White space as Python's `\s` and `str.isspace` see it.
pub(super) fn is_space(c: char) -> bool {
    matches!(c, '\u{1c}'..='\u{1f}') || c.is_whitespace()
}

/// Letters and digits, without the underscore.
pub(super) fn is_name_char(c: char) -> bool {
    c.is_alphanumeric()
}

fn is_delimiter(c: char) -> bool {
    if c.is_ascii() {
        return matches!(c, '-' | '/' | ':');
    }
    let after = DELIMITERS.partition_point(|(first, _)| *first <= c);
    after > 0 && DELIMITERS[after - 1].1 >= c
}

/// Whether inline markup may start after `c`.
pub(super) fn may_stand_before(c: char) -> bool {
    is_space(c) || is_delimiter(c) || OPENERS.contains(c)
}

/// Whether inline markup may end before `c`.
pub(super) fn may_stand_after(c: char) -> bool {
    matches!(c, '\0' | '\\' | '.' | ',' | ';' | '!' | '?')
        || is_space(c)
        || is_delimiter(c)
        || CLOSERS.contains(c)
}

/// Whether `open` and `close` make a pair of quotes or brackets.
pub(super) fn is_pair(open: char, close: char) -> bool {
    let Some(at) = OPENERS.chars().position(|c| c == open) else {
        return false;
    };
    if CLOSERS.chars().nth(at) == Some(close) {
        return true;
    }
    matches!(
        (open, close),
        ('\u{bb}', '\u{bb}')
            | ('\u{2018}', '\u{201a}')
            | ('\u{2019}', '\u{2019}')
            | ('\u{201a}', '\u{2018}' | '\u{2019}')
            | ('\u{201c}', '\u{201e}')
            | ('\u{201e}', '\u{201c}' | '\u{201d}')
            | ('\u{201d}', '\u{201d}')
            | ('\u{203a}', '\u{203a}')
    )
}

/// Whether `c` takes two columns.
pub(super) fn is_wide(c: char) -> bool {
    !c.is_ascii() && c.width() == Some(2)
}

/// Whether `c` takes no column.
pub(super) fn is_combining(c: char) -> bool {
    !c.is_ascii() && canonical_combining_class(c) != 0
}

/// Columns that a text takes.
pub(super) fn column_width(text: &str) -> usize {
    let columns = |c| match () {
        () if is_combining(c) => usize::from(is_wide(c)),
        () if is_wide(c) => 2,
        () => 1,
    };
    text.chars().map(columns).sum()
}

/// Bytes of the first `n` characters.
pub(super) fn byte_at(text: &str, n: usize) -> usize {
    if text.is_ascii() {
        return n.min(text.len());
    }
    text.char_indices().nth(n).map_or(text.len(), |(at, _)| at)
}

/// Trims as Python does.
pub(super) fn strip(text: &str) -> &str {
    text.trim_matches(is_space)
}

/// Trims the end as Python does.
pub(super) fn rstrip(text: &str) -> &str {
    text.trim_end_matches(is_space)
}

/// Trims the start as Python does.
pub(super) fn lstrip(text: &str) -> &str {
    text.trim_start_matches(is_space)
}

/// Words of a text.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(is_space).filter(|word| !word.is_empty())
}

/// One space between words.
pub(super) fn normal_space(text: &str) -> String {
    words(text).collect::<Vec<_>>().join(" ")
}

/// One space between words, lower case: the form in which names are compared.
pub(super) fn normal_name(text: &str) -> String {
    normal_space(&text.to_lowercase())
}

/// Turns escaping backslashes into NUL.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c == '\\' {
            out.push('\0');
            out.extend(chars.next());
        } else {
            out.push(c);
        }
    }
    out
}

/// Removes escapes; escaped white space goes with its escape.
pub(super) fn unescape(text: &str) -> String {
    if !text.contains('\0') {
        return text.to_owned();
    }
    text.replace("\0 ", "")
        .replace("\0\n", "")
        .replace('\0', "")
}

/// Turns escapes back into backslashes.
pub(super) fn restore(text: &str) -> String {
    text.replace('\0', "\\")
}

/// Removes white space but the escaped one, which becomes a single space.
pub(super) fn join_uri(text: &str) -> String {
    let parts: Vec<String> = text
        .replace("\0\n", "\0 ")
        .split("\0 ")
        .map(|part| words(&unescape(part)).collect::<String>())
        .collect();
    parts.join(" ")
}

/// An identifier made of a name: lower case letters, digits and single hyphens.
pub(super) fn make_id(name: &str) -> String {
    let mut spelled = String::with_capacity(name.len());
    for c in name.to_lowercase().chars() {
        match LETTERS.iter().find(|(from, _)| !c.is_ascii() && *from == c) {
            Some((_, to)) => spelled.push_str(to),
            None => spelled.push(c),
        }
    }
    let ascii: String = match spelled.is_ascii() {
        true => spelled,
        false => {
            // White space goes only after the letters were reduced to ASCII.
            spelled.nfkd().filter(char::is_ascii).collect()
        }
    };
    let mut id = String::with_capacity(ascii.len());
    for c in ascii.chars() {
        match c {
            'a'..='z' => id.push(c),
            '0'..='9' if !id.is_empty() => id.push(c),
            _ if !id.is_empty() && !id.ends_with('-') => id.push('-'),
            _ => {}
        }
    }
    id.truncate(id.trim_end_matches('-').len());
    id
}

/// Letters that do not decompose, and what stands for them.
const LETTERS: &[(char, &str)] = &[
    ('\u{f8}', "o"),
    ('\u{111}', "d"),
    ('\u{127}', "h"),
    ('\u{131}', "i"),
    ('\u{142}', "l"),
    ('\u{167}', "t"),
    ('\u{180}', "b"),
    ('\u{183}', "b"),
    ('\u{188}', "c"),
    ('\u{18c}', "d"),
    ('\u{192}', "f"),
    ('\u{199}', "k"),
    ('\u{19a}', "l"),
    ('\u{19e}', "n"),
    ('\u{1a5}', "p"),
    ('\u{1ab}', "t"),
    ('\u{1ad}', "t"),
    ('\u{1b4}', "y"),
    ('\u{1b6}', "z"),
    ('\u{1e5}', "g"),
    ('\u{225}', "z"),
    ('\u{234}', "l"),
    ('\u{235}', "n"),
    ('\u{236}', "t"),
    ('\u{237}', "j"),
    ('\u{23c}', "c"),
    ('\u{23f}', "s"),
    ('\u{240}', "z"),
    ('\u{247}', "e"),
    ('\u{249}', "j"),
    ('\u{24b}', "q"),
    ('\u{24d}', "r"),
    ('\u{24f}', "y"),
    ('\u{df}', "sz"),
    ('\u{e6}', "ae"),
    ('\u{153}', "oe"),
    ('\u{238}', "db"),
    ('\u{239}', "qp"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_keep_letters_digits_and_single_hyphens() {
        for (name, id) in [
            ("A Title!", "a-title"),
            ("1. \u{c9}t\u{e9}", "ete"),
            ("x--_y", "x-y"),
            ("\u{df}", "sz"),
            ("\u{4e2d}", ""),
        ] {
            assert_eq!(make_id(name), id, "{name}");
        }
    }

    #[test]
    fn wide_and_combining_characters_count_as_columns() {
        assert_eq!(column_width("\u{4e2d}a"), 3);
        assert_eq!(column_width("e\u{301}"), 1);
    }
}
