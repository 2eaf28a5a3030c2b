//! P612: the old licence text next to a licence expression.

use pubflow_finding::{Findings, Refuser, Rule, Severity};

use super::MetadataSubject;
use crate::upload_rule::conflicts;

pub(super) static RULE: Rule = Rule {
    code: "P612",
    name: "licence-clash",
    severity: Severity::Error,
    source: "PEP 639; R050",
    refused_by: &[Refuser::Pypi, Refuser::Spec],
    about: "`License` is the old free text, `License-Expression` the SPDX expression that \
            replaces it.",
    why: "PyPI refuses a file that has both.",
    cure: "Keep the expression: `license = \"MIT\"` in `[project]`, and no licence text or table \
            besides.",
    bad: "License: MIT\nLicense-Expression: MIT",
    good: "License-Expression: MIT",
};

pub(super) fn check(subject: &MetadataSubject, findings: &mut Findings) {
    let metadata = &subject.metadata;
    let both = conflicts(
        metadata.first("License"),
        metadata.first("License-Expression"),
    );
    if let Some(objection) = both {
        let field = metadata.named("License").next();
        let mut finding = subject.finding(&RULE, "License", field, &objection);
        "`License` stands next to `License-Expression`".clone_into(&mut finding.message);
        findings.add(finding);
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::probe::metadata;

    #[test]
    fn fires() {
        assert_eq!(
            metadata(check, "License-Expression: MIT\nLicense: MIT\n"),
            ["License 5: `License` stands next to `License-Expression`"]
        );
    }

    #[test]
    fn stays_quiet() {
        assert!(metadata(check, "License-Expression: MIT\n").is_empty());
        assert!(metadata(check, "License: MIT\n").is_empty());
    }
}
