//! Start and end strings of inline markup, by the recognition rules of the specification.

use crate::rst::chars::{is_name_char, is_space, may_stand_after, may_stand_before};

/// Start strings, and constructs that are recognised as a whole. Lengths are in bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Start {
    Strong,
    Emphasis,
    Literal,
    Target,
    Substitution,
    /// `name_`
    Reference {
        name: usize,
        anonymous: bool,
    },
    /// `[label]_`
    Footnote {
        label: usize,
    },
    /// A backquote after a role of that length.
    Interpreted {
        role: usize,
    },
}

impl Start {
    /// Whether the start string means nothing between quotes.
    pub(super) fn can_be_quoted(&self) -> bool {
        !matches!(
            self,
            Self::Reference { .. } | Self::Footnote { .. } | Self::Interpreted { role: 1.. }
        )
    }
}

/// End strings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Strong,
    Emphasis,
    Literal,
    Target,
    Substitution,
    Interpreted,
}

/// End of a name at `at`: letters and digits with single `-._+:` between them.
pub(crate) fn simple_name(text: &str, at: usize) -> Option<usize> {
    let mut end = at;
    let mut chars = text[at..].char_indices().peekable();
    while let Some((offset, c)) = chars.next() {
        let mut next_is_name = || chars.peek().is_some_and(|(_, next)| is_name_char(*next));
        if is_name_char(c) {
            end = at + offset + c.len_utf8();
        } else if !(matches!(c, '-' | '.' | '_' | '+' | ':') && end > at && next_is_name()) {
            break;
        }
    }
    (end > at).then_some(end)
}

/// Whether markup may end before the rest of the text.
fn ends_before(rest: &str) -> bool {
    rest.chars().next().is_none_or(may_stand_after)
}

/// The first start string: its place, what it is, and its length.
pub(super) fn find_start(text: &str) -> Option<(usize, Start, usize)> {
    let mut before = None;
    let mut name_until = 0;
    for (at, c) in text.char_indices() {
        let may_start = before.is_none_or(may_stand_before);
        before = Some(c);
        if may_start && let Some((start, length)) = start_at(text, at, c, &mut name_until) {
            return Some((at, start, length));
        }
    }
    None
}

fn start_at(text: &str, at: usize, c: char, name_until: &mut usize) -> Option<(Start, usize)> {
    let rest = &text[at..];
    // White space may not follow a start string; the end of the text may.
    let opens = |length: usize| !rest[length..].starts_with(is_space);
    match c {
        '*' if rest.starts_with("**") => opens(2).then_some((Start::Strong, 2)),
        '*' => opens(1).then_some((Start::Emphasis, 1)),
        '`' if rest.starts_with("``") => opens(2).then_some((Start::Literal, 2)),
        '`' => opens(1).then_some((Start::Interpreted { role: 0 }, 1)),
        '_' if rest.starts_with("_`") => opens(2).then_some((Start::Target, 2)),
        '|' if !rest.starts_with("||") => opens(1).then_some((Start::Substitution, 1)),
        '[' => footnote_at(rest),
        ':' => {
            let end = simple_name(rest, 1)?;
            let role = end + 1;
            let is_role = rest[end..].starts_with(":`") && !rest[end..].starts_with(":``");
            (is_role && opens(role + 1)).then_some((Start::Interpreted { role }, role + 1))
        }
        c if is_name_char(c) => {
            // Within a name that was looked at, the outcome is the same.
            if at < *name_until {
                return None;
            }
            let end = simple_name(rest, 0)?;
            *name_until = at + end;
            let mark = if rest[end..].starts_with("__") { 2 } else { 1 };
            let is_reference = rest[end..].starts_with('_') && ends_before(&rest[end + mark..]);
            let start = Start::Reference {
                name: end,
                anonymous: mark == 2,
            };
            is_reference.then_some((start, end + mark))
        }
        _ => None,
    }
}

fn footnote_at(rest: &str) -> Option<(Start, usize)> {
    let end = match rest.as_bytes().get(1)? {
        b'*' => 2,
        b'#' => simple_name(rest, 2).unwrap_or(2),
        _ => simple_name(rest, 1)?,
    };
    let found = rest[end..].starts_with("]_") && ends_before(&rest[end + 2..]);
    found.then_some((Start::Footnote { label: end - 1 }, end + 2))
}

/// The first end string of its kind: its place and its length.
pub(super) fn find_end(text: &str, end: End) -> Option<(usize, usize)> {
    let marker = match end {
        End::Strong => "**",
        End::Emphasis => "*",
        End::Literal => "``",
        End::Target | End::Interpreted => "`",
        End::Substitution => "|",
    };
    let mut from = 0;
    while let Some(at) = text[from..].find(marker).map(|at| at + from) {
        let before = &text[..at];
        let last = before.chars().next_back();
        let is_open = match end {
            End::Literal => last.is_some_and(is_space),
            End::Interpreted => last.is_some_and(|c| {
                let escaped = before[..before.len() - c.len_utf8()].ends_with('\0');
                (c == '\0' || is_space(c)) && !escaped
            }),
            _ => last.is_some_and(|c| c == '\0' || is_space(c)),
        };
        let rest = &text[at + marker.len()..];
        if !is_open && let Some(n) = suffix(rest, end) {
            return Some((at, marker.len() + n));
        }
        from = at + 1;
    }
    None
}

/// What belongs to an end string behind its marker, if markup may end there.
fn suffix(rest: &str, end: End) -> Option<usize> {
    let n_marks = rest
        .bytes()
        .take(2)
        .take_while(|byte| *byte == b'_')
        .count();
    match end {
        End::Substitution => (0..=n_marks).rev().find(|n| ends_before(&rest[*n..])),
        End::Interpreted => {
            let role = rest
                .starts_with(':')
                .then(|| simple_name(rest, 1))
                .flatten()
                .filter(|end| rest[*end..].starts_with(':'))
                .map(|end| end + 1);
            let with_role = role.and_then(|role| {
                let marks = rest[role..]
                    .bytes()
                    .take(2)
                    .take_while(|byte| *byte == b'_')
                    .count();
                (0..=marks)
                    .rev()
                    .map(|n| role + n)
                    .find(|n| ends_before(&rest[*n..]))
            });
            with_role.or_else(|| (0..=n_marks).rev().find(|n| ends_before(&rest[*n..])))
        }
        _ => ends_before(rest).then_some(0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn starts_stand_after_space_or_punctuation() {
        assert_eq!(find_start("a *b*"), Some((2, Start::Emphasis, 1)));
        assert_eq!(find_start("a*b* c_d"), None);
        let reference = Start::Reference {
            name: 5,
            anonymous: false,
        };
        assert_eq!(find_start("x a-b_c_."), Some((2, reference, 6)));
        assert_eq!(
            find_start(" [#a]_"),
            Some((1, Start::Footnote { label: 2 }, 5))
        );
        assert_eq!(
            find_start(":r:`x`"),
            Some((0, Start::Interpreted { role: 3 }, 4))
        );
    }

    #[test]
    fn ends_need_text_before_and_a_border_behind() {
        assert_eq!(find_end("a * b*c d*", End::Emphasis), Some((9, 1)));
        assert_eq!(find_end("a`__ b", End::Interpreted), Some((1, 3)));
        assert_eq!(find_end("a`:r: b", End::Interpreted), Some((1, 4)));
    }
}
