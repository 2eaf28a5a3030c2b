//! P702: Markdown that is sent as reStructuredText, or the other way round.

use pubflow_finding::{Findings, Rule, Severity};

use super::Description;
use crate::content_type::Format;

pub(super) static RULE: Rule = Rule {
    code: "P702",
    name: "description-content-type",
    severity: Severity::Warning,
    source: "core metadata: Description-Content-Type",
    refused_by: &[],
    about: "The description reads like Markdown but goes out as reStructuredText or without a \
            content type, which means the same; or it reads like reStructuredText and goes out as \
            Markdown.",
    why: "PyPI renders by the content type alone. The page then shows `#` and `](` as they stand, \
          or the upload is refused.",
    cure: "Name the README with its ending, so that the build backend knows the type, or give \
           `content-type` in the `readme` table.",
    bad: "readme = { file = \"README\", content-type = \"text/x-rst\" }  # \"# Demo\"",
    good: "readme = \"README.md\"",
};

/// Marks of Markdown that mean nothing in reStructuredText, counted.
pub(super) fn is_markdown(text: &str) -> bool {
    let mut n_marks = 0;
    for line in text.lines() {
        let is_heading = line.starts_with('#') && line.trim_start_matches('#').starts_with(' ');
        let is_fence = line.starts_with("```");
        n_marks += usize::from(is_heading) + usize::from(is_fence);
        n_marks += usize::from(line.contains("](http") || line.contains("]: http"));
    }
    n_marks >= 2
}

/// Marks of reStructuredText that mean nothing in Markdown.
fn is_rst(text: &str) -> bool {
    let directive = |line: &str| line.starts_with(".. ") && line.contains("::");
    let target = |line: &str| line.starts_with(".. _") && line.contains(": ");
    let n_marks = text
        .lines()
        .filter(|line| directive(line) || target(line))
        .count();
    n_marks >= 2 && !is_markdown(text)
}

/// Compares what the text looks like with what it is sent as.
pub(super) fn check(description: &Description, findings: &mut Findings) {
    let text = &description.text;
    let (seen, sent, kind) = match description.format {
        Some(Format::Rst) if is_markdown(text) => {
            let sent = match description.given_type.is_some() {
                true => "is sent as reStructuredText",
                false => "has no content type, which means reStructuredText",
            };
            ("Markdown", sent, "text/markdown")
        }
        Some(Format::Markdown) if is_rst(text) => {
            ("reStructuredText", "is sent as Markdown", "text/x-rst")
        }
        _ => return,
    };
    let message = format!("the description looks like {seen} but {sent}");
    let next =
        format!("set the content type to {kind}, or give the README the ending that says so");
    findings.add(description.finding(&RULE, message).next(next));
}

#[cfg(test)]
mod tests {
    use super::super::testing::found;
    use super::RULE;

    const MARKDOWN: &str = "# Demo\n\n[docs](https://d.example)\n";

    #[test]
    fn fires() {
        let message = "the description looks like Markdown but is sent as reStructuredText";
        assert_eq!(found(&RULE, MARKDOWN, Some("text/x-rst")), [message]);
        assert_eq!(found(&RULE, MARKDOWN, None).len(), 1);
        let rst = ".. image:: x.png\n\n.. _a: http://b.example\n";
        assert_eq!(found(&RULE, rst, Some("text/markdown")).len(), 1);
    }

    #[test]
    fn stays_quiet() {
        assert!(found(&RULE, MARKDOWN, Some("text/markdown")).is_empty());
        assert!(found(&RULE, "Title\n=====\n\n# a list of shell comments\n", None).is_empty());
    }
}
