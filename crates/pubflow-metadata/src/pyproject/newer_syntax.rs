//! Finds syntax that TOML 1.1 brought and readers of TOML 1.0 refuse.
//!
//! Looks only at files that parse, so that brackets pair up and strings are closed. What it finds:
//! a line end or a trailing comma in an inline table, and the escapes `\e` and `\x`.

use std::iter::Peekable;
use std::str::CharIndices;

/// Byte offset of the first such place.
pub(super) fn first_newer_syntax(text: &str) -> Option<usize> {
    let mut scanner = Scanner {
        text,
        chars: text.char_indices().peekable(),
        open: Vec::new(),
        after_comma: None,
    };
    scanner.scan()
}

struct Scanner<'a> {
    text: &'a str,
    chars: Peekable<CharIndices<'a>>,
    /// Brackets that are open, innermost last.
    open: Vec<char>,
    /// Offset of a comma with nothing but blanks after it.
    after_comma: Option<usize>,
}

impl Scanner<'_> {
    fn scan(&mut self) -> Option<usize> {
        while let Some((at, c)) = self.chars.next() {
            match c {
                ' ' | '\t' | '\r' => continue,
                '\n' if self.open.last() == Some(&'{') => return Some(at),
                '\n' => continue,
                '#' => {
                    while self.chars.next_if(|(_, c)| *c != '\n').is_some() {}
                    continue;
                }
                '[' | '{' => self.open.push(c),
                '}' if self.after_comma.is_some() => return self.after_comma,
                ']' | '}' => {
                    self.open.pop();
                }
                '"' | '\'' => {
                    if let Some(escape) = self.string(at, c) {
                        return Some(escape);
                    }
                }
                _ => {}
            }
            self.after_comma = (c == ',').then_some(at);
        }
        None
    }

    /// Skips a string; the offset of a newer escape in it.
    fn string(&mut self, start: usize, quote: char) -> Option<usize> {
        let triple: String = std::iter::repeat_n(quote, 3).collect();
        let is_triple = self.text[start..].starts_with(&triple);
        if is_triple {
            self.chars.next();
            self.chars.next();
        }
        while let Some((at, c)) = self.chars.next() {
            if c == '\\' && quote == '"' {
                if let Some((_, 'e' | 'x')) = self.chars.next() {
                    return Some(at);
                }
            } else if c == quote && !is_triple {
                return None;
            } else if c == quote && self.text[at..].starts_with(&triple) {
                // Up to two quotes may stand before the three that close the string.
                while self.chars.next_if(|(_, c)| *c == quote).is_some() {}
                return None;
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn newer_syntax_is_found_where_it_stands() {
        for (text, at) in [
            ("a = {b = 1,\n c = 2}", 11),
            ("a = {b = 1, }", 10),
            ("a = {b = [\n1], # x\n}", 18),
            ("a = \"\\e\"", 5),
            ("a = \"\"\"x\"\\x41\"\"\"", 9),
        ] {
            assert_eq!(first_newer_syntax(text), Some(at), "{text}");
        }
    }

    #[test]
    fn older_syntax_passes() {
        for text in [
            "a = {b = [\n1,\n], c = 2}",
            "a = [\n{b = 1},\n]",
            "[a.\"{\"]\n# {\nb = '{\\e'",
            "a = {b = \"\"\"\n{,}\n\"\"\"}",
            "a = \"\\\\e\"",
            "a = {}\n",
            "a = ''''x'''''\nb = {c = 1}\n",
        ] {
            assert_eq!(first_newer_syntax(text), None, "{text}");
        }
    }
}
