//! P611: fields that are declared dynamic.

use pubflow_finding::{Findings, Refuser, Rule, Severity};

use super::MetadataSubject;

pub(super) static RULE: Rule = Rule {
    code: "P611",
    name: "dynamic-field",
    severity: Severity::Error,
    source: "core metadata: Dynamic (PEP 643); R047",
    refused_by: &[Refuser::Pypi, Refuser::Spec],
    about: "`Dynamic` names core metadata fields that may differ between an sdist and the wheels \
            built from it. It must name fields of the specification, and never `Name`, `Version` \
            or `Metadata-Version`.",
    why: "PyPI refuses the file; resolvers would otherwise not know which fields of the sdist \
            they may rely on (PEP 643).",
    cure: "The build backend writes it, so a wrong entry is usually a backend's plugin or a \
            hand-written file.",
    bad: "Dynamic: Version",
    good: "Dynamic: Requires-Dist",
};

pub(super) fn check(subject: &MetadataSubject, findings: &mut Findings) {
    subject.report(&RULE, "Dynamic", &["R047"], findings);
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::probe::metadata;

    #[test]
    fn fires() {
        assert_eq!(
            metadata(check, "Dynamic: Version\nDynamic: foo\n"),
            [
                "Dynamic 4: `Dynamic` is refused: `Version`",
                "Dynamic 5: `Dynamic` is refused: `foo`"
            ]
        );
    }

    #[test]
    fn stays_quiet() {
        assert!(metadata(check, "Dynamic: License-File\nDynamic: requires-dist\n").is_empty());
    }
}
