//! Numbers of any size in JSON: digits, whatever their number.

use pubflow_spec::Number;
use serde::{Serialize, Serializer, ser};
use serde_json::value::RawValue;

/// A whole number, also one that no machine type can hold.
#[derive(Debug)]
pub(super) struct NumberJson(Number);

impl From<&Number> for NumberJson {
    fn from(number: &Number) -> Self {
        Self(number.clone())
    }
}

impl Serialize for NumberJson {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.as_u64() {
            Some(value) => serializer.serialize_u64(value),
            None => RawValue::from_string(self.0.to_string())
                .map_err(ser::Error::custom)?
                .serialize(serializer),
        }
    }
}
