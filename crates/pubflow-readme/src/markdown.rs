//! Markdown: comrak with PyPI's options, fragment links prefixed, then the sanitiser.
//!
//! PyPI renders every Markdown description as GFM, whatever its variant parameter says. Code is
//! not highlighted here; apart from that the HTML is the same to the byte.

use comrak::options::AlertStyleType;
use comrak::{Options, markdown_to_html};

use crate::profile::Profile;
use crate::sanitize;

/// What PyPI puts before the identifiers of headings.
const PREFIX: &str = "user-content-";

/// HTML of Markdown; `None` if nothing was rendered, which PyPI takes for a failure.
pub(crate) fn render(text: &str, profile: Profile) -> Option<String> {
    let html = markdown_to_html(text, &options(profile));
    if html.is_empty() {
        return None;
    }
    Some(sanitize::rendered(&prefix_fragments(&html)))
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
