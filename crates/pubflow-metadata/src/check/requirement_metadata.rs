//! P610: requirements in core metadata.

use pubflow_finding::{Findings, Refuser, Rule, Severity};

use super::MetadataSubject;

pub(super) static RULE: Rule = Rule {
    code: "P610",
    name: "requirement-metadata",
    severity: Severity::Error,
    source: "dependency specifiers (PEP 508); R044, R045",
    refused_by: &[Refuser::Pypi, Refuser::Spec],
    about: "`Requires-Dist`, `Provides-Dist` and `Obsoletes-Dist` hold dependency specifiers of \
            PEP 508.",
    why: "PyPI refuses a text that is none, and any with a direct address (`name @ url`), because \
            a release must be installable from the index alone; installers refuse an invalid \
            `Requires-Dist` when they meet it.",
    cure: "Depend on released versions, and keep addresses for development groups.",
    bad: "Requires-Dist: demo @ https://example.org/demo.tar.gz",
    good: "Requires-Dist: demo>=1.2",
};

/// How installers were seen to take the invalid requirement.
const INSTALLERS: &[Refuser] = &[Refuser::Pypi, Refuser::Pip, Refuser::Uv, Refuser::Spec];

pub(super) fn check(subject: &MetadataSubject, findings: &mut Findings) {
    for header in ["Requires-Dist", "Provides-Dist", "Obsoletes-Dist"] {
        for (objection, field) in subject.objections(header) {
            let finding = subject.finding(&RULE, header, field, &objection);
            let value = field.map_or("", |field| field.value.as_str());
            let finding = match (objection.rule.number, header) {
                ("R045", _) => finding.refused_by(&[Refuser::Pypi]),
                // uv forgives a wildcard behind an ordering operator.
                (_, "Requires-Dist") if value.contains(".*") => {
                    finding.refused_by(&[Refuser::Pypi, Refuser::Pip, Refuser::Spec])
                }
                (_, "Requires-Dist") => finding.refused_by(INSTALLERS),
                _ => finding,
            };
            findings.add(finding);
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
                "Requires-Dist: a >=\nProvides-Dist: b @ https://example.org/b.whl\n"
            ),
            [
                "Requires-Dist 4: `Requires-Dist` is refused: `a >=`",
                "Provides-Dist 5: `Provides-Dist` is refused: `b @ https://example.org/b.whl`"
            ]
        );
    }

    #[test]
    fn stays_quiet() {
        assert!(metadata(check, "Requires-Dist: a[b]>=1 ; extra == 'x'\n").is_empty());
    }
}
