//! JSON reports: parsed once, looked into by names.

use serde_json::Value;

use super::{ReportError, shape};

/// The document.
pub(super) fn parse(bytes: &[u8]) -> Result<Value, ReportError> {
    // serde_json bounds the depth itself.
    serde_json::from_slice(bytes).map_err(|error| ReportError::Syntax {
        expected: "JSON",
        message: error.to_string(),
    })
}

/// The value of a name that has to be there.
pub(super) fn require<'a>(value: &'a Value, name: &str) -> Result<&'a Value, ReportError> {
    value
        .get(name)
        .ok_or_else(|| shape(format!("has no `{name}`")))
}

/// The list of a name that has to be there.
pub(super) fn require_list<'a>(value: &'a Value, name: &str) -> Result<&'a [Value], ReportError> {
    let list = require(value, name)?.as_array();
    let list = list.ok_or_else(|| shape(format!("has no list `{name}`")))?;
    Ok(list)
}

/// The count of a name that has to be there.
pub(super) fn require_count(value: &Value, name: &str) -> Result<u64, ReportError> {
    let number = require(value, name)?.as_u64();
    number.ok_or_else(|| shape(format!("has no count `{name}`")))
}

/// The text of a name, if it is one.
pub(super) fn text<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    value.get(name)?.as_str()
}

/// `path:line message`, as far as it is known.
pub(super) fn place(path: Option<&str>, line: Option<u64>, message: Option<&str>) -> String {
    let path = path.unwrap_or("?");
    let at = line.map_or_else(|| path.to_owned(), |line| format!("{path}:{line}"));
    super::shown(&format!("{at} {}", message.unwrap_or_default()))
}
