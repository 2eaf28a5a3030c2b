//! Requirements, required Pythons, extras (R044 to R046, R052).

use pubflow_spec::{ProjectName, Requirement, SpecifierSet};

use super::Collector;
use crate::quoted::quoted;

pub(super) fn requires_python(values: &[&str], found: &mut Collector) {
    if let Some(value) = values.first()
        && SpecifierSet::parse(value).is_err()
    {
        let message = format!("{} is invalid for 'requires-python'", quoted(value));
        found.specification("R046", 0, message);
    }
}

pub(super) fn requires_dist(values: &[&str], found: &mut Collector) {
    for (at, value) in values.iter().enumerate() {
        match Requirement::parse(value) {
            Err(_) => {
                let message = format!("{} is invalid for 'requires-dist'", quoted(value));
                found.specification("R044", at, message);
            }
            Ok(requirement) if requirement.url().is_some() => {
                let message = format!("Can't have direct dependency: {requirement}");
                found.index("R045", at, message);
            }
            Ok(_) => {}
        }
    }
}

/// `Provides-Dist` and `Obsoletes-Dist`, which the index judges itself and in other words.
pub(super) fn other_dist(values: &[&str], found: &mut Collector) {
    for (at, value) in values.iter().enumerate() {
        let shown = quoted(value);
        match Requirement::parse(value) {
            Err(error) => found.index("R044", at, format!("{shown} is invalid: {error}")),
            Ok(requirement) if requirement.url().is_some() => {
                found.index("R045", at, format!("Can't have direct dependency: {shown}"));
            }
            Ok(_) => {}
        }
    }
}

pub(super) fn extras(values: &[&str], found: &mut Collector) {
    for (at, value) in values.iter().enumerate() {
        if ProjectName::parse(value).is_err() {
            let message = format!("{} is invalid for 'provides-extra'", quoted(value));
            found.specification("R052", at, message);
        }
    }
}
