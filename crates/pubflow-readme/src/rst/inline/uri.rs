//! Addresses in running text and in angle brackets.

use crate::rst::chars::{is_space, may_stand_after, may_stand_before};
use crate::rst::schemes::SCHEMES;

/// An address in a text.
pub(super) struct Found {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) is_email: bool,
}

fn is_uri_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_.!~*'()[];/:@&=+$,%\0".contains(&byte)
}

fn may_end_uri(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"_~*/=+".contains(&byte)
}

fn is_email_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_!~*'{|}/#?^`&=+$%\0".contains(&byte)
}

fn ends_before(rest: &str) -> bool {
    rest.chars().next().is_none_or(may_stand_after)
}

/// Whether the byte before `end` may be an address's last one.
fn ends_at(text: &str, end: usize) -> bool {
    let bytes = text.as_bytes();
    may_end_uri(bytes[end - 1]) || (is_uri_byte(bytes[end - 1]) && bytes.get(end) == Some(&b'>'))
}

fn run(text: &str, from: usize, accepts: fn(u8) -> bool) -> usize {
    from + text.as_bytes()[from..]
        .iter()
        .take_while(|byte| accepts(**byte))
        .count()
}

/// End of an address without scheme from `from` on.
fn uri_end(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let longest = run(text, from, is_uri_byte);
    for end in (from + 1..=longest).rev().filter(|end| ends_at(text, *end)) {
        if bytes.get(end) == Some(&b'?')
            && let Some(end) = part_end(text, end, true)
        {
            return Some(end);
        }
        if bytes.get(end) == Some(&b'#')
            && let Some(end) = part_end(text, end, false)
        {
            return Some(end);
        }
        if ends_before(&text[end..]) {
            return Some(end);
        }
    }
    None
}

/// End of a query or fragment whose marker stands at `at`.
fn part_end(text: &str, at: usize, may_have_fragment: bool) -> Option<usize> {
    let longest = run(text, at + 1, is_uri_byte);
    for end in (at + 2..=longest).rev().filter(|end| ends_at(text, *end)) {
        if may_have_fragment
            && text.as_bytes().get(end) == Some(&b'#')
            && let Some(end) = part_end(text, end, false)
        {
            return Some(end);
        }
        if ends_before(&text[end..]) {
            return Some(end);
        }
    }
    None
}

/// End of an e-mail address at `from`, up to where `accepts_end` agrees.
fn email_end(text: &str, from: usize, accepts_end: impl Fn(usize) -> bool) -> Option<usize> {
    let bytes = text.as_bytes();
    let is_part = |byte| is_email_byte(byte) || byte == b'.';
    let at = from
        + bytes[from..]
            .iter()
            .take_while(|byte| is_part(**byte))
            .count();
    let local = &text[from..at];
    let is_sound = !local.is_empty()
        && !local.starts_with('.')
        && !local.ends_with(['.', '\0'])
        && !local.contains("..");
    if !is_sound
        || bytes.get(at) != Some(&b'@')
        || !bytes.get(at + 1).copied().is_some_and(is_email_byte)
    {
        return None;
    }
    let longest = at
        + 1
        + bytes[at + 1..]
            .iter()
            .take_while(|byte| is_part(**byte))
            .count();
    let beyond = bytes.get(longest).is_some_and(|byte| is_uri_byte(*byte));
    (at + 3..=longest + usize::from(beyond))
        .rev()
        .find(|end| ends_at(text, *end) && accepts_end(*end))
}

/// The first address in a text. A scheme that is unknown ends the search, as in the reference.
pub(super) fn find(text: &str) -> Option<Found> {
    if !text.contains([':', '@']) {
        return None;
    }
    let mut before = None;
    for (start, c) in text.char_indices() {
        let may_start = before.is_none_or(may_stand_before);
        before = Some(c);
        if !may_start || !c.is_ascii() {
            continue;
        }
        if let Some((scheme, end)) = absolute(text, start) {
            let known = SCHEMES.binary_search(&text[start..scheme].to_ascii_lowercase().as_str());
            return known.is_ok().then_some(Found {
                start,
                end,
                is_email: false,
            });
        }
        if let Some(end) = email_end(text, start, |end| ends_before(&text[end..])) {
            return Some(Found {
                start,
                end,
                is_email: true,
            });
        }
    }
    None
}

/// End of the scheme and of the address that starts at `start`.
fn absolute(text: &str, start: usize) -> Option<(usize, usize)> {
    let bytes = text.as_bytes();
    if !bytes[start].is_ascii_alphabetic() {
        return None;
    }
    let is_scheme = |byte: u8| byte.is_ascii_alphanumeric() || b".+-".contains(&byte);
    let scheme = run(text, start, is_scheme);
    if bytes.get(scheme) != Some(&b':') {
        return None;
    }
    Some((scheme, uri_end(text, scheme + 1)?))
}

/// Whether a text starts with an address.
pub(super) fn is_address(text: &str) -> bool {
    !text.is_empty()
        && text.as_bytes()[0].is_ascii()
        && (absolute(text, 0).is_some()
            || email_end(text, 0, |end| ends_before(&text[end..])).is_some())
}

/// Puts `mailto:` before an e-mail address.
pub(crate) fn adjust_uri(uri: &str) -> String {
    let is_email = !uri.is_empty() && email_end(uri, 0, |end| end == uri.len()).is_some();
    if is_email {
        format!("mailto:{uri}")
    } else {
        uri.to_owned()
    }
}

/// An address in angle brackets at the end: where it and the space before start, and its text.
pub(super) fn embedded(text: &str) -> Option<(usize, &str)> {
    let inner = text.strip_suffix('>')?;
    if inner.ends_with(|c| c == '\0' || is_space(c)) {
        return None;
    }
    let mut from = inner.len();
    let open = loop {
        let at = inner[..from].rfind(['<', '>'])?;
        if !inner[..at].ends_with('\0') {
            break at;
        }
        from = at;
    };
    let content = inner[open..].strip_prefix('<')?;
    let before = &inner[..open];
    let stands = before.is_empty() || before.ends_with([' ', '\n']);
    let sound = !content.is_empty() && !content.starts_with(is_space);
    (stands && sound).then(|| (before.trim_end_matches([' ', '\n']).len(), content))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        let found = find(text);
        assert_eq!(
            found.map(|found| &text[found.start..found.end]),
            expected,
            "{text}"
        );
    }

    #[test]
    fn addresses_end_before_punctuation() {
        check(
            "see http://a.example/b?c=d#e.",
            Some("http://a.example/b?c=d#e"),
        );
        check("(https://a.example/x_(y))", Some("https://a.example/x_(y"));
        check("<https://a.example/x.>", Some("https://a.example/x."));
        check("foo:bar http://a.example", None);
        check("a@b.example, c", Some("a@b.example"));
    }

    #[test]
    fn brackets_at_the_end_embed_an_address() {
        assert_eq!(embedded("a <b>"), Some((1, "b")));
        assert_eq!(embedded("a<b>"), None);
        assert_eq!(embedded("<b>"), Some((0, "b")));
    }
}
