//! P704: links and images that lead nowhere from a page on PyPI.

use std::collections::BTreeSet;

use pubflow_finding::{Edit, Findings, Fix, Rule, Severity};

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
        findings.add(match whole_address(description, &address, attribute) {
            None => finding.next("write the whole address, beginning with https://"),
            Some(whole) => {
                let mut finding = finding.next(format!("write `{whole}`, if that is the tag"));
                finding.fix = mend(description, &address, whole).map(Fix::needs_decision);
                finding
            }
        });
    }
}

/// The address of a file at the release's tag, where repository and version are known.
fn whole_address(description: &Description, address: &str, attribute: &str) -> Option<String> {
    let (repository, version) = (
        description.repository.as_ref()?,
        description.version.as_ref()?,
    );
    let path = address.trim_start_matches("./").trim_start_matches('/');
    let leaves = path.split('/').any(|part| part == "..");
    if path.is_empty() || path.starts_with(['#', '?']) || leaves {
        return None;
    }
    let tag = format!("v{version}");
    Some(match attribute {
        "src" => repository.raw(&tag, path),
        _ => repository.page(&tag, path),
    })
}

/// Writes the whole address wherever the short one stands by itself.
fn mend(description: &Description, address: &str, whole: String) -> Option<Fix> {
    let text = description.is_file.then_some(description.text.as_str())?;
    let ends = |c: Option<char>| {
        c.is_none_or(|c| c.is_whitespace() || matches!(c, '(' | ')' | '<' | '>' | '"' | '\''))
    };
    let edits: Vec<Edit> = text
        .match_indices(address)
        .map(|(start, found)| start..start + found.len())
        .filter(|at| {
            ends(text[..at.start].chars().next_back()) && ends(text[at.end..].chars().next())
        })
        .map(|range| Edit {
            path: String::new(),
            range,
            text: whole.clone(),
        })
        .collect();
    (!edits.is_empty()).then_some(Fix { safe: true, edits })
}

/// Whether an address has neither scheme nor host.
fn is_relative(address: &str) -> bool {
    let scheme = address.split(['/', '?', '#']).next().unwrap_or_default();
    !address.is_empty() && !address.starts_with("//") && !scheme.contains(':')
}

#[cfg(test)]
mod tests {
    use super::super::testing::{found, mended};
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
    fn the_fix_writes_the_address_at_the_tag() {
        assert_eq!(
            mended(
                "[x](docs/y.md) ![z](./z.png \"z\")\n\n[x](docs/y.md.bak) [u](../u.md)\n\n[r]: docs/y.md\n[e]\n\n[e]: <docs/y.md>\n",
                "text/markdown"
            ),
            "[x](https://github.com/o/demo/blob/v1.0/docs/y.md) \
             ![z](https://raw.githubusercontent.com/o/demo/v1.0/z.png \"z\")\n\n\
             [x](https://github.com/o/demo/blob/v1.0/docs/y.md.bak) [u](../u.md)\n\n\
             [r]: https://github.com/o/demo/blob/v1.0/docs/y.md\n[e]\n\n\
             [e]: <https://github.com/o/demo/blob/v1.0/docs/y.md>\n"
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
