//! P229: import names of PEP 794.

use pubflow_finding::{Findings, Refuser, Rule, Severity};

use super::MetadataSubject;

pub(super) static RULE: Rule = Rule {
    code: "P229",
    name: "import-name",
    severity: Severity::Error,
    source: "PEP 794; R053",
    refused_by: &[Refuser::Pypi, Refuser::Spec],
    about: "`Import-Name` and `Import-Namespace` say which modules a distribution installs. Each \
            must be a dotted name of Python identifiers, none of them a keyword, optionally followed \
            by `; private`. PyPI refuses anything else.",
};

pub(super) fn check(subject: &MetadataSubject, findings: &mut Findings) {
    subject.report(&RULE, "Import-Name", &["R053"], findings);
    subject.report(&RULE, "Import-Namespace", &["R053"], findings);
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::probe::metadata;

    #[test]
    fn fires() {
        assert_eq!(
            metadata(check, "Import-Name: class\n"),
            ["Import-Name 4: `Import-Name` is refused: `class`"]
        );
        assert_eq!(
            metadata(check, "Import-Namespace: a-b\n"),
            ["Import-Namespace 4: `Import-Namespace` is refused: `a-b`"]
        );
    }

    #[test]
    fn stays_quiet() {
        assert!(metadata(check, "Import-Name: a.b; private\nImport-Namespace: c\n").is_empty());
    }
}
