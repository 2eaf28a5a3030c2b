//! Markdown: comrak with PyPI's options, fragment links prefixed, then the sanitiser.
//!
//! PyPI renders every Markdown description as GFM, whatever its variant parameter says. Code is
//! not highlighted here; apart from that the HTML is the same to the byte.

use std::fmt;
use std::sync::{Mutex, PoisonError};

use comrak::adapters::{HeadingAdapter, HeadingMeta};
use comrak::html::Anchorizer;
use comrak::nodes::{NodeValue, Sourcepos};
use comrak::options::{AlertStyleType, Plugins};
use comrak::{Arena, Options, markdown_to_html, markdown_to_html_with_plugins, parse_document};

use crate::profile::Profile;
use crate::sanitize;

/// What PyPI puts before the identifiers of headings.
const PREFIX: &str = "user-content-";

/// HTML of Markdown; `None` if nothing was rendered, which PyPI takes for a failure.
pub(crate) fn render(text: &str, profile: Profile) -> Option<String> {
    let html = match profile {
        Profile::Renderer45 => {
            let headings = AnchorsFirst::default();
            let mut plugins = Plugins::default();
            plugins.render.heading_adapter = Some(&headings);
            markdown_to_html_with_plugins(text, &options(profile), &plugins)
        }
        Profile::Renderer46 => markdown_to_html(text, &options(profile)),
    };
    if html.is_empty() {
        return None;
    }
    Some(sanitize::rendered(&prefix_fragments(&html), profile))
}

/// Headings as the library wrote them that renderer 45 has: an anchor with the identifier first.
#[derive(Default)]
struct AnchorsFirst(Mutex<Anchorizer>);

impl HeadingAdapter for AnchorsFirst {
    fn enter(
        &self,
        output: &mut dyn fmt::Write,
        heading: &HeadingMeta,
        _place: Option<Sourcepos>,
    ) -> fmt::Result {
        let mut anchors = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let id = anchors.anchorize(&heading.content);
        let level = heading.level;
        write!(
            output,
            "<h{level}><a href=\"#{id}\" class=\"anchor\" id=\"{PREFIX}{id}\"></a>"
        )
    }

    fn exit(&self, output: &mut dyn fmt::Write, heading: &HeadingMeta) -> fmt::Result {
        writeln!(output, "</h{}>", heading.level)
    }
}

/// A piece of the source that PyPI may show otherwise than it was meant.
#[derive(Debug)]
pub(crate) struct Span {
    /// Line of the source, from 1.
    pub(crate) line: usize,
    pub(crate) kind: SpanKind,
    /// The tag, the language of the code or the mark of the alert.
    pub(crate) text: String,
}

/// Kinds of [`Span`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SpanKind {
    /// A tag of raw HTML.
    Html,
    /// Code in a language.
    Code,
    /// A quotation that GitHub shows as an alert.
    Alert,
}

/// Raw tags, languages of code and alerts, in the order of the source.
pub(crate) fn spans(text: &str, profile: Profile) -> Vec<Span> {
    let arena = Arena::new();
    let root = parse_document(&arena, text, &options(profile));
    let mut spans = Vec::new();
    for node in root.descendants() {
        let ast = node.data();
        let line = ast.sourcepos.start.line;
        match &ast.value {
            NodeValue::HtmlBlock(html) => tags(&html.literal, line, &mut spans),
            NodeValue::HtmlInline(html) => tags(html, line, &mut spans),
            NodeValue::CodeBlock(code) if !code.info.is_empty() => {
                let language = code.info.split_whitespace().next().unwrap_or_default();
                spans.push(Span {
                    line,
                    kind: SpanKind::Code,
                    text: language.to_ascii_lowercase(),
                });
            }
            NodeValue::BlockQuote => {
                let first = text.lines().nth(line.saturating_sub(1)).unwrap_or_default();
                let mark = first.trim_start_matches([' ', '>']).trim_end();
                if mark.starts_with("[!") && mark.ends_with(']') {
                    spans.push(Span {
                        line,
                        kind: SpanKind::Alert,
                        text: mark.to_owned(),
                    });
                }
            }
            _ => {}
        }
    }
    spans
}

/// The tags of raw HTML that starts at `line`.
fn tags(html: &str, line: usize, spans: &mut Vec<Span>) {
    let mut at = line;
    for (n, piece) in html.split('<').enumerate() {
        if n > 0 {
            let tag = piece.split('>').next().unwrap_or(piece);
            spans.push(Span {
                line: at,
                kind: SpanKind::Html,
                text: format!("<{tag}"),
            });
        }
        at += piece.matches('\n').count();
    }
}

fn options(profile: Profile) -> Options<'static> {
    let mut options = Options::default();
    options.extension.autolink = true;
    options.extension.footnotes = true;
    options.extension.header_id_prefix = Some(PREFIX.to_owned());
    options.extension.strikethrough = true;
    options.extension.table = true;
    options.extension.tagfilter = true;
    options.extension.tasklist = true;
    options.extension.alerts = profile.has_alerts();
    options.extension.shortcodes = profile.has_alerts();
    options.render.r#unsafe = true;
    options.render.alert_style = AlertStyleType::Semantic;
    options
}

/// Points links within the page at the prefixed identifiers; those of footnotes have no prefix.
fn prefix_fragments(html: &str) -> String {
    const START: &str = "href=\"#";
    let mut out = String::with_capacity(html.len() + 64);
    let mut rest = html;
    while let Some(at) = rest.find(START) {
        let (before, after) = rest.split_at(at + START.len());
        out.push_str(before);
        let empty = after.starts_with('"') || !after.contains('"');
        if !empty && !after.starts_with("fn-") && !after.starts_with("fnref-") {
            out.push_str(PREFIX);
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_and_links_to_them_carry_the_prefix() {
        let html = render("# A b\n\n[to](#a-b)\n", Profile::Renderer46).unwrap();
        assert!(html.contains("id=\"user-content-a-b\""), "{html}");
        assert!(html.contains("href=\"#user-content-a-b\" rel"), "{html}");
    }

    #[test]
    fn renderer_45_has_the_anchor_first() {
        assert_eq!(
            render("# A *b*\n", Profile::Renderer45).unwrap(),
            "<h1><a href=\"#user-content-a-b\" id=\"user-content-a-b\" rel=\"nofollow\"></a>A <em>b</em></h1>\n"
        );
    }

    #[test]
    fn white_space_and_definitions_render_to_nothing() {
        assert_eq!(render(" \n", Profile::Renderer45), None);
        assert_eq!(render("[a]: http://x.example\n", Profile::Renderer45), None);
        assert!(render("<!-- c -->", Profile::Renderer45).is_some());
    }

    #[test]
    fn alerts_came_with_46() {
        let text = "> [!NOTE]\n> x :smile:\n";
        assert!(
            render(text, Profile::Renderer46)
                .unwrap()
                .contains('\u{1f604}')
        );
        assert!(
            render(text, Profile::Renderer45)
                .unwrap()
                .contains(":smile:")
        );
    }
}
