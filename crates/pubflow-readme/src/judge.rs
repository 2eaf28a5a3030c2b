//! The verdict on a description, with the message and the HTML behind it.

use crate::content_type::{ContentType, ContentTypeError, Format};
use crate::profile::Profile;
use crate::{markdown, plain, rst};

/// What the renderers say when nothing came out.
const NOTHING_RENDERED: &str = "No content rendered from RST source.";

/// Severity of a message from the reStructuredText parser.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Enough for PyPI to refuse.
    Warning,
    /// The text means something else than it says.
    Error,
    /// The text cannot be read.
    Severe,
}

impl Level {
    /// As docutils writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Warning => "WARNING",
            Self::Error => "ERROR",
            Self::Severe => "SEVERE",
        }
    }
}

/// The message that ends a rendering.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FirstMessage {
    /// Line of the description, counted from 1, where there is one.
    pub line: Option<usize>,
    /// Severity, where the parser gave one.
    pub level: Option<Level>,
    /// The words; paragraphs and quoted source are parted by empty lines.
    pub message: String,
}

/// What PyPI decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// Whether PyPI takes the description.
    pub accepted: bool,
    /// The sanitised HTML, without highlighted code; `None` where nothing was rendered.
    pub html: Option<String>,
    /// Whether PyPI may colour code in it, which changes nothing but `span` elements.
    pub has_code: bool,
    /// Why it is refused; `None` for Markdown, which has no messages.
    pub first_message: Option<FirstMessage>,
}

impl Judgement {
    fn accepted(html: Option<String>) -> Self {
        Self {
            accepted: true,
            has_code: html.as_deref().is_some_and(has_code),
            html,
            first_message: None,
        }
    }

    fn refused(first_message: Option<FirstMessage>) -> Self {
        Self {
            accepted: false,
            has_code: false,
            html: None,
            first_message,
        }
    }
}

/// Whether HTML holds code in a named language.
fn has_code(html: &str) -> bool {
    html.contains("<pre lang=\"")
        || html.contains("<code class=\"")
        || html.contains("<pre class=\"code ")
}

/// What `twine check` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TwineVerdict {
    /// It passes.
    Pass,
    /// It fails.
    Fail,
    /// It dies with a traceback.
    Exception,
}

impl TwineVerdict {
    /// In lower case.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Exception => "exception",
        }
    }
}

/// Judges a description as PyPI does at upload; `content_type` is `None` where the field is missing.
pub fn judge(text: &str, content_type: Option<&str>, profile: Profile) -> Judgement {
    let format = match content_type.map(|given| ContentType::parse(given).for_pypi()) {
        None => Format::Rst,
        Some(Ok(format)) => format,
        Some(Err(error)) => return Judgement::refused(Some(about_type(&error))),
    };
    if text.is_empty() {
        return Judgement::accepted(None);
    }
    match format {
        Format::Plain => Judgement::accepted(Some(plain::render(text))),
        Format::Markdown => match markdown::render(text, profile) {
            Some(html) => Judgement::accepted(Some(html)),
            None => Judgement::refused(None),
        },
        Format::Rst => match rst::render(text, profile) {
            Ok(Some(html)) => Judgement::accepted(Some(html)),
            Ok(None) => Judgement::refused(Some(FirstMessage {
                line: None,
                level: None,
                message: NOTHING_RENDERED.to_owned(),
            })),
            Err(message) => Judgement::refused(Some(*message)),
        },
    }
}

fn about_type(error: &ContentTypeError) -> FirstMessage {
    FirstMessage {
        line: None,
        level: None,
        message: error.to_string(),
    }
}

/// Judges a description as `twine check` does, which runs the newest renderer.
pub fn twine_verdict(text: &str, content_type: Option<&str>) -> TwineVerdict {
    let parsed = content_type.map(ContentType::parse);
    let Some(format) = parsed
        .as_ref()
        .map_or(Some(Format::Rst), ContentType::for_twine)
    else {
        return TwineVerdict::Exception;
    };
    if matches!(text.trim_end(), "UNKNOWN") || text.is_empty() || format != Format::Rst {
        return TwineVerdict::Pass;
    }
    let clashes = |name| {
        parsed
            .as_ref()
            .is_some_and(|parsed| parsed.parameter(name).is_some())
    };
    if clashes("stream") || clashes("raw") {
        return TwineVerdict::Exception;
    }
    match rst::render(text, Profile::Renderer46) {
        Ok(Some(_)) => TwineVerdict::Pass,
        _ => TwineVerdict::Fail,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_text_is_taken_and_a_blank_one_is_not() {
        assert!(judge("", None, Profile::default()).accepted);
        let blank = judge(" \n", Some("text/x-rst"), Profile::default());
        assert_eq!(blank.first_message.unwrap().message, NOTHING_RENDERED);
        assert!(judge(" \n", Some("text/plain"), Profile::default()).accepted);
    }

    #[test]
    fn twine_passes_what_it_does_not_render() {
        assert_eq!(
            twine_verdict(" \n", Some("text/markdown")),
            TwineVerdict::Pass
        );
        assert_eq!(twine_verdict(" \n", None), TwineVerdict::Fail);
        assert_eq!(
            twine_verdict("x", Some("text/x-rst; raw=x")),
            TwineVerdict::Exception
        );
    }
}
