//! Quoted texts in markers, which the reference implementation reads as Python string literals:
//! escapes have effect, and a raw line end is an error.
//!
//! Named characters (`\N{…}`) are refused: nobody writes them here, and they would need the table
//! of all character names.

use std::borrow::Cow;

/// The value of what stands between two quotes; none when it is no Python literal.
pub(super) fn unescape(inner: &str) -> Option<Cow<'_, str>> {
    if inner.contains('\0') {
        return None;
    }
    if !inner.contains(['\\', '\n', '\r']) {
        return Some(Cow::Borrowed(inner));
    }
    let mut value = String::with_capacity(inner.len());
    let mut rest = inner;
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        match c {
            '\n' | '\r' => return None,
            '\\' => rest = unescape_one(rest, &mut value)?,
            _ => value.push(c),
        }
    }
    Some(Cow::Owned(value))
}

/// Reads one escape after its backslash; gives the text behind it.
fn unescape_one<'a>(rest: &'a str, value: &mut String) -> Option<&'a str> {
    let c = rest.chars().next()?;
    let after = &rest[c.len_utf8()..];
    let simple = match c {
        // A line end behind a backslash joins the lines.
        '\n' => return Some(after),
        '\r' => return Some(after.strip_prefix('\n').unwrap_or(after)),
        '\\' | '\'' | '"' => c,
        'a' => '\u{7}',
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'v' => '\u{b}',
        'x' => return push_code(after, 2, value),
        'u' => return push_code(after, 4, value),
        'U' => return push_code(after, 8, value),
        'N' => return None,
        '0'..='7' => {
            let n_digits = rest
                .bytes()
                .take(3)
                .take_while(|b| (b'0'..=b'7').contains(b));
            let (digits, after) = rest.split_at(n_digits.count());
            value.push(char::from_u32(u32::from_str_radix(digits, 8).ok()?)?);
            return Some(after);
        }
        // Python keeps an unknown escape as it is.
        other => {
            value.push('\\');
            other
        }
    };
    value.push(simple);
    Some(after)
}

/// A code point of exactly so many hexadecimal digits.
fn push_code<'a>(rest: &'a str, n_digits: usize, value: &mut String) -> Option<&'a str> {
    let digits = rest.get(..n_digits)?;
    if !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    value.push(char::from_u32(u32::from_str_radix(digits, 16).ok()?)?);
    rest.get(n_digits..)
}

/// A literal of this value: in double quotes if it can be, and without escapes unless the value
/// could not be read back else.
pub(super) fn quote(value: &str) -> String {
    let quote = if value.contains('"') { '\'' } else { '"' };
    let readable = unescape(value).is_some_and(|read| read == value) && !value.contains(quote);
    if readable {
        return format!("{quote}{value}{quote}");
    }
    let mut text = String::from(quote);
    for c in value.chars() {
        match c {
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\0' => text.push_str("\\x00"),
            // Quotes end a marker literal even behind a backslash.
            '\'' if quote == '\'' => text.push_str("\\x27"),
            other => text.push(other),
        }
    }
    text.push(quote);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_read_as_python_reads_them() {
        for (inner, value) in [
            ("plain", "plain"),
            (r"a\tb\\c\d", "a\tb\\c\\d"),
            (r"\x41\u00e9\U0001F600\101\8", "Aé😀A\\8"),
            ("a\\\nb\\\r\nc", "abc"),
        ] {
            assert_eq!(unescape(inner).as_deref(), Some(value), "{inner}");
        }
        for inner in [
            "\n",
            "\0",
            "\\",
            r"\x4",
            r"\u12",
            r"\ud800",
            r"\U00110000",
            r"\N{DOT}",
            r"\x+1",
        ] {
            assert_eq!(unescape(inner), None, "{inner}");
        }
    }

    #[test]
    fn quoting_can_be_read_back() {
        for (value, quoted) in [
            ("a", r#""a""#),
            ("a\"b", r#"'a"b'"#),
            ("a\"'b", r#"'a"\x27b'"#),
            ("C:\\dir\\x", r#""C:\\dir\\x""#),
            ("a\\d", r#""a\d""#),
            ("a\nb\r\0", r#""a\nb\r\x00""#),
        ] {
            let text = quote(value);
            assert_eq!(text, quoted);
            assert_eq!(unescape(&text[1..text.len() - 1]).as_deref(), Some(value));
        }
    }
}
