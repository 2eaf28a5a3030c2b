//! P705: raw HTML that PyPI drops, and Markdown that only GitHub understands.

use std::collections::BTreeSet;

use pubflow_finding::{Findings, Rule, Severity};

use super::Description;
use crate::content_type::Format;
use crate::markdown::SpanKind;
use crate::sanitize;

pub(super) static RULE: Rule = Rule {
    code: "P705",
    name: "description-dropped-html",
    severity: Severity::Warning,
    source: "readme_renderer's allow list",
    refused_by: &[],
    about: "The Markdown holds HTML that PyPI's sanitiser takes out or shows as text, or syntax that \
            only GitHub has: alerts (`> [!NOTE]`), `:emoji:` names, diagrams in `mermaid` blocks.",
    why: "What is taken out is missing on the page without a trace: videos, the dark variant of a \
          `<picture>`, colours. Alerts and diagrams are shown as their source.",
    cure: "Use Markdown or the elements that are kept; a plain `<img>` instead of `<picture>`, a \
           bold first word instead of an alert, a rendered image of a diagram.",
    bad: "<video src=\"https://example.org/demo.mp4\"></video>",
    good: "[Watch the demo](https://example.org/demo.mp4)",
};

/// Elements that the renderer shows as text, angle brackets and all.
const SHOWN_AS_TEXT: [&str; 9] = [
    "title",
    "textarea",
    "style",
    "xmp",
    "iframe",
    "noembed",
    "noframes",
    "script",
    "plaintext",
];

/// Looks at the raw HTML of the source, and for what GitHub alone renders.
pub(super) fn check(description: &Description, findings: &mut Findings) {
    if description.format != Some(Format::Markdown) || !description.judgement.accepted {
        return;
    }
    let mut seen = BTreeSet::new();
    for span in &description.spans {
        let message = match span.kind {
            SpanKind::Html => dropped(&span.text),
            SpanKind::Code if span.text == "mermaid" => {
                Some("the `mermaid` diagram is shown as its source".to_owned())
            }
            SpanKind::Alert => Some(format!("the alert `{}` is shown as a quotation", span.text)),
            SpanKind::Code => None,
        };
        if let Some(message) = message.filter(|message| seen.insert(message.clone())) {
            let finding = description.finding_at(&RULE, Some(span.line), message);
            findings.add(finding.next("write it in Markdown, or with HTML that PyPI keeps"));
        }
    }
}

/// What becomes of a start tag that is not kept.
fn dropped(tag: &str) -> Option<String> {
    let inner = tag.strip_prefix('<')?;
    let end = inner
        .find(|c: char| !c.is_ascii_alphanumeric())
        .unwrap_or(inner.len());
    let name = inner[..end].to_ascii_lowercase();
    if name.is_empty() || !inner.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    if SHOWN_AS_TEXT.contains(&name.as_str()) {
        return Some(format!("`<{name}>` is shown as text"));
    }
    if !sanitize::keeps(&name) {
        return Some(format!("`<{name}>` is dropped"));
    }
    let styled = inner[end..].to_ascii_lowercase().contains(" style=");
    styled.then(|| "`style` attributes are dropped".to_owned())
}

#[cfg(test)]
mod tests {
    use super::super::testing::found;
    use super::RULE;

    #[test]
    fn fires() {
        let text = "# A\n\n<picture>\n<source srcset=\"a\">\n<img src=\"https://b.example\" style=\"x\">\n</picture>\n\n\
                    a <s>b</s> c <script>d</script>\n\n```mermaid\nx\n```\n\n> [!NOTE]\n> e\n";
        assert_eq!(
            found(&RULE, text, Some("text/markdown")),
            [
                "4: `<source>` is dropped",
                "5: `style` attributes are dropped",
                "8: `<s>` is dropped",
                "8: `<script>` is shown as text",
                "10: the `mermaid` diagram is shown as its source",
                "14: the alert `[!NOTE]` is shown as a quotation",
            ]
        );
    }

    #[test]
    fn stays_quiet() {
        let text = "<p align=\"center\"><img src=\"https://b.example\"></p>\n\n`<script>`\n\n```html\n<video>\n```\n\n> q\n";
        assert!(found(&RULE, text, Some("text/markdown")).is_empty());
        assert!(found(&RULE, "<video>\n", Some("text/plain")).is_empty());
    }
}
