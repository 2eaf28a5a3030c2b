//! Tags of rendered HTML. The sanitiser writes it, so that its form is known: attributes stand in
//! double quotes, and `<` opens nothing but tags.

/// A start tag.
pub(super) struct Tag<'a> {
    pub(super) name: &'a str,
    rest: &'a str,
}

impl Tag<'_> {
    /// The value of an attribute.
    pub(super) fn get(&self, name: &str) -> Option<String> {
        let mut rest = self.rest;
        while let Some((key, behind)) = rest.split_once("=\"") {
            let (value, behind) = behind.split_once('"')?;
            if key.trim() == name {
                return Some(decoded(value));
            }
            rest = behind;
        }
        None
    }
}

fn decoded(value: &str) -> String {
    value
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&nbsp;", "\u{a0}")
        .replace("&amp;", "&")
}

/// Start tags in their order.
pub(super) fn tags(html: &str) -> impl Iterator<Item = Tag<'_>> {
    html.split('<').skip(1).filter_map(|piece| {
        let end = piece
            .starts_with(|c: char| c.is_ascii_alphabetic())
            .then(|| end_of(piece))??;
        let tag = &piece[..end];
        let (name, rest) = tag.split_once(' ').unwrap_or((tag, ""));
        Some(Tag { name, rest })
    })
}

/// Where a tag ends: at the first `>` outside of quotes.
fn end_of(piece: &str) -> Option<usize> {
    let mut quoted = false;
    piece.bytes().position(|byte| {
        quoted ^= byte == b'"';
        byte == b'>' && !quoted
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_give_their_attributes() {
        let html = "<p>a</p><a href=\"x?a=1&amp;b\" title=\"1 > 0\" rel=\"nofollow\">b</a>";
        let found: Vec<_> = tags(html).map(|tag| (tag.name, tag.get("href"))).collect();
        assert_eq!(found, [("p", None), ("a", Some("x?a=1&b".to_owned()))]);
        assert_eq!(tags(html).nth(1).unwrap().get("title").unwrap(), "1 > 0");
    }
}
