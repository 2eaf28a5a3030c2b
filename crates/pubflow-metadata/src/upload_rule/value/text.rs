//! Summary, content type, classifiers, dynamic (R037, R038, R040, R041, R047, R048).

use super::Collector;
use crate::classifier::{Standing, standing};
use crate::content_type::ContentType;
use crate::core_metadata::FieldSpec;
use crate::quoted::{quoted, quoted_list};

/// Characters that a summary may have.
const SUMMARY_LIMIT: usize = 512;

/// Fields that must not be dynamic.
const NEVER_DYNAMIC: [&str; 3] = ["metadata-version", "name", "version"];

pub(super) fn summary(values: &[&str], found: &mut Collector) {
    let Some(summary) = values.first() else {
        return;
    };
    if summary.contains('\n') {
        found.specification("R038", 0, "'summary' must be a single line".to_owned());
    }
    if summary.chars().count() > SUMMARY_LIMIT {
        let message = format!("'summary' field must be {SUMMARY_LIMIT} characters or less.");
        found.index("R037", 0, message);
    }
}

pub(super) fn content_type(values: &[&str], found: &mut Collector) {
    let Some(value) = values.first() else {
        return;
    };
    if let Some(message) = ContentType::parse(value).refusal(value) {
        found.specification("R048", 0, message);
    }
}

/// Unknown classifiers come before deprecated ones, each in byte order, as the index lists them.
pub(super) fn classifiers(values: &[&str], found: &mut Collector) {
    let mut sorted: Vec<_> = values.iter().copied().enumerate().collect();
    sorted.sort_by_key(|(_, classifier)| *classifier);
    sorted.dedup_by_key(|(_, classifier)| *classifier);
    let mut deprecated = Vec::new();
    for (at, classifier) in sorted {
        let shown = quoted(classifier);
        match standing(classifier) {
            Standing::Known => {}
            Standing::Unknown | Standing::Private => {
                found.index("R040", at, format!("{shown} is not a valid classifier."));
            }
            Standing::Deprecated { instead } => deprecated.push((at, shown, instead)),
        }
    }
    for (at, shown, instead) in deprecated {
        let mut message = format!("The classifier {shown} has been deprecated");
        if !instead.is_empty() {
            message.push_str(&format!(", use one of {} instead", quoted_list(&instead)));
        }
        message.push('.');
        found.index("R041", at, message);
    }
}

pub(super) fn dynamic(values: &[&str], found: &mut Collector) {
    for (at, value) in values.iter().enumerate() {
        let lower = value.to_lowercase();
        let shown = quoted(&lower);
        if NEVER_DYNAMIC.contains(&lower.as_str()) {
            let message = format!("{shown} is not allowed as a dynamic field");
            found.specification("R047", at, message);
        } else if FieldSpec::find(&lower).is_none() {
            let message = format!("{shown} is not a valid dynamic field");
            found.specification("R047", at, message);
        }
    }
}
