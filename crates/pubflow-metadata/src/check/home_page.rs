//! P609: home page and download address.

use pubflow_finding::{Findings, Refuser, Rule, Severity};

use super::MetadataSubject;

pub(super) static RULE: Rule = Rule {
    code: "P609",
    name: "home-page",
    severity: Severity::Error,
    source: "core metadata: Home-page, Download-URL; R042",
    refused_by: &[Refuser::Pypi],
    about: "`Home-page` or `Download-URL` is no http or https address.",
    why: "PyPI refuses an upload whose `Home-page` or `Download-URL` is not an http or https \
            address.",
    cure: "Both fields are deprecated: `[project.urls]` replaces them.",
    bad: "Home-page: UNKNOWN",
    good: "Project-URL: Homepage, https://example.org",
};

pub(super) fn check(subject: &MetadataSubject, findings: &mut Findings) {
    for header in ["Home-page", "Download-URL"] {
        let is_placeholder = |value: &str| value.trim() == "UNKNOWN" || value.is_empty();
        // The index takes these for absent.
        if !subject.metadata.first(header).is_some_and(is_placeholder) {
            subject.report(&RULE, header, &["R042"], findings);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::probe::metadata;

    #[test]
    fn fires() {
        assert_eq!(
            metadata(
                check,
                "Home-page: example.org\nDownload-URL: ftp://example.org\n"
            ),
            [
                "Home-page 4: `Home-page` is refused: `example.org`",
                "Download-URL 5: `Download-URL` is refused: `ftp://example.org`"
            ]
        );
    }

    #[test]
    fn stays_quiet() {
        assert!(
            metadata(
                check,
                "Home-page: https://example.org\nDownload-URL: UNKNOWN\n"
            )
            .is_empty()
        );
    }
}
