//! Answers in the shapes that clients of PyPI meet: pages, refusals with forged reason phrases, streamed files.
//!
//! A refusal puts its words into the reason phrase *and* the body, because HTTP/2 has no reason phrase and old
//! clients read nothing else. The body is plain text without an `Accept` header, HTML for browsers and `*/*`, an
//! object for `application/json`.

mod wire;

use std::io;

use bytes::Bytes;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full};
use hyper::ext::ReasonPhrase;
use hyper::header::{self, HeaderMap, HeaderName, HeaderValue};
use hyper::{Response, StatusCode};

use crate::accept;
use crate::html::escape;

/// The body of every answer.
pub(crate) type Body = UnsyncBoxBody<Bytes, io::Error>;

/// A whole answer.
pub(crate) type Answer = Response<Body>;

/// A body that is already in memory.
pub(crate) fn full(bytes: impl Into<Bytes>) -> Body {
    Full::new(bytes.into())
        .map_err(|never| match never {})
        .boxed_unsync()
}

/// An answer with a body of one media type.
pub(crate) fn page(
    status: StatusCode,
    content_type: &'static str,
    body: impl Into<Bytes>,
) -> Answer {
    let mut answer = Response::new(full(body));
    *answer.status_mut() = status;
    set(&mut answer, header::CONTENT_TYPE, content_type);
    answer
}

/// Sets a header whose value is known to be printable ASCII.
pub(crate) fn set(answer: &mut Answer, name: HeaderName, value: &'static str) {
    answer
        .headers_mut()
        .insert(name, HeaderValue::from_static(value));
}

/// Sets a header to a computed value; a value that no header can hold is left out.
pub(crate) fn set_text(answer: &mut Answer, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        answer.headers_mut().insert(name, value);
    }
}

/// The text of a request header, when it is text.
pub(crate) fn header_text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

/// An answer made of words: a refusal, a redirect, or the plain `200 OK` of an upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Notice {
    pub(crate) status: StatusCode,
    /// The words of the reason phrase; the standard ones when `None`.
    words: Option<String>,
    explanation: String,
    detail: String,
    headers: Vec<(HeaderName, String)>,
    only: Option<Only>,
}

/// The shape of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Only {
    Html,
    Json,
    Text,
    Crash,
}

impl Notice {
    /// A refusal with the index's words.
    pub(crate) fn refusal(status: StatusCode, words: impl Into<String>) -> Self {
        let words = words.into();
        Self {
            status,
            detail: words.clone(),
            words: Some(words),
            explanation: explanation(status).to_owned(),
            headers: Vec::new(),
            only: None,
        }
    }

    /// An answer that has nothing to say beyond its status.
    pub(crate) fn plain(status: StatusCode) -> Self {
        Self {
            status,
            words: None,
            explanation: explanation(status).to_owned(),
            detail: String::new(),
            headers: Vec::new(),
            only: None,
        }
    }

    /// A redirect to an absolute address.
    pub(crate) fn redirect(status: StatusCode, origin: &str, path: &str) -> Self {
        let mut notice = Self::plain(status);
        notice.explanation = format!(
            "The resource has been moved to {path}; you should be redirected automatically."
        );
        notice.with(header::LOCATION, format!("{origin}{path}"))
    }

    /// Changes the reason phrase and the detail.
    pub(crate) fn saying(mut self, words: impl Into<String>) -> Self {
        let words = words.into();
        self.detail.clone_from(&words);
        self.words = Some(words);
        self
    }

    /// Keeps the reason phrase but leaves the detail out of the body.
    pub(crate) fn without_detail(mut self) -> Self {
        self.detail.clear();
        self
    }

    /// What PyPI answers when it stumbles over a request itself.
    pub(crate) fn crash() -> Self {
        let mut notice = Self::plain(StatusCode::INTERNAL_SERVER_ERROR);
        notice.only = Some(Only::Crash);
        notice
    }

    /// Answers in plain text whatever the client accepts.
    pub(crate) fn always_text(mut self) -> Self {
        self.only = Some(Only::Text);
        self
    }

    /// Answers in HTML whatever the client accepts.
    pub(crate) fn always_html(mut self) -> Self {
        self.only = Some(Only::Html);
        self
    }

    /// Answers with a JSON object whatever the client accepts.
    pub(crate) fn always_json(mut self) -> Self {
        self.only = Some(Only::Json);
        self
    }

    /// Adds a header.
    pub(crate) fn with(mut self, name: HeaderName, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// The words of the refusal, for callers that answer in another shape.
    pub(crate) fn words(&self) -> &str {
        self.words.as_deref().unwrap_or_else(|| title(self.status))
    }

    /// The answer, in the shape that the request's `Accept` header asks for.
    pub(crate) fn answer(&self, request: &HeaderMap) -> Answer {
        let accepted = accept::choose(
            header_text(request, header::ACCEPT),
            &["text/html", "application/json"],
        );
        let form = self.only.unwrap_or(match accepted {
            Some("text/html") => Only::Html,
            Some(_) => Only::Json,
            None => Only::Text,
        });
        let mut answer = match form {
            Only::Html => page(self.status, "text/html; charset=UTF-8", self.html()),
            Only::Json => page(self.status, "application/json", self.json()),
            Only::Text => page(self.status, "text/plain; charset=UTF-8", self.text()),
            Only::Crash => page(
                self.status,
                "text/html",
                "<html><body><h1>Internal Server Error</h1></body></html>",
            ),
        };
        for (name, value) in &self.headers {
            set_text(&mut answer, name.clone(), value);
        }
        if let Some(words) = &self.words
            && let Ok(reason) = ReasonPhrase::try_from(latin1(words))
        {
            answer.extensions_mut().insert(reason);
        }
        answer
    }

    fn status_line(&self) -> String {
        format!("{} {}", self.status.as_u16(), self.words())
    }

    /// Explanation and detail, each followed by its line breaks even when it is empty, as PyPI's framework does.
    fn text(&self) -> String {
        format!("{}\n\n{}", self.status_line(), self.message())
    }

    fn message(&self) -> String {
        format!("{}\n\n\n{}\n\n", self.explanation, self.detail)
    }

    fn html(&self) -> String {
        let line = self.status_line();
        let line = escape(&line);
        format!(
            "<html>\n <head>\n  <title>{line}</title>\n </head>\n <body>\n  <h1>{line}</h1>\n  {}<br/><br/>\n{}\n\n\n \
             </body>\n</html>",
            escape(&self.explanation),
            escape(&self.detail),
        )
    }

    fn json(&self) -> Vec<u8> {
        wire::notice(&self.message(), &self.status_line(), title(self.status))
    }
}

/// A reason phrase is ISO-8859-1; PyPI writes `?` for what does not fit. Of words in several lines a client reads the
/// first alone, because the line break ends the status line.
fn latin1(words: &str) -> Vec<u8> {
    words
        .lines()
        .next()
        .unwrap_or_default()
        .chars()
        .map(|character| match u8::try_from(u32::from(character)) {
            Ok(byte) if byte == b'\t' || byte >= 0x20 && byte != 0x7f => byte,
            _ => b'?',
        })
        .collect()
}

fn title(status: StatusCode) -> &'static str {
    status.canonical_reason().unwrap_or("Unknown")
}

/// The sentence that PyPI's framework gives for a status.
fn explanation(status: StatusCode) -> &'static str {
    match status.as_u16() {
        400 => {
            "The server could not comply with the request since it is either malformed or otherwise incorrect."
        }
        403 => "Access was denied to this resource.",
        404 => "The resource could not be found.",
        405 => "The method is not allowed for this resource.",
        409 => "There was a conflict when trying to complete your request.",
        410 => "This resource is no longer available.  No forwarding address is given.",
        429 => {
            "The action could not be performed because there were too many requests by the client."
        }
        500..=599 => {
            "The server has either erred or is incapable of performing the requested operation."
        }
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(accept: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(header::ACCEPT, HeaderValue::from_static(accept))])
    }

    fn refusal() -> Notice {
        Notice::refusal(
            StatusCode::BAD_REQUEST,
            "Unknown <protocol> é\u{4e16}.\nMore.",
        )
    }

    #[test]
    fn the_words_stand_in_the_reason_phrase() {
        let answer = refusal().answer(&HeaderMap::new());
        let reason = answer.extensions().get::<ReasonPhrase>().unwrap();
        assert_eq!(reason.as_bytes(), b"Unknown <protocol> \xe9?.");
    }

    #[test]
    fn the_body_follows_the_accept_header() {
        let kind =
            |headers: &HeaderMap| refusal().answer(headers).headers()[header::CONTENT_TYPE].clone();
        assert_eq!(kind(&HeaderMap::new()), "text/plain; charset=UTF-8");
        assert_eq!(kind(&request("*/*")), "text/html; charset=UTF-8");
        assert_eq!(kind(&request("application/json")), "application/json");
        assert!(refusal().html().contains("Unknown &lt;protocol&gt;"));
    }

    #[test]
    fn json_has_the_three_keys_of_pypi() {
        let notice = Notice::refusal(StatusCode::BAD_REQUEST, "Unknown protocol version.");
        let text = String::from_utf8(notice.json()).unwrap();
        assert_eq!(
            text,
            "{\"message\":\"The server could not comply with the request since it is either malformed or otherwise \
             incorrect.\\n\\n\\nUnknown protocol version.\\n\\n\",\"code\":\"400 Unknown protocol version.\",\
             \"title\":\"Bad Request\"}"
        );
    }
}
