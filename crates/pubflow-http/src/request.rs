//! One request: method, address, headers, body, deadline. Nothing is sent here.

use std::fmt;
use std::io;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use futures_util::stream::BoxStream;
use url::Url;
use zeroize::Zeroizing;

use crate::Secret;

/// The methods that indexes and forges use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Reads.
    Get,
    /// Reads the head alone.
    Head,
    /// Creates, or calls an operation.
    Post,
    /// Replaces.
    Put,
    /// Changes in part.
    Patch,
    /// Removes.
    Delete,
}

/// What is sent after the headers.
pub enum Body {
    /// Nothing.
    Empty,
    /// A body that fits in memory.
    Bytes(Bytes),
    /// A body of known length that is produced while it is sent.
    Stream {
        /// In bytes; the chunks add up to exactly this.
        length: u64,
        /// Produced on demand.
        chunks: BoxStream<'static, io::Result<Bytes>>,
    },
}

/// A request to be sent by [`crate::HttpClient::send`].
#[derive(Debug)]
pub struct Request {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) headers: Vec<Header>,
    pub(crate) body: Body,
    pub(crate) whole_timeout: Option<Duration>,
}

pub(crate) struct Header {
    pub(crate) name: &'static str,
    pub(crate) value: Zeroizing<String>,
    pub(crate) sensitive: bool,
}

impl Request {
    /// A request without headers of its own and without a body.
    #[must_use]
    pub fn new(method: Method, url: Url) -> Self {
        Self {
            method,
            url,
            headers: Vec::new(),
            body: Body::Empty,
            whole_timeout: None,
        }
    }

    /// A GET request.
    #[must_use]
    pub fn get(url: Url) -> Self {
        Self::new(Method::Get, url)
    }

    /// A POST request.
    #[must_use]
    pub fn post(url: Url) -> Self {
        Self::new(Method::Post, url)
    }

    /// Adds a header; the name in lower case.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push(Header {
            name,
            value: Zeroizing::new(value.into()),
            sensitive: false,
        });
        self
    }

    /// Adds Basic credentials.
    #[must_use]
    pub fn basic(self, user: &str, secret: &Secret) -> Self {
        let pair = Zeroizing::new(format!("{user}:{}", secret.expose()));
        self.authorization(format!("Basic {}", STANDARD.encode(pair.as_bytes())))
    }

    /// Adds a Bearer token.
    #[must_use]
    pub fn bearer(self, secret: &Secret) -> Self {
        self.authorization(format!("Bearer {}", secret.expose()))
    }

    fn authorization(mut self, value: String) -> Self {
        self.headers.push(Header {
            name: "authorization",
            value: Zeroizing::new(value),
            sensitive: true,
        });
        self
    }

    /// Gives it a body.
    #[must_use]
    pub fn body(mut self, body: Body) -> Self {
        self.body = body;
        self
    }

    /// Gives it another deadline for the whole exchange than the policy's.
    #[must_use]
    pub fn within(mut self, whole_timeout: Duration) -> Self {
        self.whole_timeout = Some(whole_timeout);
        self
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("Empty"),
            Self::Bytes(bytes) => write!(f, "Bytes({} bytes)", bytes.len()),
            Self::Stream { length, .. } => write!(f, "Stream({length} bytes)"),
        }
    }
}

impl fmt::Debug for Header {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.sensitive {
            write!(f, "{}: ..", self.name)
        } else {
            write!(f, "{}: {}", self.name, self.value.as_str())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_of_a_request_shows_no_credential() {
        let secret = Secret::from_text("canary").unwrap();
        let url = Url::parse("https://example.org/").unwrap();
        for request in [
            Request::post(url.clone()).basic("__token__", &secret),
            Request::post(url.clone()).bearer(&secret),
        ] {
            let shown = format!("{:?}", request.header("accept", "text/html"));
            assert!(shown.contains("accept: text/html"), "{shown}");
            assert!(!shown.contains("canary"), "{shown}");
            assert!(
                !shown.contains(&STANDARD.encode("__token__:canary")),
                "{shown}"
            );
        }
    }
}
