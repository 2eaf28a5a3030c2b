//! An answer: status, headers, and a body that is read within limits.

use std::time::Duration;

use bytes::Bytes;
use hyper::ext::ReasonPhrase;
use tokio::time::{Instant, timeout_at};

use crate::{HttpError, Moment, Origin};

/// The head of an answer, and its body still to be read.
#[derive(Debug)]
pub struct Response {
    inner: reqwest::Response,
    origin: Origin,
    patience: Duration,
    due: Instant,
}

/// The beginning of a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prefix {
    /// What was read.
    pub bytes: Vec<u8>,
    /// Whether there was more, or the connection broke.
    pub cut: bool,
}

impl Response {
    pub(crate) fn new(
        inner: reqwest::Response,
        origin: Origin,
        patience: Duration,
        due: Instant,
    ) -> Self {
        Self {
            inner,
            origin,
            patience,
            due,
        }
    }

    /// The status code.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.inner.status().as_u16()
    }

    /// The reason phrase where the server wrote one of its own (HTTP/1.1 only).
    #[must_use]
    pub fn reason(&self) -> Option<String> {
        let phrase = self.inner.extensions().get::<ReasonPhrase>()?;
        Some(String::from_utf8_lossy(phrase.as_bytes()).into_owned())
    }

    /// A header as text; none when absent or not text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.inner.headers().get(name)?.to_str().ok()
    }

    /// The length the server announced, in bytes.
    #[must_use]
    pub fn length(&self) -> Option<u64> {
        self.inner.content_length()
    }

    /// Who answered.
    #[must_use]
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// The next piece of the body; none at its end.
    ///
    /// # Errors
    /// [`HttpError::Broken`] and [`HttpError::TimedOut`].
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, HttpError> {
        let due = self.due.min(Instant::now() + self.patience);
        match timeout_at(due, self.inner.chunk()).await {
            Ok(Ok(chunk)) => Ok(chunk),
            Ok(Err(source)) => Err(HttpError::Broken {
                origin: self.origin.clone(),
                moment: Moment::Answering,
                source: source.without_url(),
            }),
            Err(_elapsed) => Err(HttpError::TimedOut {
                origin: self.origin.clone(),
                after: self.patience,
                moment: Moment::Answering,
            }),
        }
    }

    /// The whole body.
    ///
    /// # Errors
    /// [`HttpError::TooLong`] when it is longer than the limit, and as [`Response::chunk`].
    pub async fn read(mut self, limit_bytes: u64) -> Result<Vec<u8>, HttpError> {
        let mut body = Vec::new();
        while let Some(chunk) = self.chunk().await? {
            let length = body.len() as u64 + chunk.len() as u64;
            if length > limit_bytes {
                return Err(HttpError::TooLong {
                    origin: self.origin,
                    limit_bytes,
                });
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }

    /// The beginning of the body, whatever happens to the rest: for words that only explain.
    pub async fn read_prefix(mut self, limit_bytes: usize) -> Prefix {
        let mut bytes = Vec::new();
        loop {
            match self.chunk().await {
                Ok(None) => return Prefix { bytes, cut: false },
                Err(_) => return Prefix { bytes, cut: true },
                Ok(Some(chunk)) => {
                    let room = limit_bytes - bytes.len();
                    bytes.extend_from_slice(&chunk[..chunk.len().min(room)]);
                    if chunk.len() > room {
                        return Prefix { bytes, cut: true };
                    }
                }
            }
        }
    }
}
