//! P603: the form of the file: unknown, repeated or unreadable fields.

use pubflow_finding::{Finding, Findings, Refuser, Rule, Severity};

use super::MetadataSubject;
use crate::core_metadata::{Arity, FIELDS, FieldSpec, ProblemKind};
use crate::upload_rule::repeated;

pub(super) static RULE: Rule = Rule {
    code: "P603",
    name: "metadata-form",
    severity: Severity::Error,
    source: "core metadata; R030",
    refused_by: &[Refuser::Pypi, Refuser::Spec],
    about: "A metadata file is a list of known fields in UTF-8, then an empty line and the \
            description.",
    why: "Uploaders and the index refuse a field that no specification knows, a field that may \
            stand once and stands twice, and bytes that are not UTF-8; a line without a field \
            name silently turns everything after it into description.",
    cure: "Such files are written by hand or by a broken build step: let the backend write them.",
    bad: "Metadata-Version: 2.4\nName: demo\nName: demo2\nVersoin: 1.0",
    good: "Metadata-Version: 2.4\nName: demo\nVersion: 1.0",
};

pub(super) fn check(subject: &MetadataSubject, findings: &mut Findings) {
    unknown(subject, findings);
    for spec in FIELDS.iter().filter(|spec| spec.arity == Arity::Once) {
        let fields = subject.fields(spec);
        let values: Vec<_> = fields.iter().map(|field| field.value.as_str()).collect();
        if let Some(objection) = repeated(spec, &values) {
            let field = fields.get(objection.value).copied();
            let mut finding = subject.finding(&RULE, spec.header, field, &objection);
            finding.message = format!("`{}` stands {} times", spec.header, fields.len());
            findings.add(finding);
        }
    }
    for problem in subject.metadata.problems() {
        let message = match &problem.kind {
            // A file without fields is told by their absence.
            ProblemKind::ByteOrderMark => "file begins with a byte order mark".to_owned(),
            kind => kind.to_string(),
        };
        let finding = subject.place_line(Finding::new(&RULE, message), Some(problem.line));
        findings.add(weighed(finding, &problem.kind));
    }
}

/// What readers pass over is a warning.
fn weighed(finding: Finding, kind: &ProblemKind) -> Finding {
    match kind {
        ProblemKind::FieldNotUtf8 { field } => finding.field(field.clone()),
        ProblemKind::BodyNotUtf8 => {
            finding
                .field("Description")
                .refused_by(&[Refuser::Pypi, Refuser::Pip, Refuser::Spec])
        }
        ProblemKind::DescriptionTwice => finding.field("Description"),
        ProblemKind::ByteOrderMark
        | ProblemKind::NoSeparator
        | ProblemKind::LeadingContinuation
        | ProblemKind::EmptyName
        | ProblemKind::EnvelopeLine => finding
            .severity(Severity::Warning)
            .refused_by(&[Refuser::Spec]),
    }
}

fn unknown(subject: &MetadataSubject, findings: &mut Findings) {
    for field in subject.metadata.fields() {
        if FieldSpec::find(&field.name).is_some() {
            continue;
        }
        let message = format!("field `{}` is unknown", field.name);
        let mut finding = Finding::new(&RULE, message).field(field.name.clone());
        let headers = FIELDS.iter().map(|spec| spec.header);
        if let Some(known) = crate::spelling::nearest(&field.name, headers) {
            finding = finding.next(format!("write `{known}`"));
        }
        findings.add(subject.place(finding, Some(field)));
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::probe::{metadata, whole_metadata};

    #[test]
    fn fires() {
        assert_eq!(
            metadata(check, "Require-Dist: a\nSummary: a\nSummary: b\n"),
            [
                "Require-Dist 4: field `Require-Dist` is unknown",
                "Summary 6: `Summary` stands 2 times"
            ]
        );
        assert_eq!(
            whole_metadata(check, b"Author: \xe9\n\n\xe9"),
            [
                "Author 1: field `Author` is not UTF-8",
                "Description 3: description after the fields is not UTF-8"
            ]
        );
        assert_eq!(
            metadata(check, "garbage line\n"),
            ["- 4: line without a field name ends the fields, all that follows is description"]
        );
    }

    #[test]
    fn stays_quiet() {
        assert!(metadata(check, "Classifier: a\nClassifier: b\n\nText: x\n").is_empty());
    }
}
