//! The JSON objects in which servers explain a refusal.

use serde_json::Value;

/// The sentence that explains, not the one that only repeats the status.
pub(super) fn sentence(body: &str) -> Option<String> {
    let Ok(Value::Object(object)) = serde_json::from_str::<Value>(body) else {
        return Some(body.to_owned());
    };
    let text = |key: &str| object.get(key).and_then(Value::as_str).map(str::trim);
    // PyPI's `code` is the status and then exactly the sentence; its `message` puts a paragraph of
    // its framework in front.
    let code = text("code")
        .and_then(|code| code.split_once(' '))
        .and_then(|(status, words)| {
            let is_status = status.len() == 3 && status.bytes().all(|byte| byte.is_ascii_digit());
            is_status.then_some(words.trim())
        });
    [
        code,
        text("detail"),
        text("message"),
        text("error"),
        text("title"),
    ]
    .into_iter()
    .flatten()
    .find(|words| !words.is_empty())
    .map(str::to_owned)
    .or_else(|| Some(body.to_owned()))
}
