//! One number of a JSON file: names and list positions with dots between them.

use serde_json::Value;

use super::json::parse;
use super::{Measured, ReportError, shape};

pub(super) fn read(bytes: &[u8], place: &str) -> Result<Measured, ReportError> {
    let report = parse(bytes)?;
    let mut value = &report;
    for part in place.split('.') {
        let inner = match value {
            Value::Array(list) => part.parse().ok().and_then(|n: usize| list.get(n)),
            other => other.get(part),
        };
        value = inner.ok_or_else(|| shape(format!("has no `{part}` of `{place}`")))?;
    }
    value
        .as_f64()
        .filter(|number| number.is_finite())
        .map(Measured::Number)
        .ok_or_else(|| shape(format!("has no number at `{place}`")))
}
