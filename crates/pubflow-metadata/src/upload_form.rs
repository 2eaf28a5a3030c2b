//! The metadata part of the legacy upload form, made from a file's own metadata and nothing else.
//!
//! What describes the file rather than the project (`filetype`, `pyversion`, digests, `content`) is
//! added by the uploader.

use crate::core_metadata::{Arity, CoreMetadata, FIELDS, FieldSpec, MetadataVersion};

/// Every metadata field of the form, in the form's order, repeated fields one entry a value.
///
/// Empty values are left out: the index reads them as absent. `License-File` below metadata 2.4 is
/// left out too, because older backends wrote it before there was such a field and the index would
/// refuse the file for it.
#[must_use]
pub fn fields(metadata: &CoreMetadata) -> Vec<(&'static str, String)> {
    let version = metadata.metadata_version().and_then(MetadataVersion::parse);
    let mut form = Vec::new();
    for spec in &FIELDS {
        if spec.form == "license_file" && version.is_some_and(|version| version < spec.since) {
            continue;
        }
        for value in values(metadata, spec) {
            if !value.is_empty() {
                form.push((spec.form, value.to_owned()));
            }
        }
    }
    form
}

/// Values of one field; of a field that may stand once only the first is sent.
fn values<'a>(metadata: &'a CoreMetadata, spec: &FieldSpec) -> Vec<&'a str> {
    if spec.form == "description" {
        return metadata.description().into_iter().collect();
    }
    match spec.arity {
        Arity::Once => metadata.first(spec.header).into_iter().collect(),
        Arity::Many => metadata.all(spec.header).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(text: &str) -> Vec<(&'static str, String)> {
        fields(&CoreMetadata::parse(text.as_bytes()))
    }

    #[test]
    fn fields_come_in_the_forms_order_under_the_forms_names() {
        let sent = form(
            "Metadata-Version: 2.4\nName: demo\nVersion: 1.0\nClassifier: A\nClassifier: B\n\
             Project-URL: Home, https://example.org/\nLicense-File: LICENSE\nAuthor:\n\nText\n",
        );
        let expected = [
            ("metadata_version", "2.4"),
            ("name", "demo"),
            ("version", "1.0"),
            ("description", "Text\n"),
            ("license_file", "LICENSE"),
            ("classifiers", "A"),
            ("classifiers", "B"),
            ("project_urls", "Home, https://example.org/"),
        ];
        let expected: Vec<_> = expected
            .map(|(name, value)| (name, value.to_owned()))
            .into();
        assert_eq!(sent, expected);
    }

    #[test]
    fn licence_files_that_are_older_than_the_field_are_left_out() {
        let sent = form("Metadata-Version: 2.1\nName: demo\nLicense-File: LICENSE\nFoo: bar\n");
        let names: Vec<_> = sent.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, ["metadata_version", "name"]);
    }
}
