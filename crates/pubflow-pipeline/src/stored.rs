//! Canonical JSON (RFC 8785) for what this crate stores and takes digests of.
//!
//! Numbers are restricted to whole ones that every JSON reader keeps exactly; the formats here need
//! no others.

use serde_json::Value;

/// Largest whole number that RFC 8785 writes digit by digit and IEEE doubles hold exactly.
pub(crate) const LARGEST_NUMBER: u64 = (1 << 53) - 1;

/// Writes `value` canonically: no white space, members sorted by UTF-16 code units.
///
/// Returns `None` where it holds a number that is not whole or larger than [`LARGEST_NUMBER`].
pub(crate) fn canonical(value: &Value) -> Option<String> {
    let mut text = String::new();
    write_value(value, &mut text)?;
    Some(text)
}

fn write_value(value: &Value, text: &mut String) -> Option<()> {
    match value {
        Value::Number(number) => {
            let number = number.as_u64().filter(|number| *number <= LARGEST_NUMBER)?;
            text.push_str(&number.to_string());
        }
        Value::Array(items) => {
            text.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                write_value(item, text)?;
            }
            text.push(']');
        }
        Value::Object(members) => {
            let mut sorted: Vec<_> = members.iter().collect();
            sorted.sort_by(|(left, _), (right, _)| left.encode_utf16().cmp(right.encode_utf16()));
            text.push('{');
            for (index, (name, member)) in sorted.into_iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                write_value(&Value::String(name.clone()), text)?;
                text.push(':');
                write_value(member, text)?;
            }
            text.push('}');
        }
        // serde_json escapes exactly what RFC 8785 escapes, in the same way.
        Value::String(_) | Value::Null | Value::Bool(_) => text.push_str(&value.to_string()),
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn members_are_sorted_by_utf16_and_nothing_is_between_them() {
        let value = json!({"\u{20ac}": 1, "\r": 2, "\u{fb33}": 3, "1": 4, "\u{1f600}": 5, "ö": 6});
        assert_eq!(
            canonical(&value).unwrap(),
            "{\"\\r\":2,\"1\":4,\"ö\":6,\"€\":1,\"😀\":5,\"\u{fb33}\":3}"
        );
    }

    #[test]
    fn strings_are_escaped_as_the_specification_says() {
        let value = json!("\u{20ac}$\u{f}\nA'B\"\\\"/\u{7f}");
        assert_eq!(
            canonical(&value).unwrap(),
            "\"€$\\u000f\\nA'B\\\"\\\\\\\"/\u{7f}\""
        );
    }

    #[test]
    fn numbers_that_readers_would_round_are_refused() {
        assert_eq!(
            canonical(&json!(9_007_199_254_740_991_u64)).unwrap(),
            "9007199254740991"
        );
        assert_eq!(canonical(&json!([9_007_199_254_740_992_u64])), None);
        assert_eq!(canonical(&json!({"a": 1.5})), None);
        assert_eq!(canonical(&json!(-1)), None);
    }
}
