//! The fields of core metadata: their names in the file and in the upload form.

use super::MetadataVersion;
use MetadataVersion::{V1_0, V1_1, V1_2, V2_1, V2_2, V2_4, V2_5};

/// How often a field may stand in one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arity {
    /// At most once.
    Once,
    /// Any number of times.
    Many,
}

/// One field of the specification.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FieldSpec {
    /// Header name in the specification's spelling.
    pub header: &'static str,
    /// Name in the legacy upload form. The plurals are the index's: `classifiers`, but `platform`.
    pub form: &'static str,
    /// How often it may be used.
    pub arity: Arity,
    /// The metadata version that introduced it.
    pub since: MetadataVersion,
}

const fn once(header: &'static str, form: &'static str, since: MetadataVersion) -> FieldSpec {
    FieldSpec {
        header,
        form,
        arity: Arity::Once,
        since,
    }
}

const fn many(header: &'static str, form: &'static str, since: MetadataVersion) -> FieldSpec {
    FieldSpec {
        header,
        form,
        arity: Arity::Many,
        since,
    }
}

/// Every field, in the order in which the upload form is written.
pub static FIELDS: [FieldSpec; 32] = [
    once("Metadata-Version", "metadata_version", V1_0),
    once("Name", "name", V1_0),
    once("Version", "version", V1_0),
    once("Summary", "summary", V1_0),
    once("Description", "description", V1_0),
    once("Description-Content-Type", "description_content_type", V2_1),
    once("Keywords", "keywords", V1_0),
    once("Home-page", "home_page", V1_0),
    once("Download-URL", "download_url", V1_1),
    once("Author", "author", V1_0),
    once("Author-email", "author_email", V1_0),
    once("Maintainer", "maintainer", V1_2),
    once("Maintainer-email", "maintainer_email", V1_2),
    once("License", "license", V1_0),
    once("License-Expression", "license_expression", V2_4),
    many("License-File", "license_file", V2_4),
    once("Requires-Python", "requires_python", V1_2),
    many("Platform", "platform", V1_0),
    many("Supported-Platform", "supported_platform", V1_1),
    many("Classifier", "classifiers", V1_1),
    many("Requires-Dist", "requires_dist", V1_2),
    many("Requires-External", "requires_external", V1_2),
    many("Provides-Extra", "provides_extra", V2_1),
    many("Provides-Dist", "provides_dist", V1_2),
    many("Obsoletes-Dist", "obsoletes_dist", V1_2),
    many("Project-URL", "project_urls", V1_2),
    many("Dynamic", "dynamic", V2_2),
    many("Import-Name", "import_name", V2_5),
    many("Import-Namespace", "import_namespace", V2_5),
    many("Requires", "requires", V1_1),
    many("Provides", "provides", V1_1),
    many("Obsoletes", "obsoletes", V1_1),
];

impl FieldSpec {
    /// The field of this header name; letter case does not matter.
    #[must_use]
    pub fn find(header: &str) -> Option<&'static Self> {
        FIELDS
            .iter()
            .find(|spec| spec.header.eq_ignore_ascii_case(header))
    }

    /// The field of this name in the upload form.
    #[must_use]
    pub fn find_form(form: &str) -> Option<&'static Self> {
        FIELDS.iter().find(|spec| spec.form == form)
    }

    /// The name as the index writes it in its messages: the header in lower case.
    #[must_use]
    pub fn label(&self) -> String {
        self.header.to_ascii_lowercase()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn names_are_unique_and_found_in_any_case() {
        let headers: BTreeSet<_> = FIELDS.iter().map(FieldSpec::label).collect();
        let forms: BTreeSet<_> = FIELDS.iter().map(|spec| spec.form).collect();
        assert_eq!((headers.len(), forms.len()), (32, 32));
        let found = FieldSpec::find("home-PAGE").unwrap();
        assert_eq!((found.form, found.arity), ("home_page", Arity::Once));
        assert!(FieldSpec::find("Requires-Dists").is_none());
    }

    #[test]
    fn the_forms_irregular_names_are_the_indexs() {
        for (header, form) in [
            ("Classifier", "classifiers"),
            ("Project-URL", "project_urls"),
            ("License-File", "license_file"),
            ("Import-Name", "import_name"),
        ] {
            assert_eq!(FieldSpec::find(header).unwrap().form, form);
            assert_eq!(FieldSpec::find_form(form).unwrap().header, header);
        }
    }
}
