//! P605: the summary is one line of at most 512 characters.

use pubflow_finding::{Finding, Findings, Refuser, Rule, Severity};

use super::MetadataSubject;

/// Ends of lines for Python's `splitlines`, beyond `\n` and `\r`.
pub(super) const UNICODE_LINE_ENDS: [char; 8] = [
    '\u{b}', '\u{c}', '\u{1c}', '\u{1d}', '\u{1e}', '\u{85}', '\u{2028}', '\u{2029}',
];

pub(super) static RULE: Rule = Rule {
    code: "P605",
    name: "summary",
    severity: Severity::Error,
    source: "core metadata: Summary; R037, R038",
    refused_by: &[Refuser::Pypi, Refuser::Spec],
    about: "`Summary` is the one-line description that search results and project pages show.",
    why: "PyPI refuses a summary with a line end, Unicode's own line ends included, and one of \
            more than 512 characters.",
    cure: "It comes from `description` of `[project]`: shorten it there, the long text belongs \
            into the readme.",
    bad: "Summary: Reads maps\n        and draws them",
    good: "Summary: Reads maps and draws them",
};

pub(super) fn check(subject: &MetadataSubject, findings: &mut Findings) {
    subject.report(&RULE, "Summary", &["R037", "R038"], findings);
    let Some(field) = subject.metadata.named("Summary").next() else {
        return;
    };
    if field.value.contains(UNICODE_LINE_ENDS) {
        let message = "`Summary` holds a Unicode line end";
        let finding = Finding::new(&RULE, message).field("Summary");
        findings.add(subject.place(finding, Some(field)));
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::probe::metadata;

    #[test]
    fn fires() {
        assert_eq!(
            metadata(check, "Summary: a\n  b\n"),
            ["Summary 4: `Summary` is refused: `a   b`"]
        );
        assert_eq!(
            metadata(check, "Summary: a\u{2028}b\n"),
            ["Summary 4: `Summary` holds a Unicode line end"]
        );
        let long = format!("Summary: {}\n", "é".repeat(513));
        assert_eq!(metadata(check, &long).len(), 1);
    }

    #[test]
    fn stays_quiet() {
        assert!(metadata(check, &format!("Summary: {}\n", "é".repeat(512))).is_empty());
        assert!(metadata(check, "").is_empty());
    }
}
