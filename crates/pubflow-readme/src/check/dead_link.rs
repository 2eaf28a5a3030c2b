//! P704: links and images that lead nowhere from a page on PyPI.

use std::collections::BTreeSet;

use pubflow_finding::{Findings, Rule, Severity};

use super::Description;
use super::page::tags;

pub(super) static RULE: Rule = Rule {
    code: "P704",
    name: "description-dead-link",
    severity: Severity::Warning,
    source: "advice; readme_renderer#163, warehouse#7685",
    refused_by: &[],
    about: "A link or image of the description has no host, so that it points below the project \
            page, or it points at a heading that is not there.",
    why: "GitHub finds `docs/usage.md` and `logo.png` in the repository; on PyPI there is nothing \
          beside the page, and the reader gets a missing page or a broken image.",
    cure: "Write whole addresses, best of the tag of the release. A link within the page must name \
           a heading as PyPI spells it: lower case, hyphens for spaces.",
    bad: "![Logo](docs/logo.png)",
    good: "![Logo](https://raw.example.org/demo/v1.0/docs/logo.png)",
};

/// What PyPI puts before identifiers; readers do not write it.
const PREFIX: &str = "user-content-";

/// Follows every link of the page.
pub(super) fn check(description: &Description, findings: &mut Findings) {
    let html = description.html();
    let ids: BTreeSet<String> = tags(html).filter_map(|tag| tag.get("id")).collect();
    let mut seen = BTreeSet::new();
    for tag in tags(html) {
        let attribute = match tag.name {
            "a" => "href",
            "img" => "src",
            _ => continue,
        };
        let Some(address) = tag
            .get(attribute)
            .filter(|address| seen.insert(address.clone()))
        else {
            continue;
        };
        let (message, written) = match address.strip_prefix('#') {
            // Browsers take `#top` for the start of any page.
            Some(id) if ids.contains(id) || matches!(id, "" | "top") => continue,
            Some(id) => {
                let written = id.strip_prefix(PREFIX).unwrap_or(id);
                (
                    format!("`#{written}` names no heading of the page"),
                    written,
                )
            }
            None if is_relative(&address) => {
                let what = if attribute == "src" { "image" } else { "link" };
                (
                    format!("{what} `{address}` is dead on PyPI"),
                    address.as_str(),
                )
            }
            None => continue,
        };
        let line = description
            .line_with(written)
            .or_else(|| description.line_with(&address));
        let finding = description.finding_at(&RULE, line, message);
        findings.add(finding.next("write the whole address, beginning with https://"));
    }
}

/// Whether an address has neither scheme nor host.
fn is_relative(address: &str) -> bool {
    let scheme = address.split(['/', '?', '#']).next().unwrap_or_default();
    !address.is_empty() && !address.starts_with("//") && !scheme.contains(':')
}

#[cfg(test)]
mod tests {
    use super::super::testing::found;
    use super::RULE;

    #[test]
    fn fires() {
        assert_eq!(
            found(
                &RULE,
                "# A b\n\n[x](docs/y.md) ![z](./z.png)\n\n[c](#a-c)\n",
                Some("text/markdown")
            ),
            [
                "3: image `./z.png` is dead on PyPI",
                "3: link `docs/y.md` is dead on PyPI",
                "5: `#a-c` names no heading of the page",
            ]
        );
        assert_eq!(
            found(&RULE, "Text\n\n.. image:: a.png\n", None),
            ["3: image `a.png` is dead on PyPI"]
        );
    }

    #[test]
    fn stays_quiet() {
        let text = "# A b\n\n[x](https://y.example/z) [c](#a-b) <m@n.example> n[^1]\n\n[^1]: o\n";
        assert!(found(&RULE, text, Some("text/markdown")).is_empty());
        assert!(
            found(
                &RULE,
                "A\n=\n\n.. contents::\n\nB\n=\n\n[1]_ A_\n\n.. [1] x\n",
                None
            )
            .is_empty()
        );
    }
}
