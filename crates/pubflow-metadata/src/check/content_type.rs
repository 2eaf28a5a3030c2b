//! P606: how the description is written.

use pubflow_finding::{Findings, Refuser, Rule, Severity};

use super::MetadataSubject;

pub(super) static RULE: Rule = Rule {
    code: "P606",
    name: "content-type",
    severity: Severity::Error,
    source: "core metadata: Description-Content-Type; R048",
    refused_by: &[Refuser::Pypi, Refuser::Spec],
    about: "`Description-Content-Type` tells the index how to render the description.",
    why: "PyPI takes `text/markdown`, `text/x-rst` and `text/plain`, only with `charset=UTF-8` in \
            exactly this spelling, and for Markdown only the variants `GFM` and `CommonMark`; \
            anything else is refused.",
    cure: "Backends write the field from the readme of `[project]`: give it a known extension or \
            a correct `content-type`.",
    bad: "Description-Content-Type: text/markdown; charset=latin-1",
    good: "Description-Content-Type: text/markdown; charset=UTF-8",
};

pub(super) fn check(subject: &MetadataSubject, findings: &mut Findings) {
    subject.report(&RULE, "Description-Content-Type", &["R048"], findings);
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::probe::metadata;

    #[test]
    fn fires() {
        assert_eq!(
            metadata(check, "Description-Content-Type: text/html\n"),
            ["Description-Content-Type 4: `Description-Content-Type` is refused: `text/html`"]
        );
        assert_eq!(
            metadata(
                check,
                "Description-Content-Type: text/markdown; variant=gfm\n"
            ),
            [
                "Description-Content-Type 4: `Description-Content-Type` is refused: `text/markdown; variant=gfm`"
            ]
        );
    }

    #[test]
    fn stays_quiet() {
        assert!(
            metadata(
                check,
                "Description-Content-Type: text/markdown; charset=UTF-8; variant=GFM\n"
            )
            .is_empty()
        );
        assert!(metadata(check, "").is_empty());
    }
}
