//! P604: name and version, and the placeholders of old tools.

use pubflow_finding::{Finding, Findings, Refuser, Rule, Severity};

use super::MetadataSubject;

/// What distutils wrote where it knew nothing.
const PLACEHOLDER: &str = "UNKNOWN";

pub(super) static RULE: Rule = Rule {
    code: "P604",
    name: "name-and-version",
    severity: Severity::Error,
    source: "core metadata: Name, Version; R034, R035",
    refused_by: &[Refuser::Pypi, Refuser::Pip, Refuser::Uv, Refuser::Spec],
    about: "Name or version are missing, invalid, or the placeholder `UNKNOWN`, which old tools \
            write for what they were not told. In other fields the placeholder is a warning; the \
            index drops it.",
    why: "Every distribution has a valid name and a version by PEP 440; without them neither the \
            index nor an installer takes it.",
    cure: "Usually the `[project]` table was not read: look for a misspelt table, or a build \
            backend that is too old for it.",
    bad: "Name: UNKNOWN\nVersion: 0.0.0",
    good: "Name: demo\nVersion: 1.0.0",
};

pub(super) fn check(subject: &MetadataSubject, findings: &mut Findings) {
    subject.report(&RULE, "Name", &["R034"], findings);
    subject.report(&RULE, "Version", &["R035"], findings);
    for field in subject.metadata.fields() {
        let is_version = field.name.eq_ignore_ascii_case("Version");
        if field.value.trim() == PLACEHOLDER && !is_version {
            let message = format!("`{}` holds the placeholder `{PLACEHOLDER}`", field.name);
            let finding = Finding::new(&RULE, message)
                .severity(Severity::Warning)
                .refused_by(&[])
                .field(field.name.clone());
            findings.add(subject.place(finding, Some(field)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::probe::{metadata, whole_metadata};

    #[test]
    fn fires() {
        assert_eq!(
            whole_metadata(check, "Name: my pkg\nVersion: UNKNOWN\n"),
            [
                "Name 1: `Name` is refused: `my pkg`",
                "Version 2: `Version` is refused: `UNKNOWN`"
            ]
        );
        assert_eq!(
            whole_metadata(check, ""),
            [
                "Name 0: `Name` is missing",
                "Version 0: `Version` is missing"
            ]
        );
        assert_eq!(
            metadata(check, "License: UNKNOWN\n"),
            ["License 4: `License` holds the placeholder `UNKNOWN`"]
        );
    }

    #[test]
    fn stays_quiet() {
        assert!(metadata(check, "Summary: UNKNOWN things\n").is_empty());
    }
}
