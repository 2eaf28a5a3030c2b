//! Typographic quotes, dashes and ellipses.

use super::locale::{ENGLISH, Marks, marks_of};
use crate::judge::Level;
use crate::rst::chars::{is_name_char, is_space};
use crate::rst::parser::{Parsed, Parser, halt};
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
    pub(super) fn educate_quotes(&mut self) -> Parsed<()> {
        for block in self.tree.descendants(self.tree.root()) {
            let node = &self.tree[block];
            let kind = node.kind;
            let nested = node
                .parent
                .is_some_and(|parent| self.tree[parent].kind.is_text_element());
            if !kind.is_text_element() || is_verbatim_block(kind) || nested {
                continue;
            }
            let style = match self.language(block) {
                None => Style::english(),
                Some(tag) => match marks_of(&tag) {
                    Some((language, marks)) => Style::of(&language, marks),
                    None => {
                        let message = format!("No smart quotes defined for language \"{tag}\".");
                        return halt(Level::Warning, self.node_line(block), message);
                    }
                },
            };
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
                    self.tree[text].text = educate(&self.tree[text].text, before, style);
                }
                before = last;
            }
        }
        Ok(())
    }

    /// The language that a class of the node or of one around it names.
    fn language(&self, node: NodeId) -> Option<String> {
        let mut at = Some(node);
        while let Some(id) = at {
            let mut classes = self.tree[id].classes.iter();
            if let Some(tag) = classes.find_map(|class| class.strip_prefix("language-")) {
                return Some(tag.to_owned());
            }
            at = self.tree[id].parent;
        }
        None
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

/// What is put for quotes.
#[derive(Clone, Copy)]
struct Style {
    marks: Marks,
    /// English leaves decades out of the rules: the '80s.
    knows_decades: bool,
}

impl Style {
    fn english() -> Self {
        Self::of("en", ENGLISH)
    }

    fn of(language: &str, marks: Marks) -> Self {
        Self {
            marks,
            knows_decades: language.starts_with("en"),
        }
    }
}

/// One piece of text; `before` is the last character of the piece before it.
fn educate(text: &str, before: char, style: Style) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut last = ' ';
    for c in text.chars() {
        // An escaped backslash gets none, and so becomes the escape of a mark behind it.
        if last == '\0' && matches!(c, '-' | '\'' | '"' | '.' | '`') {
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
        plain = quotes(&plain, before, style);
    }
    if plain.contains("&#") {
        for (escape, code) in ESCAPES {
            plain = plain.replace(code, &escape[1..]);
        }
    }
    plain
}

fn is_word(c: Option<&char>) -> bool {
    c.is_some_and(|c| is_name_char(*c) || *c == '_')
}

/// Space and the ASCII punctuation but `&`.
fn is_punctuation(c: Option<&char>) -> bool {
    c.is_some_and(|c| *c == ' ' || (c.is_ascii_punctuation() && *c != '&'))
}

fn opens(c: char) -> bool {
    matches!(c, '(' | '[' | '{' | '-' | '\u{2013}' | '\u{2014}')
}

fn separates(c: char) -> bool {
    is_space(c) || matches!(c, '\u{200b}' | '\u{200c}') || opens(c)
}

/// A text whose quotes are replaced rule by rule.
struct Quoted(Vec<char>);

impl Quoted {
    /// Replaces `old` where `fits` says so of the character before and those behind.
    fn replace(&mut self, old: &[char], new: &str, fits: impl Fn(Option<char>, &[char]) -> bool) {
        if !self.0.contains(&old[0]) {
            return;
        }
        let chars = std::mem::take(&mut self.0);
        let mut at = 0;
        while at < chars.len() {
            let before = at.checked_sub(1).map(|before| chars[before]);
            match chars[at..].strip_prefix(old) {
                Some(behind) if fits(before, behind) => {
                    self.0.extend(new.chars());
                    at += old.len();
                }
                _ => {
                    self.0.push(chars[at]);
                    at += 1;
                }
            }
        }
    }
}

/// Replaces straight quotes by the marks of the style, from the surest rule to the last resort.
fn quotes(text: &str, before: char, style: Style) -> String {
    const APOSTROPHE: &str = "\u{2019}";
    let [open, close, open_inner, close_inner] = style.marks;
    let context = match before {
        '"' | '\'' => ';',
        before => before,
    };
    let mut quoted = Quoted(std::iter::once(context).chain(text.chars()).collect());
    let starts_word = |_: Option<char>, behind: &[char]| is_word(behind.first());
    quoted.replace(&['"', '\''], &format!("{open}{open_inner}"), starts_word);
    quoted.replace(&['\'', '"'], &format!("{open_inner}{open}"), starts_word);
    for (quote, close) in [('\'', close_inner), ('"', close)] {
        quoted.replace(&[quote], close, |before, behind| {
            let ends = behind.first() == Some(&' ')
                || (is_punctuation(behind.first()) && behind.get(1) == Some(&' '));
            before.is_some_and(opens) && ends
        });
    }
    if style.knows_decades {
        quoted.replace(
            &['\''],
            APOSTROPHE,
            |_, behind| matches!(behind, [a, b, 's', ..] if a.is_numeric() && b.is_numeric()),
        );
    }
    let may_open = |before: Option<char>, behind: &[char]| {
        let next = behind.first();
        before.is_some_and(separates) && (is_word(next) || is_punctuation(next))
    };
    quoted.replace(&['\''], open_inner, may_open);
    if close_inner != APOSTROPHE {
        quoted.replace(&['\''], APOSTROPHE, |before, behind| {
            is_word(before.as_ref()) && is_word(behind.first())
        });
    }
    let is_behind_text = |before: Option<char>| before.is_none_or(|c| !is_space(c));
    quoted.replace(&['\''], close_inner, |before, _| is_behind_text(before));
    quoted.replace(&['\''], open_inner, |_, _| true);
    quoted.replace(&['"'], open, may_open);
    quoted.replace(&['"'], close, |before, behind| {
        is_behind_text(before) || behind.first().is_some_and(|c| is_space(*c))
    });
    quoted.replace(&['"'], open, |_, _| true);
    quoted.0.into_iter().skip(1).collect()
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
            assert_eq!(
                super::educate(plain, ' ', super::Style::english()),
                educated
            );
        }
    }
}
