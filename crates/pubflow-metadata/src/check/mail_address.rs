//! P607: mail addresses of authors and maintainers.

use pubflow_finding::{Findings, Refuser, Rule, Severity};

use super::MetadataSubject;

pub(super) static RULE: Rule = Rule {
    code: "P607",
    name: "mail-address",
    severity: Severity::Error,
    source: "core metadata: Author-email; R039",
    refused_by: &[Refuser::Pypi],
    about: "The only address in `Author-email` or `Maintainer-email` cannot be valid. A name \
            alone is read as an address too.",
    why: "PyPI reads `Author-email` and `Maintainer-email` like a mail header and refuses the \
            upload if they hold exactly one address that cannot be valid: without an at-sign, \
            without a dot in the domain, or in a domain such as `localhost` or `.invalid`.",
    cure: "Write `Name <user@example.org>`, or leave the address out.",
    bad: "Author-email: Ada <ada@localhost>",
    good: "Author-email: Ada <ada@example.org>",
};

pub(super) fn check(subject: &MetadataSubject, findings: &mut Findings) {
    subject.report(&RULE, "Author-email", &["R039"], findings);
    subject.report(&RULE, "Maintainer-email", &["R039"], findings);
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::probe::metadata;

    #[test]
    fn fires() {
        assert_eq!(
            metadata(check, "Author-email: Foo Bar\n"),
            ["Author-email 4: `Author-email` is refused: `Foo Bar`"]
        );
        assert_eq!(
            metadata(check, "Maintainer-email: a@localhost\n"),
            ["Maintainer-email 4: `Maintainer-email` is refused: `a@localhost`"]
        );
    }

    #[test]
    fn stays_quiet() {
        assert!(metadata(check, "Author-email: A B <a@example.org>\n").is_empty());
        assert!(metadata(check, "Author-email: A <a@example.org>, B <bad>\n").is_empty());
    }
}
