//! From a rule of `pubflow-metadata` to the answer that PyPI gives for it.

use hyper::StatusCode;
use pubflow_metadata::upload_rule::{Refusal, UploadRule};

use crate::answer::Notice;

/// The answer to a refusal; its help address names the rule.
pub(crate) fn notice(origin: &str, refusal: &Refusal) -> Notice {
    let status = StatusCode::from_u16(refusal.rule.status).unwrap_or(StatusCode::BAD_REQUEST);
    Notice::refusal(status, refusal.answer(&help(origin, refusal.rule.number)))
}

/// The answer by a rule in its own words, with `values` in the place of each `{}`.
pub(crate) fn by_rule(origin: &str, number: &'static str, values: &[&str]) -> Notice {
    notice(origin, &rule(number).refuse(values))
}

/// The answer by a rule in other words.
pub(crate) fn in_words(origin: &str, number: &'static str, words: impl Into<String>) -> Notice {
    notice(origin, &rule(number).refusal(words))
}

/// The address that explains a rule.
pub(crate) fn help(origin: &str, number: &str) -> String {
    format!("{origin}/help/#{number}")
}

fn rule(number: &'static str) -> &'static UploadRule {
    UploadRule::find(number).expect("the table holds every rule that this index applies")
}

/// A text as Python's `repr` shows it: in single quotes, unless it holds one and no double quote.
pub(crate) fn quoted(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') {
        '"'
    } else {
        '\''
    };
    let mut shown = String::with_capacity(text.len() + 2);
    shown.push(quote);
    for character in text.chars() {
        match character {
            '\\' => shown.push_str("\\\\"),
            '\n' => shown.push_str("\\n"),
            '\r' => shown.push_str("\\r"),
            '\t' => shown.push_str("\\t"),
            c if c == quote => shown.extend(['\\', c]),
            c if c.is_ascii_control() => shown.push_str(&format!("\\x{:02x}", u32::from(c))),
            c => shown.push(c),
        }
    }
    shown.push(quote);
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_are_chosen_as_python_does() {
        assert_eq!(quoted("plain"), "'plain'");
        assert_eq!(quoted("it's"), "\"it's\"");
        assert_eq!(quoted("it's \"x\""), "'it\\'s \"x\"'");
        assert_eq!(quoted("a\\b\n\u{1}"), "'a\\\\b\\n\\x01'");
    }

    #[test]
    fn the_help_address_names_the_rule() {
        let notice = by_rule("http://127.0.0.1:9", "R065", &["'tx-0ld'"]);
        assert_eq!(notice.status, StatusCode::BAD_REQUEST);
        assert_eq!(
            notice.words(),
            "The name 'tx-0ld' is too similar to an existing project. See \
             http://127.0.0.1:9/help/#R065 for more information."
        );
    }
}
