//! `Description-Content-Type`: how a description is written.
//!
//! Spec: core metadata, Description-Content-Type; RFC 2045 for the form. The spelling of parameter
//! values matters to PyPI (R048): `charset=utf-8` and `variant=gfm` are refused.

use crate::quoted::{quoted, quoted_list};

/// Media types that a description may have.
pub const MEDIA_TYPES: [&str; 3] = ["text/markdown", "text/plain", "text/x-rst"];

/// Markdown variants in the only accepted spelling.
pub const MARKDOWN_VARIANTS: [&str; 2] = ["CommonMark", "GFM"];

/// A parsed content type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContentType {
    /// Media type in lower case, without parameters.
    pub media_type: String,
    /// Parameters: name in lower case, value without quotes; of equal names the first counts.
    pub parameters: Vec<(String, String)>,
}

impl ContentType {
    /// Reads a value; anything can be read, [`ContentType::refusal`] judges it.
    #[must_use]
    pub fn parse(value: &str) -> Self {
        let (media_type, rest) = value.split_once(';').unwrap_or((value, ""));
        let media_type = media_type.trim().to_lowercase();
        let mut parameters: Vec<(String, String)> = Vec::new();
        for part in split_unquoted(rest) {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            let name = name.trim().to_lowercase();
            if !name.is_empty() && !parameters.iter().any(|(known, _)| *known == name) {
                parameters.push((name, unquote(value.trim())));
            }
        }
        Self {
            media_type,
            parameters,
        }
    }

    /// Value of a parameter.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// The spelling that PyPI takes, for a type that is refused and can mean one thing only.
    #[must_use]
    pub fn meant(&self) -> Option<String> {
        let media_type = match self.media_type.as_str() {
            "text/markdown" | "text/x-markdown" | "text/md" | "markdown" => "text/markdown",
            "text/x-rst" | "text/rst" | "text/restructuredtext" | "text/x-restructuredtext" => {
                "text/x-rst"
            }
            "text/plain" => "text/plain",
            _ => return None,
        };
        let mut meant = media_type.to_owned();
        if let Some(charset) = self.parameter("charset") {
            if !matches!(charset.to_ascii_lowercase().as_str(), "utf-8" | "utf8") {
                return None;
            }
            meant.push_str("; charset=UTF-8");
        }
        if let Some(variant) = self.parameter("variant") {
            let known = MARKDOWN_VARIANTS
                .iter()
                .find(|known| known.eq_ignore_ascii_case(variant))?;
            meant.push_str("; variant=");
            meant.push_str(known);
        }
        Some(meant)
    }

    /// Why PyPI refuses this type, in its own words; `None` if it does not.
    #[must_use]
    pub fn refusal(&self, value: &str) -> Option<String> {
        // A type without exactly one slash is read as plain text, and passes if it names that.
        let malformed = self.media_type.matches('/').count() != 1;
        let named_plain = malformed && value.to_lowercase().contains("text/plain");
        if !named_plain && !MEDIA_TYPES.contains(&self.media_type.as_str()) {
            return Some(format!(
                "'description-content-type' must be one of {}, not {}",
                quoted_list(&MEDIA_TYPES),
                quoted(value)
            ));
        }
        if let Some(charset) = self.parameter("charset")
            && charset != "UTF-8"
        {
            return Some(format!(
                "'description-content-type' can only specify the UTF-8 charset, not {}",
                quoted(charset)
            ));
        }
        match self.parameter("variant") {
            Some(variant)
                if self.media_type == "text/markdown" && !MARKDOWN_VARIANTS.contains(&variant) =>
            {
                Some(format!(
                    "valid Markdown variants for 'description-content-type' are {}, not {}",
                    quoted_list(&MARKDOWN_VARIANTS),
                    quoted(variant)
                ))
            }
            _ => None,
        }
    }
}

/// Parts between semicolons that do not stand in quotes.
fn split_unquoted(value: &str) -> impl Iterator<Item = &str> {
    let mut in_quotes = false;
    let mut escaped = false;
    value.split(move |c: char| {
        if escaped {
            escaped = false;
            return false;
        }
        match c {
            '\\' if in_quotes => escaped = true,
            '"' => in_quotes = !in_quotes,
            ';' => return !in_quotes,
            _ => {}
        }
        false
    })
}

fn unquote(value: &str) -> String {
    let Some(inner) = value.strip_prefix('"') else {
        let ends = |c: char| c.is_whitespace() || "()<>@,;:\\\"/[]?=".contains(c);
        return value.split(ends).next().unwrap_or_default().to_owned();
    };
    let mut out = String::new();
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => break,
            '\\' => out.extend(chars.next()),
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(value: &str) -> Option<String> {
        ContentType::parse(value).refusal(value)
    }

    #[test]
    fn pypis_spellings_pass() {
        for value in [
            "text/markdown",
            "Text/Markdown",
            "text/markdown; charset=UTF-8",
            "text/markdown;charset=\"UTF-8\"; Variant=GFM",
            "text/markdown; variant=CommonMark",
            "text/x-rst; variant=anything",
            "text/plain ; charset=UTF-8",
            "text/plain; charset=UTF-8 (a comment)",
        ] {
            assert_eq!(refusal(value), None, "{value}");
        }
    }

    #[test]
    fn others_are_refused_in_the_indexs_words() {
        for (value, words) in [
            (
                "text/html",
                "must be one of ['text/markdown', 'text/plain', 'text/x-rst'], not 'text/html'",
            ),
            ("markdown", "not 'markdown'"),
            ("", "not ''"),
            (
                "text/markdown; charset=utf-8",
                "can only specify the UTF-8 charset, not 'utf-8'",
            ),
            ("text/plain; charset", "not ''"),
            (
                "text/markdown; variant=gfm",
                "are ['CommonMark', 'GFM'], not 'gfm'",
            ),
        ] {
            let found = refusal(value).unwrap_or_default();
            assert!(found.ends_with(words), "{value}: {found}");
        }
    }

    #[test]
    fn a_semicolon_in_quotes_parts_nothing() {
        let parsed = ContentType::parse("text/plain; a=\"x;\\\"y\"; b=c; A=again");
        let expected = [("a", "x;\"y"), ("b", "c")].map(|(n, v)| (n.to_owned(), v.to_owned()));
        assert_eq!(parsed.parameters, expected);
    }
}
