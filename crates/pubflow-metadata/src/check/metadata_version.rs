//! P601: the metadata version.

use pubflow_finding::{Findings, Refuser, Rule, Severity};

use super::MetadataSubject;
use crate::core_metadata::MetadataVersion;

pub(super) static RULE: Rule = Rule {
    code: "P601",
    name: "metadata-version",
    severity: Severity::Error,
    source: "core metadata: Metadata-Version; R032",
    refused_by: &[Refuser::Pypi, Refuser::Spec],
    about: "`Metadata-Version` says by which version of the specification the file is to be read. \
            It is written by the build backend.",
    why: "PyPI takes 1.0, 1.1, 1.2 and 2.1 to 2.5; there never was a 2.0, and a version newer \
            than the index knows is refused until the index learns it.",
    cure: "Use a current release of the backend, or an older one if it is ahead of the index.",
    bad: "Metadata-Version: 2.0",
    good: "Metadata-Version: 2.4",
};

pub(super) fn check(subject: &MetadataSubject, findings: &mut Findings) {
    for (objection, field) in subject.objections("Metadata-Version") {
        let finding = subject.finding(&RULE, "Metadata-Version", field, &objection);
        let published = field.and_then(|field| MetadataVersion::parse(&field.value));
        findings.add(match published {
            Some(_) => finding.refused_by(&[Refuser::Pypi]),
            None => finding,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::probe::whole_metadata;

    #[test]
    fn fires() {
        assert_eq!(
            whole_metadata(check, "Metadata-Version: 2.0\n"),
            ["Metadata-Version 1: `Metadata-Version` is refused: `2.0`"]
        );
        assert_eq!(
            whole_metadata(check, "Name: demo\n"),
            ["Metadata-Version 0: `Metadata-Version` is missing"]
        );
    }

    #[test]
    fn stays_quiet() {
        assert!(whole_metadata(check, "metadata-version: 2.5\n").is_empty());
    }
}
