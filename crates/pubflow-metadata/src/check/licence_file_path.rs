//! P407: paths of licence files.

use pubflow_finding::{Findings, Refuser, Rule, Severity};

use super::MetadataSubject;

pub(super) static RULE: Rule = Rule {
    code: "P407",
    name: "licence-file-path",
    severity: Severity::Error,
    source: "PEP 639; R051",
    refused_by: &[Refuser::Pypi, Refuser::Spec],
    about: "`License-File` names a file below the licence directory of the distribution. The path \
            must be relative, with `/` between its parts, without `..`, wildcards or redundant \
            parts; PyPI refuses others. Backends resolve `license-files` of `[project]`: keep those \
            patterns inside the project.",
};

pub(super) fn check(subject: &MetadataSubject, findings: &mut Findings) {
    subject.report(&RULE, "License-File", &["R051"], findings);
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::probe::metadata;

    #[test]
    fn fires() {
        assert_eq!(
            metadata(check, "License-File: ../LICENSE\n"),
            ["License-File 4: `License-File` is refused: `../LICENSE`"]
        );
        assert_eq!(
            metadata(check, "License-File: a\\b\n"),
            ["License-File 4: `License-File` is refused: `a\\b`"]
        );
    }

    #[test]
    fn stays_quiet() {
        assert!(
            metadata(
                check,
                "License-File: LICENSE\nLicense-File: licenses/MIT.txt\n"
            )
            .is_empty()
        );
    }
}
