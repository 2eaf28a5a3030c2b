//! P602: fields that are newer than the declared metadata version.

use pubflow_finding::{Findings, Refuser, Rule, Severity};

use super::MetadataSubject;
use crate::core_metadata::{FIELDS, MetadataVersion};
use crate::upload_rule::too_new;

pub(super) static RULE: Rule = Rule {
    code: "P602",
    name: "field-too-new",
    severity: Severity::Error,
    source: "core metadata; R033",
    refused_by: &[Refuser::Pypi, Refuser::Spec],
    about: "A field may be used only from the metadata version on that introduced it: \
            `License-Expression` from 2.4, `Dynamic` from 2.2, `Import-Name` from 2.5. An \
            exception is `License-File` in a distribution: older backends wrote it before it was \
            specified, so uploaders leave it out below 2.4, and it is only a warning.",
    why: "PyPI refuses a file that declares less.",
    cure: "Update the build backend, or declare the version that the fields need.",
    bad: "Metadata-Version: 2.1\nLicense-Expression: MIT",
    good: "Metadata-Version: 2.4\nLicense-Expression: MIT",
};

pub(super) fn check(subject: &MetadataSubject, findings: &mut Findings) {
    let version = subject
        .metadata
        .metadata_version()
        .and_then(MetadataVersion::parse);
    for spec in &FIELDS {
        let fields = subject.fields(spec);
        let values: Vec<_> = fields.iter().map(|field| field.value.as_str()).collect();
        let Some(objection) = too_new(spec, &values, version) else {
            continue;
        };
        let field = fields.first().copied();
        let mut finding = subject.finding(&RULE, spec.header, field, &objection);
        let declared = version.map_or("", MetadataVersion::as_str);
        let (header, since) = (spec.header, spec.since);
        finding.message =
            format!("`{header}` needs metadata version {since}, declared is {declared}");
        findings.add(match spec.form {
            "license_file" if subject.member.is_some() => finding
                .severity(Severity::Warning)
                .refused_by(&[Refuser::Spec])
                .why("uploaders leave the field out"),
            _ => finding,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::probe::whole_metadata;
    use crate::core_metadata::CoreMetadata;

    #[test]
    fn fires() {
        assert_eq!(
            whole_metadata(check, "Metadata-Version: 2.1\nDynamic: a\nDynamic: b\n"),
            ["Dynamic 2: `Dynamic` needs metadata version 2.2, declared is 2.1"]
        );
    }

    #[test]
    fn an_early_licence_file_is_a_warning_in_a_distribution() {
        let metadata = CoreMetadata::parse(b"Metadata-Version: 2.1\nLicense-File: LICENSE\n");
        let mut subject = MetadataSubject::bare(metadata);
        let found = |subject: &MetadataSubject| {
            let mut findings = Findings::default();
            check(subject, &mut findings);
            findings.into_sorted().remove(0)
        };
        assert_eq!(found(&subject).severity, Severity::Error);
        subject.member = Some("demo-1.0.dist-info/METADATA".to_owned());
        assert_eq!(found(&subject).severity, Severity::Warning);
        assert_eq!(found(&subject).refused_by, [Refuser::Spec]);
    }

    #[test]
    fn stays_quiet() {
        assert!(whole_metadata(check, "Metadata-Version: 2.2\nDynamic: a\n").is_empty());
        assert!(whole_metadata(check, "Metadata-Version: 9\nDynamic: a\n").is_empty());
    }
}
