//! The values that markers are compared with.

use std::collections::{BTreeMap, BTreeSet};

/// Values of marker variables by name; a variable that was not given is undefined.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MarkerEnvironment {
    values: BTreeMap<String, MarkerValue>,
}

/// What a variable holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum MarkerValue {
    Text(String),
    /// Names in normal form.
    Names(BTreeSet<String>),
}

impl MarkerEnvironment {
    /// Without any value.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// With one more text value. An `extra` is normalised; a `python_full_version` ending in `+`
    /// (a development build of Python) is made a version.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.set(name, value);
        self
    }

    /// Sets a text value, as [`Self::with`] does.
    pub fn set(&mut self, name: &str, value: &str) {
        let value = match name {
            "extra" => crate::project_name::normalize(value),
            "python_full_version" if value.ends_with('+') => format!("{value}local"),
            _ => value.to_owned(),
        };
        self.values
            .insert(name.to_owned(), MarkerValue::Text(value));
    }

    /// Sets the names that `extras` or `dependency_groups` holds.
    pub fn set_names<'a>(&mut self, name: &str, names: impl IntoIterator<Item = &'a str>) {
        let names = names.into_iter().map(crate::project_name::normalize);
        let names = MarkerValue::Names(names.collect());
        self.values.insert(name.to_owned(), names);
    }

    /// The text value of a variable.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        match self.values.get(name)? {
            MarkerValue::Text(text) => Some(text),
            MarkerValue::Names(_) => None,
        }
    }

    pub(super) fn value(&self, name: &str) -> Option<&MarkerValue> {
        self.values.get(name)
    }
}
