//! Answers that cost a process each: what an interpreter says about itself, what requirements come to.

use std::time::{Duration, SystemTime};

use pubflow_spec::Sha256;
use serde_json::Value;

use super::Cache;
use super::stored::{Fact, read_fact, write_fact};

/// How long the index need not be asked again what requirements come to. Within it two builds use the
/// same backend, after it a new release of the backend is met.
pub(crate) const FACTS_LAST: Duration = Duration::from_secs(24 * 3600);

/// Seconds since 1970.
pub(crate) fn now() -> u64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    since.map_or(0, |since| since.as_secs())
}

impl Cache {
    /// What the interpreter of this name said when `basis` was the same.
    pub(crate) fn interpreter(&self, name: &str, basis: &str) -> Option<Value> {
        let fact = read_fact(&self.interpreters().join(file_name(name)))?;
        (fact.basis == basis).then_some(fact.value)
    }

    /// Remembers what it said. A cache that cannot be written costs time, not the answer.
    pub(crate) fn remember_interpreter(&self, name: &str, basis: String, value: Value) {
        let file = self.interpreters().join(file_name(name));
        let _ = write_fact(&file, &Fact::new(basis, now(), value));
    }

    /// What was found for `question` within the last [`FACTS_LAST`].
    pub(crate) fn resolution(&self, question: &str, at: u64) -> Option<Value> {
        let fact = read_fact(&self.resolutions().join(file_name(question)))?;
        let age = at.checked_sub(fact.at)?;
        (fact.basis == question && age < FACTS_LAST.as_secs()).then_some(fact.value)
    }

    /// Remembers what was found.
    pub(crate) fn remember_resolution(&self, question: &str, at: u64, value: Value) {
        let file = self.resolutions().join(file_name(question));
        let _ = write_fact(&file, &Fact::new(question.to_owned(), at, value));
    }
}

fn file_name(text: &str) -> String {
    format!("{}.json", Sha256::of(text.as_bytes()))
}
