//! Typographic quotes, dashes and ellipses.

use crate::rst::chars::is_space;
use crate::rst::parser::Parser;
use crate::rst::tree::{Kind, NodeId};

/// Escapes of characters that would be changed, and what stands for them meanwhile.
const ESCAPES: [(&str, &str); 6] = [
    ("\\\\", "&#92;"),
    ("\\\"", "&#34;"),
    ("\\'", "&#39;"),
    ("\\.", "&#46;"),
    ("\\-", "&#45;"),
    ("\\`", "&#96;"),
];

impl Parser {
    pub(super) fn educate_quotes(&mut self) {
        for block in self.tree.descendants(self.tree.root()) {
            let node = &self.tree[block];
            let kind = node.kind;
            let nested = node
                .parent
                .is_some_and(|parent| self.tree[parent].kind.is_text_element());
            if !kind.is_text_element() || is_verbatim_block(kind) || nested {
                continue;
            }
            let mut before = ' ';
            for text in self.tree.find_all(block, Kind::Text) {
                let parent = self.tree[text].parent;
                if parent.is_some_and(|parent| self.tree[parent].kind == Kind::OptionString) {
                    continue;
                }
                let Some(last) = self.tree[text].text.chars().next_back() else {
                    continue;
                };
                if !self.is_verbatim(text) {
                    self.tree[text].text = educate(&self.tree[text].text, before);
                }
                before = last;
            }
        }
    }

    fn is_verbatim(&self, text: NodeId) -> bool {
        let parent = self.tree[text].parent;
        let outer = parent.and_then(|parent| self.tree[parent].parent);
        [parent, outer].into_iter().flatten().any(|id| {
            let kind = self.tree[id].kind;
            is_verbatim_block(kind) || matches!(kind, Kind::Image | Kind::Literal | Kind::Math)
        })
    }
}

fn is_verbatim_block(kind: Kind) -> bool {
    kind.is_fixed_text() || kind.is_invisible() || kind == Kind::SystemMessage
}

/// One piece of text; `before` is the last character of the piece before it.
fn educate(text: &str, before: char) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut last = ' ';
    for c in text.chars() {
        if last == '\0' && matches!(c, '-' | '\\' | '\'' | '"' | '.' | '`') {
            plain.push('\\');
        }
        plain.push(c);
        last = c;
    }
    if plain.contains('\\') {
        for (escape, code) in ESCAPES {
            plain = plain.replace(escape, code);
        }
    }
    plain = plain.replace("---", "\u{2014}").replace("--", "\u{2013}");
    plain = plain
        .replace("...", "\u{2026}")
        .replace(". . .", "\u{2026}");
    if plain.contains(['\'', '"']) {
        plain = quotes(&plain, before);
    }
    if plain.contains("&#") {
        for (escape, code) in ESCAPES {
            plain = plain.replace(code, &escape[1..]);
        }
    }
    plain
}

fn quotes(text: &str, before: char) -> String {
    let context = if matches!(before, '"' | '\'') {
        ';'
    } else {
        before
    };
    let mut chars: Vec<char> = std::iter::once(context).chain(text.chars()).collect();
    let is_word = |c: Option<&char>| c.is_some_and(|c| c.is_alphanumeric() || *c == '_');
    let is_punctuation =
        |c: Option<&char>| c.is_some_and(|c| *c == ' ' || c.is_ascii_punctuation());
    let is_dash = |c: char| matches!(c, '-' | '\u{2013}' | '\u{2014}');
    let opens = |c: char| matches!(c, '(' | '[' | '{') || is_dash(c);
    let separates = |c: char| is_space(c) || matches!(c, '\u{200b}' | '\u{200c}') || opens(c);
    for (pair, new) in [
        (['"', '\''], ['\u{201c}', '\u{2018}']),
        (['\'', '"'], ['\u{2018}', '\u{201c}']),
    ] {
        for at in 0..chars.len().saturating_sub(2) {
            if chars[at] == pair[0] && chars[at + 1] == pair[1] && is_word(chars.get(at + 2)) {
                chars[at] = new[0];
                chars[at + 1] = new[1];
            }
        }
    }
    for (quote, close) in [('\'', '\u{2019}'), ('"', '\u{201d}')] {
        for at in 1..chars.len() {
            let ends = chars.get(at + 1) == Some(&' ')
                || (is_punctuation(chars.get(at + 1)) && chars.get(at + 2) == Some(&' '));
            if chars[at] == quote && opens(chars[at - 1]) && ends {
                chars[at] = close;
            }
        }
    }
    for at in 0..chars.len() {
        let is_decade = chars
            .get(at + 1..at + 4)
            .is_some_and(|next| next[0].is_numeric() && next[1].is_numeric() && next[2] == 's');
        if chars[at] == '\'' && is_decade {
            chars[at] = '\u{2019}';
        }
    }
    for (quote, open, close) in [
        ('\'', '\u{2018}', '\u{2019}'),
        ('"', '\u{201c}', '\u{201d}'),
    ] {
        for at in 1..chars.len() {
            if chars[at] == quote && separates(chars[at - 1]) {
                let next = chars.get(at + 1);
                if is_word(next) || is_punctuation(next) {
                    chars[at] = open;
                }
            }
        }
        for at in 1..chars.len() {
            if chars[at] == quote {
                let ends = quote == '"' && chars.get(at + 1).is_some_and(|c| is_space(*c));
                chars[at] = if !is_space(chars[at - 1]) || ends {
                    close
                } else {
                    open
                };
            }
        }
    }
    chars.into_iter().skip(1).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn quotes_look_at_what_stands_around_them() {
        for (plain, educated) in [
            (
                "\"a\" -- 'b' it's...",
                "\u{201c}a\u{201d} \u{2013} \u{2018}b\u{2019} it\u{2019}s\u{2026}",
            ),
            ("the '80s", "the \u{2019}80s"),
            ("\0\"a\0\"", "\0\"a\0\""),
        ] {
            assert_eq!(super::educate(plain, ' '), educated);
        }
    }
}
