//! From an answer of the index back to the rule.

use super::{RULES, UploadRule};

/// Fewer literal characters than this prove nothing.
const SHORTEST: usize = 8;

/// The rule that an answer names, by its status and the longest match of a rule's words; `body` may
/// be JSON, HTML or plain text.
///
/// Rules with equal words cannot be told apart; the first of them is meant.
#[must_use]
pub fn from_answer(status: u16, body: &str) -> Option<&'static UploadRule> {
    let text = unescape(body);
    let mut best: Option<(usize, &'static UploadRule)> = None;
    for rule in RULES.iter().filter(|rule| rule.status == status) {
        for words in rule.words {
            let Some(n_literal) = match_length(&text, words) else {
                continue;
            };
            if n_literal >= SHORTEST && best.is_none_or(|(longest, _)| n_literal > longest) {
                best = Some((n_literal, rule));
            }
        }
    }
    best.map(|(_, rule)| rule)
}

/// Literal characters of the words, if all their parts stand in the text in this order.
fn match_length(text: &str, words: &str) -> Option<usize> {
    let mut rest = text;
    let mut n_literal = 0;
    for part in words.split("{}") {
        let at = rest.find(part)?;
        rest = &rest[at + part.len()..];
        n_literal += part.len();
    }
    Some(n_literal)
}

/// Undoes what HTML and JSON do to quotes, and joins lines.
fn unescape(body: &str) -> String {
    let text = body
        .replace("&#x27;", "'")
        .replace("&#39;", "'")
        .replace("&#34;", "\"")
        .replace("&quot;", "\"")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
        .replace("\\\"", "\"")
        .replace("\\\\", "\\");
    let words: Vec<_> = text.split_whitespace().collect();
    words.join(" ")
}
