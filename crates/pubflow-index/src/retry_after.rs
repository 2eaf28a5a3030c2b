//! How long a server asks to wait: `Retry-After` in both forms, and PyPI's `RateLimit`.
//!
//! Spec: RFC 9110 section 10.2.3; the draft on RateLimit header fields.

use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822;
use pubflow_http::Response;

/// Longer waits are cut to this: a server that means a day is asked again after an hour.
const LONGEST: Duration = Duration::from_secs(3600);

/// How long the answer asks to wait; none when it does not say.
pub(crate) fn asked_to_wait(response: &Response) -> Option<Duration> {
    // The server's own clock is the one its date was made with.
    let now = response
        .header("date")
        .and_then(read_date)
        .unwrap_or_else(Timestamp::now);
    response
        .header("retry-after")
        .and_then(|text| read_retry_after(text, now))
        .or_else(|| response.header("ratelimit").and_then(read_rate_limit))
}

fn read_retry_after(text: &str, now: Timestamp) -> Option<Duration> {
    let text = text.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        // More digits than fit are more seconds than anybody waits.
        let seconds = text.parse().unwrap_or(u64::MAX);
        return Some(Duration::from_secs(seconds).min(LONGEST));
    }
    let then = read_date(text)?;
    let seconds = then.as_second().saturating_sub(now.as_second());
    Some(Duration::from_secs(u64::try_from(seconds).unwrap_or(0)).min(LONGEST))
}

fn read_date(text: &str) -> Option<Timestamp> {
    rfc2822::DateTimeParser::new().parse_timestamp(text).ok()
}

/// `"name";r=0;t=120, …`: the longest `t` among the limits that are used up.
pub(crate) fn read_rate_limit(text: &str) -> Option<Duration> {
    let seconds = text
        .split(',')
        .filter_map(|limit| {
            let value = |key: char| {
                limit.split(';').find_map(|part| {
                    let (name, value) = part.trim().split_once('=')?;
                    if name.trim().chars().eq([key]) {
                        value.trim().parse::<u64>().ok()
                    } else {
                        None
                    }
                })
            };
            match value('r') {
                Some(0) => value('t'),
                _ => None,
            }
        })
        .max()?;
    Some(Duration::from_secs(seconds).min(LONGEST))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(text: &str) -> Option<u64> {
        let now: Timestamp = "2026-01-01T12:00:00Z".parse().unwrap();
        read_retry_after(text, now).map(|wait| wait.as_secs())
    }

    #[test]
    fn retry_after_is_read_in_both_forms() {
        assert_eq!(seconds("30"), Some(30));
        assert_eq!(seconds(" 0 "), Some(0));
        assert_eq!(seconds("Thu, 01 Jan 2026 12:00:42 GMT"), Some(42));
        assert_eq!(seconds("Thu, 01 Jan 2026 11:00:00 GMT"), Some(0));
    }

    #[test]
    fn waits_are_bounded_and_nonsense_is_passed_over() {
        assert_eq!(seconds("999999999999999999999999"), Some(3600));
        assert_eq!(seconds("Fri, 01 Jan 2027 12:00:00 GMT"), Some(3600));
        for nonsense in ["", "-1", "soon", "1.5", "Thu, 99 Jan 2026 12:00:00 GMT"] {
            assert_eq!(seconds(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn the_longest_used_up_rate_limit_counts() {
        let limit = |text| read_rate_limit(text).map(|wait| wait.as_secs());
        assert_eq!(
            limit(r#""project.create.ip";r=0;t=120, "project.create.user";r=0;t=900"#),
            Some(900)
        );
        assert_eq!(limit(r#""a";r=3;t=120, "b";r=0;t=9"#), Some(9));
        assert_eq!(limit(r#""a";r=3;t=120"#), None);
        assert_eq!(limit("garbage;;=,"), None);
    }
}
