//! Mail and web addresses (R039, R042, R043).

use super::Collector;
use crate::quoted::quoted;
use crate::{email_address, web_address};

/// Characters that the label of a project URL may have.
const LABEL_LIMIT: usize = 32;

pub(super) fn mail(values: &[&str], found: &mut Collector) {
    if let Some(message) = values
        .first()
        .and_then(|value| email_address::refusal(value))
    {
        found.index("R039", 0, message);
    }
}

pub(super) fn web(values: &[&str], found: &mut Collector) {
    if let Some(value) = values.first()
        && !web_address::is_web_address(value)
    {
        found.index("R042", 0, format!("{} is not a valid url.", quoted(value)));
    }
}

pub(super) fn labelled(values: &[&str], found: &mut Collector) {
    for (at, value) in values.iter().enumerate() {
        let (label, url) = value.split_once(',').unwrap_or((value, ""));
        let (label, url) = (label.trim(), url.trim());
        let message = if label.is_empty() {
            "Must have a label".to_owned()
        } else if label.chars().count() > LABEL_LIMIT {
            format!(
                "{} must be {LABEL_LIMIT} characters or less.",
                quoted(label)
            )
        } else if url.is_empty() {
            "Must have a URL".to_owned()
        } else if !web_address::is_web_address(url) {
            format!("{} is not a valid url", quoted(url))
        } else {
            continue;
        };
        found.index("R043", at, message);
    }
}
