//! The sanitiser's allow list: which tags, attributes and addresses survive on PyPI.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::Builder;

use crate::profile::Profile;

const TAGS: &[&str] = &[
    "a",
    "abbr",
    "acronym",
    "aside",
    "b",
    "blockquote",
    "br",
    "caption",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "del",
    "details",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "input",
    "kbd",
    "li",
    "nav",
    "ol",
    "p",
    "picture",
    "pre",
    "section",
    "span",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "tt",
    "ul",
    "var",
];

const ATTRIBUTES: &[(&str, &[&str])] = &[
    ("a", &["href", "title"]),
    ("abbr", &["title"]),
    ("acronym", &["title"]),
    ("aside", &["class"]),
    ("code", &["class"]),
    ("dd", &["class"]),
    ("div", &["align", "class"]),
    ("dl", &["class"]),
    ("dt", &["class"]),
    ("figure", &["class"]),
    ("h1", &["align"]),
    ("h2", &["align"]),
    ("h3", &["align"]),
    ("h4", &["align"]),
    ("h5", &["align"]),
    ("h6", &["align"]),
    ("hr", &["class"]),
    ("img", &["src", "width", "height", "alt", "align", "class"]),
    ("input", &["type", "checked", "disabled"]),
    ("nav", &["class"]),
    ("ol", &["start"]),
    ("p", &["align", "class"]),
    ("pre", &["class", "lang"]),
    ("span", &["class"]),
    ("td", &["align", "colspan", "rowspan"]),
    ("th", &["align", "class"]),
    ("ul", &["class"]),
];

static RENDERED: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = builder(TAGS.iter().copied().collect());
    let attributes: HashMap<_, HashSet<_>> = ATTRIBUTES
        .iter()
        .map(|(tag, names)| (*tag, names.iter().copied().collect()))
        .collect();
    builder
        .tag_attributes(attributes)
        .set_tag_attribute_value("input", "disabled", "");
    builder
});

static PLAIN: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = builder(HashSet::from(["br"]));
    builder.tag_attributes(HashMap::new());
    builder
});

fn builder(tags: HashSet<&'static str>) -> Builder<'static> {
    let mut builder = Builder::default();
    builder
        .tags(tags)
        .generic_attributes(HashSet::from(["id"]))
        .link_rel(Some("nofollow"))
        .url_schemes(HashSet::from(["http", "https", "mailto"]));
    builder
}

/// Whether an element survives.
pub(crate) fn keeps(element: &str) -> bool {
    TAGS.contains(&element)
}

/// HTML as PyPI keeps it of a rendered description.
pub(crate) fn rendered(html: &str, profile: Profile) -> String {
    let html = RENDERED.clean(html).to_string();
    match profile.escapes_angles_in_attributes() {
        true => html,
        false => with_bare_angles(&html),
    }
}

/// The same HTML with angle brackets as they are in the values of attributes. An ampersand that a
/// value holds is written `&amp;`, so nothing else can be meant by `&lt;` and `&gt;` there.
fn with_bare_angles(html: &str) -> String {
    let mut bare = String::with_capacity(html.len());
    let (mut in_tag, mut in_value) = (false, false);
    let mut rest = html;
    while let Some(at) = rest.find(['<', '>', '"', '&']) {
        let (before, found) = rest.split_at(at);
        bare.push_str(before);
        let angle = ["&lt;", "&gt;"]
            .iter()
            .zip(["<", ">"])
            .find(|(escaped, _)| in_value && found.starts_with(**escaped));
        let (written, n_bytes) = match angle {
            Some((escaped, angle)) => (angle, escaped.len()),
            None => (&found[..1], 1),
        };
        match (written, n_bytes) {
            ("<", 1) if !in_value => in_tag = true,
            (">", 1) if !in_value => in_tag = false,
            ("\"", 1) if in_tag => in_value = !in_value,
            _ => {}
        }
        bare.push_str(written);
        rest = &found[n_bytes..];
    }
    bare.push_str(rest);
    bare
}

/// HTML as PyPI keeps it of plain text: line ends and nothing else.
pub(crate) fn plain(html: &str) -> String {
    PLAIN.clean(html).to_string()
}

#[cfg(test)]
mod tests {
    use crate::profile::Profile;

    fn rendered(html: &str) -> String {
        super::rendered(html, Profile::Renderer46)
    }

    #[test]
    fn angles_in_attributes_are_as_each_renderer_writes_them() {
        let html = "<a href='&lt;x&gt;&amp;gt;' title='\"&gt;'>&lt;b&gt; \"&gt;</a>";
        assert_eq!(
            rendered(html),
            "<a href=\"&lt;x&gt;&amp;gt;\" title=\"&quot;&gt;\" rel=\"nofollow\">&lt;b&gt; \"&gt;</a>"
        );
        assert_eq!(
            super::rendered(html, Profile::Renderer45),
            "<a href=\"<x>&amp;gt;\" title=\"&quot;>\" rel=\"nofollow\">&lt;b&gt; \"&gt;</a>"
        );
    }

    #[test]
    fn scripts_go_and_links_are_marked() {
        assert_eq!(
            rendered("<script>x</script><a href='https://a.example'>b</a><s>c</s>"),
            "<a href=\"https://a.example\" rel=\"nofollow\">b</a>c"
        );
        assert_eq!(
            rendered("<a href='javascript:x'>b</a>"),
            "<a rel=\"nofollow\">b</a>"
        );
        assert_eq!(super::plain("a<br><b>c</b>"), "a<br>c");
    }
}
