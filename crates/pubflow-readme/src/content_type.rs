//! `Description-Content-Type` as PyPI and as `twine check` read it.
//!
//! Both take it for an e-mail header, and disagree: twine renders what it does not know as
//! reStructuredText and what it cannot parse as plain text, PyPI refuses either.

use std::fmt;

/// Text formats of a description.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// `text/plain`
    Plain,
    /// `text/markdown`
    Markdown,
    /// `text/x-rst`, which is also what no content type means
    Rst,
}

/// Why PyPI refuses a content type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ContentTypeError {
    /// The type is not one of the three.
    UnknownType(String),
    /// The character set is not UTF-8.
    Charset(String),
    /// The Markdown variant is neither GFM nor CommonMark.
    Variant(String),
    /// The header has a defect.
    Malformed(String),
}

impl fmt::Display for ContentTypeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownType(found) => write!(
                f,
                "the content type `{found}` is none of `text/plain`, `text/x-rst`, `text/markdown`"
            ),
            Self::Charset(found) => write!(f, "the character set `{found}` is not `UTF-8`"),
            Self::Variant(found) => {
                write!(
                    f,
                    "the Markdown variant `{found}` is neither `GFM` nor `CommonMark`"
                )
            }
            Self::Malformed(found) => write!(f, "the content type `{found}` is malformed"),
        }
    }
}

impl std::error::Error for ContentTypeError {}

/// A content type in its parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContentType {
    given: String,
    essence: String,
    parameters: Vec<(String, String)>,
    malformed: bool,
}

impl ContentType {
    /// Takes the header apart; whatever is wrong with it is remembered.
    pub fn parse(given: &str) -> Self {
        let mut parts = split_unquoted(given).into_iter();
        let essence = parts.next().unwrap_or_default().trim().to_lowercase();
        let (mut parameters, mut malformed) = (Vec::new(), false);
        for part in parts.map(str::trim).filter(|part| !part.is_empty()) {
            match part.split_once('=') {
                Some((name, value)) => parameters.push((
                    name.trim().to_lowercase(),
                    value.trim().trim_matches('"').to_owned(),
                )),
                None => malformed = true,
            }
        }
        Self {
            given: given.to_owned(),
            essence,
            parameters,
            malformed,
        }
    }

    /// The format that PyPI renders.
    ///
    /// # Errors
    /// Everything that PyPI refuses.
    pub fn for_pypi(&self) -> Result<Format, ContentTypeError> {
        let format = known(&self.essence)
            .ok_or_else(|| ContentTypeError::UnknownType(self.given.clone()))?;
        if self.malformed {
            return Err(ContentTypeError::Malformed(self.given.clone()));
        }
        if let Some(charset) = self.parameter("charset")
            && !charset.eq_ignore_ascii_case("utf-8")
        {
            return Err(ContentTypeError::Charset(charset.to_owned()));
        }
        if let (Format::Markdown, Some(variant)) = (format, self.parameter("variant"))
            && !matches!(variant, "GFM" | "CommonMark")
        {
            return Err(ContentTypeError::Variant(variant.to_owned()));
        }
        Ok(format)
    }

    /// The format that twine renders; `None` where it dies over the header.
    pub(crate) fn for_twine(&self) -> Option<Format> {
        let undecodable = split_unquoted(&self.given)
            .into_iter()
            .skip(1)
            .any(|part| !part.contains('=') && part.trim_end().ends_with('*'));
        if undecodable {
            return None;
        }
        Some(match self.essence.matches('/').count() {
            1 => known(&self.essence).unwrap_or(Format::Rst),
            _ => Format::Plain,
        })
    }

    /// A parameter's value.
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        let found = self.parameters.iter().find(|(key, _)| key == name)?;
        Some(&found.1)
    }
}

fn known(essence: &str) -> Option<Format> {
    match essence {
        "text/plain" => Some(Format::Plain),
        "text/markdown" => Some(Format::Markdown),
        "text/x-rst" => Some(Format::Rst),
        _ => None,
    }
}

/// Splits at semicolons outside of quotes.
fn split_unquoted(text: &str) -> Vec<&str> {
    let (mut parts, mut start, mut quoted) = (Vec::new(), 0, false);
    for (at, c) in text.char_indices() {
        match c {
            '"' => quoted = !quoted,
            ';' if !quoted => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(given: &str, pypi: Option<Format>, twine: Option<Format>) {
        let parsed = ContentType::parse(given);
        assert_eq!(parsed.for_pypi().ok(), pypi, "PyPI on {given}");
        assert_eq!(parsed.for_twine(), twine, "twine on {given}");
    }

    #[test]
    fn both_agree_on_the_three_types() {
        check("text/plain", Some(Format::Plain), Some(Format::Plain));
        check(
            " TEXT/X-RST; charset=utf-8",
            Some(Format::Rst),
            Some(Format::Rst),
        );
        check(
            "text/markdown; VARIANT=GFM",
            Some(Format::Markdown),
            Some(Format::Markdown),
        );
    }

    #[test]
    fn twine_takes_more_than_pypi() {
        check("text/html", None, Some(Format::Rst));
        check("", None, Some(Format::Plain));
        check("text/markdown; variant=gfm", None, Some(Format::Markdown));
        check("text/markdown;charset=utf8", None, Some(Format::Markdown));
        check("text/plain; x*", None, None);
    }
}
