//! The simple API in HTML: a small reader that finds anchors and meta elements and forgives the rest.
//!
//! It is no HTML parser: listings are machine-made, and everything else is passed over. Linear in the
//! length of the page.
//!
//! Spec: PEP 503, 592 (`data-yanked`), 629 (version), 658 and 714 (`data-core-metadata`).

use pubflow_spec::Sha256;
use url::Url;

use super::{
    CoreMetadataOffer, IndexFile, PageError, ProjectPage, ProjectStatus, Yank, require_version_1,
    without_fragment,
};

pub(super) fn read(text: &str, address: &Url) -> Result<ProjectPage, PageError> {
    let mut page = ProjectPage {
        files: Vec::new(),
        status: ProjectStatus::Active,
        versions: Vec::new(),
    };
    let mut base = address.clone();
    for element in Elements::of(text) {
        match element.name.as_str() {
            "base" => {
                if let Some(url) = element
                    .attribute("href")
                    .and_then(|href| address.join(href).ok())
                {
                    base = url;
                }
            }
            "meta" => read_meta(&element, &mut page)?,
            "a" => page.files.extend(read_anchor(&element, &base)),
            _ => {}
        }
    }
    Ok(page)
}

fn read_meta(element: &Element, page: &mut ProjectPage) -> Result<(), PageError> {
    let content = element.attribute("content").unwrap_or_default();
    match element.attribute("name") {
        Some("pypi:repository-version") => require_version_1(content),
        Some("pypi:project-status") => {
            page.status = ProjectStatus::parse(content);
            Ok(())
        }
        _ => Ok(()),
    }
}

fn read_anchor(element: &Element, base: &Url) -> Option<IndexFile> {
    let href = element.attribute("href")?;
    let (url, sha256) = without_fragment(base.join(href.trim()).ok()?);
    // Installers go by the address, not by the text of the link.
    let last = url.path_segments()?.next_back()?;
    let filename = percent_decoded(last);
    if filename.is_empty() {
        return None;
    }
    let offer = ["data-core-metadata", "data-dist-info-metadata"]
        .into_iter()
        .find_map(|name| element.attribute(name))
        .map_or(CoreMetadataOffer::None, read_offer);
    Some(IndexFile {
        filename,
        url,
        sha256,
        size: None,
        // An empty value counts here, unlike in JSON: the attribute alone says yanked.
        yanked: element.attribute("data-yanked").map(|reason| Yank {
            reason: (!reason.is_empty()).then(|| reason.to_owned()),
        }),
        core_metadata: offer,
        requires_python: element.attribute("data-requires-python").map(str::to_owned),
        upload_time: None,
        provenance: element
            .attribute("data-provenance")
            .and_then(|link| base.join(link).ok()),
    })
}

fn read_offer(value: &str) -> CoreMetadataOffer {
    match value {
        "false" => CoreMetadataOffer::None,
        other => CoreMetadataOffer::Served {
            sha256: other
                .strip_prefix("sha256=")
                .and_then(|hex| Sha256::parse(hex).ok()),
        },
    }
}

/// A start tag.
struct Element {
    name: String,
    attributes: Vec<(String, String)>,
}

impl Element {
    fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }
}

/// The start tags of a page, in order.
struct Elements<'a> {
    rest: &'a str,
}

impl<'a> Elements<'a> {
    fn of(text: &'a str) -> Self {
        Self { rest: text }
    }
}

impl Iterator for Elements<'_> {
    type Item = Element;

    fn next(&mut self) -> Option<Element> {
        loop {
            let start = self.rest.find('<')?;
            self.rest = &self.rest[start + 1..];
            if let Some(comment) = self.rest.strip_prefix("!--") {
                // A comment that never ends hides everything after it, as in browsers.
                let end = comment.find("-->")?;
                self.rest = &comment[end + 3..];
                continue;
            }
            if !self.rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
                continue;
            }
            let (element, rest) = read_tag(self.rest)?;
            self.rest = rest;
            return Some(element);
        }
    }
}

/// Reads a tag from its name on; none when the page ends inside it.
fn read_tag(text: &str) -> Option<(Element, &str)> {
    let name_end = text.find(|c: char| c.is_whitespace() || matches!(c, '>' | '/'))?;
    let mut element = Element {
        name: text[..name_end].to_ascii_lowercase(),
        attributes: Vec::new(),
    };
    let mut rest = &text[name_end..];
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
        if let Some(after) = rest.strip_prefix('>') {
            return Some((element, after));
        }
        let is_end = |c: char| c.is_whitespace() || matches!(c, '>' | '/' | '=');
        // A tag that begins with `=` would otherwise stand still.
        let key_end = rest
            .char_indices()
            .skip(1)
            .find_map(|(index, c)| is_end(c).then_some(index))?;
        let key = rest[..key_end].to_ascii_lowercase();
        rest = rest[key_end..].trim_start();
        let Some(after) = rest.strip_prefix('=') else {
            element.attributes.push((key, String::new()));
            continue;
        };
        let (value, after) = read_value(after.trim_start())?;
        element.attributes.push((key, unescape(value)));
        rest = after;
    }
}

fn read_value(text: &str) -> Option<(&str, &str)> {
    for quote in ['"', '\''] {
        if let Some(quoted) = text.strip_prefix(quote) {
            let end = quoted.find(quote)?;
            return Some((&quoted[..end], &quoted[end + 1..]));
        }
    }
    let end = text.find(|c: char| c.is_whitespace() || c == '>')?;
    Some((&text[..end], &text[end..]))
}

/// The text with character references resolved: the five named ones that generators use, and numbers.
pub(crate) fn unescape(text: &str) -> String {
    /// The longest reference that is resolved, `&#1114111;`, without its ampersand.
    const LONGEST: usize = 9;
    let mut clean = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('&') {
        clean.push_str(&rest[..start]);
        rest = &rest[start + 1..];
        let end = rest.bytes().take(LONGEST).position(|byte| byte == b';');
        match end.and_then(|end| Some((resolve(&rest[..end])?, end))) {
            Some((c, end)) => {
                clean.push(c);
                rest = &rest[end + 1..];
            }
            None => clean.push('&'),
        }
    }
    clean.push_str(rest);
    clean
}

fn resolve(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some('\u{a0}'),
        other => {
            let number = other.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)
        }
    }
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let hex = (first == b'%')
            .then(|| after.get(..2))
            .flatten()
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match hex {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(text: &str) -> ProjectPage {
        let address = Url::parse("https://example.org/simple/demo/").unwrap();
        read(text, &address).unwrap()
    }

    #[test]
    fn a_listing_as_the_index_writes_it() {
        let digest = "b".repeat(64);
        let page = page(&format!(
            r#"<!DOCTYPE html><html><head>
            <meta name="pypi:repository-version" content="1.4"><meta name="pypi:project-status" content="quarantined"/>
            <title>Links</title></head><body><!-- <a href="hidden-1.0.tar.gz">no</a> -->
            <a href="https://files.example.org/x/demo-1.0%2Blocal-py3-none-any.whl#sha256={digest}"
               data-requires-python="&gt;=3.8" data-core-metadata="sha256={digest}">demo</a><br/>
            <A HREF='../../files/demo-1.0.tar.gz#md5=1' data-yanked>demo-1.0.tar.gz</A>
            <a href=plain-1.0.tar.gz data-yanked="it &quot;broke&quot; &#39;&#x41;">x</a>
            </body></html>"#
        ));
        assert_eq!(page.status, ProjectStatus::Quarantined);
        let names: Vec<_> = page
            .files
            .iter()
            .map(|file| file.filename.as_str())
            .collect();
        assert_eq!(
            names,
            [
                "demo-1.0+local-py3-none-any.whl",
                "demo-1.0.tar.gz",
                "plain-1.0.tar.gz"
            ]
        );
        let sha256 = Sha256::parse(&digest).ok();
        assert_eq!(page.files[0].sha256, sha256);
        assert_eq!(page.files[0].requires_python.as_deref(), Some(">=3.8"));
        assert_eq!(
            page.files[0].core_metadata,
            CoreMetadataOffer::Served { sha256 }
        );
        assert_eq!(page.files[0].url.fragment(), None);
        assert_eq!(
            page.files[1].url.as_str(),
            "https://example.org/files/demo-1.0.tar.gz"
        );
        assert_eq!(page.files[1].sha256, None);
        assert_eq!(page.files[1].yanked, Some(Yank { reason: None }));
        assert_eq!(
            page.files[2].yanked.as_ref().unwrap().reason.as_deref(),
            Some("it \"broke\" 'A")
        );
    }

    #[test]
    fn a_base_element_moves_relative_addresses() {
        let page =
            page(r#"<base href="https://cdn.example.org/p/"><a href="demo-1.0.tar.gz">x</a>"#);
        assert_eq!(
            page.files[0].url.as_str(),
            "https://cdn.example.org/p/demo-1.0.tar.gz"
        );
    }

    #[test]
    fn broken_pages_give_what_can_be_read() {
        assert_eq!(page("").files, []);
        assert_eq!(page("<a href=\"x-1.0.tar.gz").files, []);
        assert_eq!(page("<a =x>y</a><a/><a ==>").files, []);
        assert_eq!(page("< a href=x><a href=\"demo-1.tar.gz\"").files, []);
        assert_eq!(page("<a href=\"demo-1.tar.gz\" é=ü>").files.len(), 1);
        assert_eq!(page(&"<a ".repeat(50_000)).files, []);
        assert_eq!(
            unescape("a&b &unknown; &#xD800; &#99999999999; &é;"),
            "a&b &unknown; &#xD800; &#99999999999; &é;"
        );
        assert_eq!(percent_decoded("%zz%4"), "%zz%4");
    }

    #[test]
    fn a_later_major_version_is_refused() {
        let address = Url::parse("https://example.org/").unwrap();
        let text = r#"<meta name="pypi:repository-version" content="2.0">"#;
        assert!(matches!(
            read(text, &address),
            Err(PageError::Version { .. })
        ));
    }
}
