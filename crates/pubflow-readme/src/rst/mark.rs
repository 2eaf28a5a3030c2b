//! What the first line of a block says about the block.

use super::chars::byte_at;

/// The kinds of block, in the order in which they are tried. Numbers count characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    Blank,
    Indent,
    Bullet(usize),
    Enumerator(usize),
    Field(usize),
    Option(usize),
    Doctest,
    LineBlock(usize),
    GridTable,
    SimpleTable,
    Explicit(usize),
    Anonymous(usize),
    Line,
    Text,
}

impl Mark {
    /// Classifies a line.
    pub(super) fn of(line: &str) -> Self {
        let Some(first) = line.chars().next() else {
            return Self::Blank;
        };
        if first == ' ' {
            return if line.trim_matches(' ').is_empty() {
                Self::Blank
            } else {
                Self::Indent
            };
        }
        let start = first.len_utf8();
        match first {
            '-' | '+' | '*' | '\u{2022}' | '\u{2023}' | '\u{2043}' => {
                if let Some(n) = gap(line, start) {
                    return Self::Bullet(1 + n);
                }
            }
            ':' => {
                if let Some(n) = field_marker(line) {
                    return Self::Field(n);
                }
            }
            _ => {}
        }
        if let Some((_, end)) = enumerator(line) {
            return Self::Enumerator(end);
        }
        if let Some(end) = option_marker(line) {
            return Self::Option(end);
        }
        Self::of_rest(line)
    }

    fn of_rest(line: &str) -> Self {
        for (marker, mark) in [
            (">>>", (|_| Self::Doctest) as fn(usize) -> Self),
            ("|", Self::LineBlock),
            ("..", Self::Explicit),
            ("__", Self::Anonymous),
        ] {
            if line.starts_with(marker)
                && let Some(n) = gap(line, marker.len())
            {
                return mark(marker.len() + n);
            }
        }
        if is_grid_border(line) {
            return Self::GridTable;
        }
        if is_simple_top(line) {
            return Self::SimpleTable;
        }
        if is_ruler(line) {
            return Self::Line;
        }
        Self::Text
    }
}

/// Number of spaces from `at` on, if there are some or the line ends.
fn gap(line: &str, at: usize) -> Option<usize> {
    let rest = &line[at..];
    let n = rest.len() - rest.trim_start_matches(' ').len();
    (n > 0 || rest.is_empty()).then_some(n)
}

/// One punctuation character, repeated: an underline, an overline or a transition.
pub(super) fn is_ruler(line: &str) -> bool {
    let line = line.trim_end_matches(' ');
    let mut bytes = line.bytes();
    let first = bytes.next();
    first.is_some_and(|first| first.is_ascii_punctuation() && bytes.all(|byte| byte == first))
}

/// `+----+` and the like: top and bottom of a grid table.
pub(super) fn is_grid_border(line: &str) -> bool {
    let line = line.trim_end_matches(' ');
    line.len() >= 5
        && line.starts_with("+-")
        && line.ends_with("-+")
        && line.bytes().all(|byte| matches!(byte, b'-' | b'+'))
}

/// `===  ===`: top of a simple table.
fn is_simple_top(line: &str) -> bool {
    is_simple_border(line) && line.trim_end_matches(' ').contains(' ')
}

/// Bottom or header rule of a simple table.
pub(super) fn is_simple_border(line: &str) -> bool {
    line.starts_with('=') && line.bytes().all(|byte| matches!(byte, b'=' | b' '))
}

/// Characters of a field marker with the spaces behind it.
pub(super) fn field_marker(line: &str) -> Option<usize> {
    let bytes = line.as_bytes();
    if bytes.first() != Some(&b':') || matches!(bytes.get(1), None | Some(b':' | b' ')) {
        return None;
    }
    let mut at = 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => {
                let escaped = line[at + 1..].chars().next()?;
                at += escaped.len_utf8();
            }
            b':' => match bytes.get(at + 1) {
                None | Some(b' ') => {
                    let n = gap(line, at + 1)?;
                    let marker = line[..=at].chars().count();
                    return (bytes[at - 1] != b' ').then_some(marker + n);
                }
                Some(b'`') => return None,
                Some(_) => {}
            },
            _ => {}
        }
        at += 1;
    }
    None
}

/// Forms of enumerators.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum EnumFormat {
    Parens,
    RightParen,
    Period,
}

impl EnumFormat {
    /// What stands before and after the number.
    pub(super) fn affixes(self) -> (&'static str, &'static str) {
        match self {
            Self::Parens => ("(", ")"),
            Self::RightParen => ("", ")"),
            Self::Period => ("", "."),
        }
    }
}

/// An enumerator: its form with the text between, and its end with the spaces behind it.
pub(super) fn enumerator(line: &str) -> Option<((EnumFormat, &str), usize)> {
    let open = usize::from(line.starts_with('('));
    let body = &line[open..];
    let end = body.find(|c: char| !c.is_ascii_alphanumeric() && c != '#')?;
    let text = &body[..end];
    let format = match (open, body.as_bytes()[end]) {
        (1, b')') => EnumFormat::Parens,
        (0, b')') => EnumFormat::RightParen,
        (0, b'.') => EnumFormat::Period,
        _ => return None,
    };
    let all = |set: &str| !text.is_empty() && text.chars().all(|c| set.contains(c));
    let single = text.len() == 1 && text.as_bytes()[0].is_ascii_alphabetic();
    if !(single || text == "#" || all("0123456789") || all("ivxlcdm") || all("IVXLCDM")) {
        return None;
    }
    let at = open + end + 1;
    Some(((format, text), at + gap(line, at)?))
}

/// Characters of an option marker with the spaces behind it.
pub(super) fn option_marker(line: &str) -> Option<usize> {
    let mut at = option(line, 0)?;
    while line[at..].starts_with(", ") {
        match option(line, at + 2) {
            Some(end) => at = end,
            None => break,
        }
    }
    let rest = &line[at..];
    let n = rest.len() - rest.trim_start_matches(' ').len();
    (n >= 2 || n == rest.len()).then_some(line[..at + n].chars().count())
}

/// End of one option with its argument.
fn option(line: &str, at: usize) -> Option<usize> {
    let rest = &line[at..];
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    let short =
        rest.starts_with(['-', '+']) && rest[1..].starts_with(|c: char| c.is_ascii_alphanumeric());
    if short {
        let end = at + 2;
        let separated = line[end..]
            .strip_prefix(' ')
            .and_then(|_| argument(line, end + 1));
        return Some(separated.or_else(|| argument(line, end)).unwrap_or(end));
    }
    let start = at
        + if rest.starts_with("--") {
            2
        } else {
            usize::from(rest.starts_with('/'))
        };
    if start == at || !line[start..].starts_with(|c: char| c.is_ascii_alphanumeric()) {
        return None;
    }
    let name = &line[start..];
    let end = start + name.find(|c| !is_name(c)).unwrap_or(name.len());
    let separated = line[end..].starts_with([' ', '=']);
    Some(
        separated
            .then(|| argument(line, end + 1))
            .flatten()
            .unwrap_or(end),
    )
}

/// End of an option's argument.
fn argument(line: &str, at: usize) -> Option<usize> {
    let rest = &line[at..];
    if let Some(inner) = rest.strip_prefix('<') {
        let end = inner.find(['<', '>'])?;
        return (end > 0 && inner[end..].starts_with('>')).then_some(at + end + 2);
    }
    rest.starts_with(|c: char| c.is_ascii_alphabetic())
        .then(|| {
            let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '-'));
            at + end.unwrap_or(rest.len())
        })
}

/// The first `n` characters.
pub(super) fn head(line: &str, n: usize) -> &str {
    &line[..byte_at(line, n)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_told_by_their_start() {
        for (line, mark) in [
            ("", Mark::Blank),
            ("  x", Mark::Indent),
            ("- x", Mark::Bullet(2)),
            ("\u{2022}  x", Mark::Bullet(3)),
            ("-x", Mark::Option(2)),
            ("-x y z", Mark::Text),
            ("-x  y", Mark::Option(4)),
            ("--long=<a b>, -s X  y", Mark::Option(20)),
            ("(iv) x", Mark::Enumerator(5)),
            ("ab. x", Mark::Text),
            (":a b: c", Mark::Field(6)),
            (":a:`b`: c", Mark::Text),
            (":a\\: b", Mark::Text),
            (">>> x", Mark::Doctest),
            ("+---+", Mark::GridTable),
            ("==  ==", Mark::SimpleTable),
            ("====", Mark::Line),
            (".. x", Mark::Explicit(3)),
            ("__ x", Mark::Anonymous(3)),
            ("| x", Mark::LineBlock(2)),
        ] {
            assert_eq!(Mark::of(line), mark, "{line}");
        }
    }
}
