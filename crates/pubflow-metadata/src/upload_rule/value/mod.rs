//! What the index objects to in the values of one field.

mod address;
mod dependency;
mod identity;
mod licence;
mod module;
mod text;

pub(crate) use module::fault as import_name_fault;

use super::UploadRule;
use crate::core_metadata::FieldSpec;

/// Who objects: the specifications come before the index's own rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layer {
    /// The core metadata specification, as the `packaging` library reads it.
    Specification,
    /// The index itself.
    Index,
}

/// One thing the index objects to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Objection {
    /// The rule.
    pub rule: &'static UploadRule,
    /// The field in the index's spelling: the header in lower case.
    pub field: String,
    /// Which of the field's values, from 0; 0 too where the field is missing.
    pub value: usize,
    /// Who objects.
    pub layer: Layer,
    /// The index's words.
    pub message: String,
}

/// Collects objections to one field.
struct Collector {
    field: String,
    found: Vec<Objection>,
}

impl Collector {
    fn add(&mut self, number: &'static str, value: usize, layer: Layer, message: String) {
        self.found.push(Objection {
            rule: super::rule(number),
            field: self.field.clone(),
            value,
            layer,
            message,
        });
    }

    fn specification(&mut self, number: &'static str, value: usize, message: String) {
        self.add(number, value, Layer::Specification, message);
    }

    fn index(&mut self, number: &'static str, value: usize, message: String) {
        self.add(number, value, Layer::Index, message);
    }
}

/// What the index objects to in the values of one field; an empty text is a value like others.
///
/// Repetition, age of the field and fields that exclude each other are judged elsewhere.
#[must_use]
pub fn objections(spec: &FieldSpec, values: &[&str]) -> Vec<Objection> {
    let mut collector = Collector {
        field: spec.label(),
        found: Vec::new(),
    };
    let found = &mut collector;
    match spec.form {
        "metadata_version" => identity::metadata_version(values, found),
        "name" => identity::name(values, found),
        "version" => identity::version(values, found),
        "summary" => text::summary(values, found),
        "description_content_type" => text::content_type(values, found),
        "classifiers" => text::classifiers(values, found),
        "dynamic" => text::dynamic(values, found),
        "author_email" | "maintainer_email" => address::mail(values, found),
        "home_page" | "download_url" => address::web(values, found),
        "project_urls" => address::labelled(values, found),
        "requires_python" => dependency::requires_python(values, found),
        "requires_dist" => dependency::requires_dist(values, found),
        "provides_dist" | "obsoletes_dist" => dependency::other_dist(values, found),
        "provides_extra" => dependency::extras(values, found),
        "license_expression" => licence::expression(values, found),
        "license_file" => licence::files(values, found),
        "import_name" | "import_namespace" => module::names(values, found),
        _ => {}
    }
    collector.found
}
