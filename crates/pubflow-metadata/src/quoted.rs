//! Texts in quotes as the index prints them: Python's `repr`.

/// The text as a Python string literal.
pub(crate) fn quoted(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') {
        '"'
    } else {
        '\''
    };
    let mut out = String::with_capacity(text.len() + 2);
    out.push(quote);
    for c in text.chars() {
        push_escaped(&mut out, c, quote);
    }
    out.push(quote);
    out
}

fn push_escaped(out: &mut String, c: char, quote: char) {
    let code = u32::from(c);
    match c {
        '\\' => out.push_str("\\\\"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        _ if c == quote => {
            out.push('\\');
            out.push(c);
        }
        ' ' => out.push(' '),
        _ if is_printable(c) => out.push(c),
        _ if code < 0x100 => out.push_str(&format!("\\x{code:02x}")),
        _ if code < 0x1_0000 => out.push_str(&format!("\\u{code:04x}")),
        _ => out.push_str(&format!("\\U{code:08x}")),
    }
}

/// Near enough to Python's idea: controls, blanks, and the invisible format characters are not.
fn is_printable(c: char) -> bool {
    let invisible = matches!(
        c,
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{e000}'..='\u{f8ff}' | '\u{fff0}'..='\u{fffb}'
            | '\u{f0000}'..
    );
    !c.is_control() && !c.is_whitespace() && !invisible
}

/// A Python list of string literals.
pub(crate) fn quoted_list(texts: &[&str]) -> String {
    let parts: Vec<_> = texts.iter().map(|text| quoted(text)).collect();
    format!("[{}]", parts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_follow_python() {
        for (text, literal) in [
            ("a", "'a'"),
            ("it's", "\"it's\""),
            ("'\"", "'\\'\"'"),
            ("a\\b\n\t\0", "'a\\\\b\\n\\t\\x00'"),
            ("é\u{85}\u{2028}\u{200b}", "'é\\x85\\u2028\\u200b'"),
            ("a b\u{a0}", "'a b\\xa0'"),
        ] {
            assert_eq!(quoted(text), literal);
        }
    }
}
