//! The answers of the statistics service.

use serde_json::Value;

/// Downloads of the last day, week and month.
pub(super) fn recent(body: &[u8]) -> Option<(u64, u64, u64)> {
    let answer: Value = serde_json::from_slice(body).ok()?;
    let number = |key: &str| answer["data"][key].as_u64();
    Some((
        number("last_day")?,
        number("last_week")?,
        number("last_month")?,
    ))
}

/// Downloads of each day, the oldest first.
pub(super) fn overall(body: &[u8]) -> Option<Vec<(String, u64)>> {
    let answer: Value = serde_json::from_slice(body).ok()?;
    let mut days: Vec<(String, u64)> = answer["data"]
        .as_array()?
        .iter()
        .filter_map(|day| {
            let date = day["date"].as_str().filter(|date| is_date(date))?;
            Some((date.to_owned(), day["downloads"].as_u64()?))
        })
        .collect();
    days.sort();
    Some(days)
}

fn is_date(text: &str) -> bool {
    text.len() == 10
        && text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'-')
}
