//! E-mail addresses as the index judges them (R039).
//!
//! The index reads `Author-email` and `Maintainer-email` as a mail header, and judges the address
//! only where it finds exactly one; lists and what does not parse pass unjudged.

mod mailbox;

pub(crate) use mailbox::single_address;

use crate::quoted::quoted;

/// Octets of a domain name, RFC 1035 less the final dot and the root.
const DOMAIN_LIMIT: usize = 253;
/// Octets of a label, RFC 1035.
const LABEL_LIMIT: usize = 63;
/// Octets of an address, RFC 5321.
const ADDRESS_LIMIT: usize = 254;

/// Domains that never deliver mail, alone or as the last part.
const SPECIAL_DOMAINS: [&str; 6] = ["arpa", "invalid", "local", "localhost", "onion", "test"];

const NOT_VALID: &str = "The part after the @-sign is not valid.";

/// Why the index refuses a header value, in its own words; `None` if it does not.
pub(crate) fn refusal(value: &str) -> Option<String> {
    let address = single_address(value)?;
    let why = judge(&address)?;
    let address = quoted(&address);
    Some(format!("{address} is not a valid email address: {why}"))
}

/// What is wrong with one address.
fn judge(address: &str) -> Option<String> {
    let Some((local, domain)) = split(address) else {
        return Some("An email address must have an @-sign.".to_owned());
    };
    local_fault(local)
        .or_else(|| domain_fault(domain))
        .or_else(|| length_fault(address))
}

/// Parts before and after the first at-sign that does not stand in quotes.
fn split(address: &str) -> Option<(&str, &str)> {
    let mut in_quotes = false;
    let mut escaped = false;
    let at = address.char_indices().find(|&(_, c)| {
        let here = c == '@' && !in_quotes;
        match c {
            _ if escaped => escaped = false,
            '\\' if in_quotes => escaped = true,
            '"' => in_quotes = !in_quotes,
            _ => {}
        }
        here
    });
    at.map(|(at, _)| (&address[..at], &address[at + 1..]))
}

fn local_fault(local: &str) -> Option<String> {
    if local.starts_with('"') {
        return Some("Quoting the part before the @-sign is not allowed here.".to_owned());
    }
    if local.is_empty() {
        return Some("There must be something before the @-sign.".to_owned());
    }
    bad_characters(local, is_local_char)
        .map(|list| {
            format!("The email address contains invalid characters before the @-sign: {list}.")
        })
        .or_else(|| {
            dot_fault(
                local,
                "An email address cannot start with a {}.",
                "An email address cannot have a {} immediately before the @-sign.",
            )
        })
        .or_else(|| unsafe_fault(local))
}

fn domain_fault(domain: &str) -> Option<String> {
    const START: &str = "An email address cannot have a {} immediately after the @-sign.";
    const END: &str = "An email address cannot end with a {}.";
    if domain.is_empty() {
        return Some("There must be something after the @-sign.".to_owned());
    }
    if let Some(list) = bad_characters(domain, is_domain_char) {
        return Some(format!(
            "The part after the @-sign contains invalid characters: {list}."
        ));
    }
    let fault = unsafe_fault(domain)
        .or_else(|| dot_fault(domain, START, END))
        .or_else(|| hyphen_fault(domain, START, END))
        .or_else(|| reserved_label_fault(domain));
    if fault.is_some() {
        return fault;
    }
    let ascii = match ascii_domain(domain) {
        Some(ascii) => ascii,
        None => return Some("The part after the @-sign is invalid.".to_owned()),
    };
    deliverable_fault(&ascii)
}

fn deliverable_fault(domain: &str) -> Option<String> {
    if domain.len() > DOMAIN_LIMIT {
        let reason = too_many(domain.len() - DOMAIN_LIMIT);
        let words = "The email address is too long after the @-sign";
        return Some(format!("{words} {reason}."));
    }
    if let Some(label) = domain.split('.').find(|label| label.len() > LABEL_LIMIT) {
        let reason = too_many(label.len() - LABEL_LIMIT);
        let words = "After the @-sign, periods cannot be separated by so many characters";
        return Some(format!("{words} {reason}."));
    }
    if !domain.contains('.') {
        return Some(format!("{NOT_VALID} It should have a period."));
    }
    if !domain.ends_with(|c: char| c.is_ascii_alphabetic()) {
        return Some(format!(
            "{NOT_VALID} It is not within a valid top-level domain."
        ));
    }
    let last = domain.rsplit('.').next().unwrap_or_default();
    SPECIAL_DOMAINS.contains(&last).then(|| {
        "The part after the @-sign is a special-use or reserved name that cannot be used with \
         email."
            .to_owned()
    })
}

fn length_fault(address: &str) -> Option<String> {
    let over = address.len().checked_sub(ADDRESS_LIMIT + 1)? + 1;
    Some(format!("The email address is too long {}.", too_many(over)))
}

fn too_many(n_over: usize) -> String {
    let plural = if n_over == 1 { "" } else { "s" };
    format!("({n_over} character{plural} too many)")
}

fn dot_fault(text: &str, start: &str, end: &str) -> Option<String> {
    if text.ends_with('.') {
        Some(end.replace("{}", "period"))
    } else if text.starts_with('.') {
        Some(start.replace("{}", "period"))
    } else if text.contains("..") {
        Some("An email address cannot have two periods in a row.".to_owned())
    } else {
        None
    }
}

fn hyphen_fault(domain: &str, start: &str, end: &str) -> Option<String> {
    if domain.ends_with('-') {
        Some(end.replace("{}", "hyphen"))
    } else if domain.starts_with('-') {
        Some(start.replace("{}", "hyphen"))
    } else if domain.contains(".-") || domain.contains("-.") {
        Some("An email address cannot have a period and a hyphen next to each other.".to_owned())
    } else {
        None
    }
}

/// Labels with hyphens in the third and fourth place are reserved for Punycode.
fn reserved_label_fault(domain: &str) -> Option<String> {
    let reserved = domain.split('.').any(|label| {
        let mut chars = label.chars().skip(2);
        let hyphens = chars.next() == Some('-') && chars.next() == Some('-');
        hyphens && !label.to_ascii_lowercase().starts_with("xn")
    });
    reserved.then(|| {
        "An email address cannot have two letters followed by two dashes immediately after the \
         @-sign or after a period, except Punycode."
            .to_owned()
    })
}

/// The domain in lower case, in Punycode where it needs to be; `None` where that is impossible.
fn ascii_domain(domain: &str) -> Option<String> {
    if domain.is_ascii() {
        return Some(domain.to_ascii_lowercase());
    }
    match url::Host::parse(domain) {
        Ok(url::Host::Domain(ascii)) => Some(ascii),
        Ok(url::Host::Ipv4(_) | url::Host::Ipv6(_)) | Err(_) => None,
    }
}

fn is_local_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || !c.is_ascii() || ".!#$%&'*+-/=?^_`{|}~".contains(c)
}

fn is_domain_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || !c.is_ascii() || c == '-' || c == '.'
}

fn bad_characters(text: &str, good: fn(char) -> bool) -> Option<String> {
    let mut bad: Vec<_> = text.chars().filter(|&c| !good(c)).map(shown).collect();
    bad.sort();
    bad.dedup();
    (!bad.is_empty()).then(|| bad.join(", "))
}

/// Blanks and controls beyond ASCII; those within are no good characters anyway.
fn unsafe_fault(text: &str) -> Option<String> {
    let is_safe = |c: char| !c.is_whitespace() && !c.is_control();
    bad_characters(text, is_safe)
        .map(|list| format!("The email address contains unsafe characters: {list}."))
}

fn shown(c: char) -> String {
    match c {
        ' ' => "SPACE".to_owned(),
        '\\' => "\"\\\"".to_owned(),
        _ if c.is_control() || c.is_whitespace() => format!("U+{:04X}", u32::from(c)),
        _ => quoted(&c.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_the_index_takes_passes() {
        for value in [
            "a@example.org",
            "A B <a@example.org>",
            "ünï@example.org",
            "a@bücher.example",
            "foo@exa mple.org",
            "a@example.org;b@example.org",
            "A <a@example.org>, B <bad>",
            "Foo <>",
            "\"unclosed (",
            "\"quoted )\" <a@example.org>",
            "foo@[127.0.0.1]",
            "a@b@example.org",
            "",
            "\"A, B\" <a@example.org>",
            "a@example.org (comment)",
        ] {
            assert_eq!(refusal(value), None, "{value}");
        }
    }

    #[test]
    fn what_it_refuses_is_told_in_its_words() {
        for (value, words) in [
            (
                "me@localhost",
                "'me@localhost' is not a valid email address: The part after the @-sign is not \
                 valid. It should have a period.",
            ),
            (
                "Foo Bar",
                "'Foo' is not a valid email address: An email address must have an @-sign.",
            ),
            (
                "A <me@site.invalid>",
                "'me@site.invalid' is not a valid email address: The part after the @-sign is a \
                 special-use or reserved name that cannot be used with email.",
            ),
            (
                "a b@example.org",
                "'a b@example.org' is not a valid email address: The email address contains \
                 invalid characters before the @-sign: SPACE.",
            ),
            (
                "foo@-example.org",
                "'foo@-example.org' is not a valid email address: An email address cannot have a \
                 hyphen immediately after the @-sign.",
            ),
            (
                "foo@example.123",
                "'foo@example.123' is not a valid email address: The part after the @-sign is not \
                 valid. It is not within a valid top-level domain.",
            ),
            (
                "foo.@example.org",
                "'foo.@example.org' is not a valid email address: An email address cannot have a \
                 period immediately before the @-sign.",
            ),
        ] {
            assert_eq!(refusal(value).as_deref(), Some(words));
        }
        let long = format!("a@{}.org", "x".repeat(64));
        let words = "periods cannot be separated by so many characters (1 character too many).";
        assert!(refusal(&long).unwrap().ends_with(words));
    }

    proptest! {
        #[test]
        fn no_value_is_too_strange(value in "[a-c@.<>()\\[\\]\"\\\\:;, \r\né-]{0,40}") {
            let _ = refusal(&value);
        }
    }

    #[test]
    fn deep_nesting_ends() {
        let groups = "a:".repeat(100_000);
        let comments = "(".repeat(100_000) + &")".repeat(100_000);
        assert_eq!(refusal(&groups), None);
        assert_eq!(refusal(&comments), None);
    }
}
