//! P707: images that PyPI does not show, or shows at a price.

use pubflow_finding::{Findings, Rule, Severity};

use super::page::tags;
use super::{Description, badge};

pub(super) static RULE: Rule = Rule {
    code: "P707",
    name: "description-image",
    severity: Severity::Note,
    source: "readme_renderer's allow list; advice",
    refused_by: &[],
    about: "An image is written into the description as a `data:` address, or comes over http; or a \
            badge tells of another project, repository or branch.",
    why: "PyPI drops `data:` addresses, so that the image is missing on the page, while each reader \
          of the metadata still loads all of it. Images over http depend on PyPI's image proxy. A \
          badge that was copied shows how others are doing.",
    cure: "Put the image where it has an https address, best below the tag of the release.",
    bad: "![Logo](data:image/png;base64,iVBORw0KGgo…)",
    good: "![Logo](https://raw.example.org/demo/v1.0/logo.png)",
};

/// Bytes of an inlined image from which it is called large.
const LARGE: usize = 2_000;

/// Looks for inlined images in the source, and for http and strange badges in the page.
pub(super) fn check(description: &Description, findings: &mut Findings) {
    badge::check(description, findings);
    for (at, _) in description.text.match_indices("data:image/") {
        let rest = &description.text[at..];
        let end = rest.find(|c: char| c.is_whitespace() || matches!(c, ')' | '"' | '\'' | '>'));
        let n_bytes = end.unwrap_or(rest.len());
        let size = match n_bytes {
            LARGE.. => format!(" of {} kB", n_bytes.div_ceil(1000)),
            _ => String::new(),
        };
        let line = description.text[..at].matches('\n').count() + 1;
        let message = format!("PyPI drops the image{size} that is written into the text");
        let mut finding = description.finding_at(&RULE, Some(line), message);
        if n_bytes >= LARGE {
            finding = finding.severity(Severity::Warning);
        }
        findings.add(finding.next("refer to it by an https address"));
    }
    for tag in tags(description.html()).filter(|tag| tag.name == "img") {
        if let Some(address) = tag.get("src").filter(|src| src.starts_with("http://")) {
            let line = description.line_with(&address);
            let message = format!("image `{address}` comes over http");
            findings.add(
                description
                    .finding_at(&RULE, line, message)
                    .next("use https"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::found;
    use super::RULE;

    #[test]
    fn fires() {
        let inlined = format!("a\n\n![x](data:image/png;base64,{})\n", "A".repeat(5_000));
        assert_eq!(
            found(&RULE, &inlined, Some("text/markdown")),
            ["3: PyPI drops the image of 6 kB that is written into the text"]
        );
        assert_eq!(
            found(&RULE, ".. image:: http://a.example/b.png\n", None),
            ["1: image `http://a.example/b.png` comes over http"]
        );
    }

    #[test]
    fn stays_quiet() {
        assert!(
            found(
                &RULE,
                "![x](https://a.example/b.png)\n",
                Some("text/markdown")
            )
            .is_empty()
        );
    }
}
