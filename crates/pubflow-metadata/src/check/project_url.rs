//! P608: labelled project addresses.

use pubflow_finding::{Findings, Refuser, Rule, Severity};

use super::MetadataSubject;
use crate::core_metadata::FieldSpec;
use crate::upload_rule::repeated;

pub(super) static RULE: Rule = Rule {
    code: "P608",
    name: "project-url",
    severity: Severity::Error,
    source: "core metadata: Project-URL; R031, R043",
    refused_by: &[Refuser::Pypi, Refuser::Spec],
    about: "`Project-URL` is a label, a comma and an address.",
    why: "PyPI refuses it without a label or without an address, with a label of more than 32 \
            characters, with an address that is not http or https, and two entries with one \
            label.",
    cure: "The entries come from `[project.urls]`. Correct the label or the address there.",
    bad: "Project-URL: git@example.org:demo.git",
    good: "Project-URL: Source, https://example.org/demo",
};

pub(super) fn check(subject: &MetadataSubject, findings: &mut Findings) {
    subject.report(&RULE, "Project-URL", &["R043"], findings);
    let Some(spec) = FieldSpec::find("Project-URL") else {
        return;
    };
    let fields = subject.fields(spec);
    let values: Vec<_> = fields.iter().map(|field| field.value.as_str()).collect();
    if let Some(objection) = repeated(spec, &values) {
        let field = fields.get(objection.value).copied();
        let mut finding = subject.finding(&RULE, spec.header, field, &objection);
        "two project addresses have the same label".clone_into(&mut finding.message);
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
            metadata(
                check,
                "Project-URL: Home\nProject-URL: X, ftp://example.org\n"
            ),
            [
                "Project-URL 4: `Project-URL` is refused: `Home`",
                "Project-URL 5: `Project-URL` is refused: `X, ftp://example.org`"
            ]
        );
        assert_eq!(
            metadata(
                check,
                "Project-URL: A, http://a.example\nProject-URL: A,http://b.example\n"
            ),
            ["Project-URL 5: two project addresses have the same label"]
        );
    }

    #[test]
    fn stays_quiet() {
        let good = "Project-URL: A, https://example.org/\nProject-URL: a, https://example.org/\n";
        assert!(metadata(check, good).is_empty());
    }
}
