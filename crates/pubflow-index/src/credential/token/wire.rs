//! The caveats of PyPI's tokens: JSON arrays, and objects in tokens of before 2022.

use jiff::Timestamp;
use pubflow_spec::ProjectName;
use serde_json::{Value, json};

use super::TokenFacts;

/// The first member of an array says what it limits.
mod tag {
    pub(super) const TIME: u64 = 0;
    pub(super) const PROJECT_NAMES: u64 = 1;
}

/// The caveat that limits a token to one project.
pub(super) fn project_caveat(project: &ProjectName) -> String {
    // Spelt with the blank that other writers of JSON put there; the index reads both.
    format!(
        "[{}, [{}]]",
        tag::PROJECT_NAMES,
        json!(project.normalized())
    )
}

/// The caveat that limits a token to the time between.
pub(super) fn time_caveat(begin: Timestamp, end: Timestamp) -> String {
    format!(
        "[{}, {}, {}]",
        tag::TIME,
        end.as_second(),
        begin.as_second()
    )
}

/// Narrows the facts by one caveat; those that say nothing readable are passed over.
pub(super) fn read_caveat(caveat: &[u8], facts: &mut TokenFacts) {
    match serde_json::from_slice(caveat) {
        Ok(Value::Array(members)) => match members.first().and_then(Value::as_u64) {
            Some(tag::TIME) => narrow_time(facts, members.get(2), members.get(1)),
            Some(tag::PROJECT_NAMES) => narrow_projects(facts, members.get(1)),
            _ => {}
        },
        Ok(Value::Object(object)) => {
            narrow_time(facts, object.get("nbf"), object.get("exp"));
            narrow_projects(
                facts,
                object
                    .get("permissions")
                    .and_then(|value| value.get("projects")),
            );
        }
        _ => {}
    }
}

fn narrow_time(facts: &mut TokenFacts, begin: Option<&Value>, end: Option<&Value>) {
    let time = |value: Option<&Value>| {
        value
            .and_then(Value::as_i64)
            .and_then(|second| Timestamp::from_second(second).ok())
    };
    if let Some(begin) = time(begin) {
        facts.not_before = Some(facts.not_before.map_or(begin, |other| other.max(begin)));
    }
    if let Some(end) = time(end) {
        facts.expires = Some(facts.expires.map_or(end, |other| other.min(end)));
    }
}

/// Each caveat must hold, so two lists leave what stands in both.
fn narrow_projects(facts: &mut TokenFacts, names: Option<&Value>) {
    let Some(names) = names.and_then(Value::as_array) else {
        return;
    };
    let names: Vec<String> = names
        .iter()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect();
    facts.projects = Some(match facts.projects.take() {
        None => names,
        Some(before) => before
            .into_iter()
            .filter(|name| names.contains(name))
            .collect(),
    });
}
