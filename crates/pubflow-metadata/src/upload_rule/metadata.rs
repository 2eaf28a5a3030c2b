//! Core metadata in the form (R030 to R053): all objections are found, one is told.
//!
//! The index judges in three layers, each only if the one before had nothing to say: can the fields
//! be taken at all, do the specifications allow them, does the index allow them. Within a layer the
//! order is metadata version, name, version, then by field name.

use super::form::Form;
use super::value::{Layer, Objection, objections};
use super::{Refusal, rule};
use crate::core_metadata::{Arity, FIELDS, FieldSpec, MetadataVersion};
use crate::quoted::quoted;

/// The values of one field, empty ones taken for absent as the index does.
struct Given<'a> {
    spec: &'static FieldSpec,
    values: Vec<&'a str>,
}

/// The refusal of the form's metadata.
pub(super) fn refusal(form: &Form<'_>) -> Option<Refusal> {
    let given: Vec<Given<'_>> = FIELDS
        .iter()
        .map(|spec| {
            let values = form.all(spec.form);
            let absent = values == [""];
            let values = if absent { Vec::new() } else { values };
            Given { spec, values }
        })
        .collect();
    let unreadable = given.iter().flat_map(|g| repeated(g.spec, &g.values));
    if let Some(refusal) = first(unreadable.collect()) {
        return Some(refusal);
    }
    let (specification, index) = judged(&given);
    first(specification).or_else(|| first(index))
}

/// Objections of the second and of the third layer.
fn judged(given: &[Given<'_>]) -> (Vec<Objection>, Vec<Objection>) {
    let of = |form: &str| {
        let found = given.iter().find(|g| g.spec.form == form);
        found.and_then(|g| g.values.first().copied())
    };
    let version = of("metadata_version").and_then(MetadataVersion::parse);
    let mut found: Vec<_> = conflicts(of("license"), of("license_expression"))
        .into_iter()
        .collect();
    for Given { spec, values } in given {
        match too_new(spec, values, version) {
            Some(objection) => found.push(objection),
            None => found.extend(objections(spec, values)),
        }
    }
    let is_grammar = |objection: &Objection| objection.layer == Layer::Specification;
    found.into_iter().partition(is_grammar)
}

/// The objection that the index tells.
fn first(objections: Vec<Objection>) -> Option<Refusal> {
    let rank = |field: &str| {
        let head = ["metadata-version", "name", "version"];
        head.iter().position(|known| *known == field).unwrap_or(3)
    };
    let told = objections
        .into_iter()
        .min_by(|a, b| (rank(&a.field), &a.field).cmp(&(rank(&b.field), &b.field)))?;
    Some(told.rule.refusal(told.message))
}

/// A field that was sent too often, or two project URLs with one label (R030, R031).
pub(crate) fn repeated(spec: &FieldSpec, values: &[&str]) -> Option<Objection> {
    let is_repeated = match spec.form {
        "project_urls" => {
            let mut labels: Vec<_> = values.iter().map(|url| label_of(url)).collect();
            labels.sort_unstable();
            labels.windows(2).any(|pair| pair[0] == pair[1])
        }
        _ => spec.arity == Arity::Once && values.len() > 1,
    };
    is_repeated.then(|| {
        let number = if spec.form == "project_urls" {
            "R031"
        } else {
            "R030"
        };
        Objection {
            rule: rule(number),
            field: spec.form.to_owned(),
            value: values.len() - 1,
            layer: Layer::Specification,
            message: format!("{} has invalid data", quoted(spec.form)),
        }
    })
}

fn label_of(url: &str) -> &str {
    url.split_once(',').map_or(url, |(label, _)| label).trim()
}

/// A field that is newer than the declared metadata version (R033).
pub(crate) fn too_new(
    spec: &FieldSpec,
    values: &[&str],
    version: Option<MetadataVersion>,
) -> Option<Objection> {
    let version = version.filter(|version| *version < spec.since && !values.is_empty())?;
    let field = spec.label();
    let since = spec.since.as_str();
    Some(Objection {
        rule: rule("R033"),
        value: 0,
        layer: Layer::Specification,
        message: format!("{field} introduced in metadata version {since}, not {version}"),
        field,
    })
}

/// Fields that exclude each other (R050).
pub(crate) fn conflicts(license: Option<&str>, expression: Option<&str>) -> Option<Objection> {
    let both = license.is_some_and(|text| !text.is_empty()) && expression.is_some();
    let rule = rule("R050");
    both.then(|| Objection {
        rule,
        field: "license".to_owned(),
        value: 0,
        layer: Layer::Index,
        message: rule.refuse(&[]).message,
    })
}
