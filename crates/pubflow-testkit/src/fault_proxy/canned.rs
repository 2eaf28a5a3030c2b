//! An answer as data.

use std::convert::Infallible;
use std::io;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::ext::ReasonPhrase;
use hyper::header::{CONNECTION, CONTENT_LENGTH, HeaderName, HeaderValue, TRANSFER_ENCODING};
use hyper::{Response, StatusCode};

use super::AnyBody;

/// An answer made by a test, or one of the server's to be changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Canned {
    /// The status code.
    pub status: u16,
    /// The reason phrase; the usual one when none.
    pub reason: Option<String>,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// The whole body; its length is announced whatever the headers say.
    pub body: Vec<u8>,
}

impl Canned {
    /// An answer in plain text.
    #[must_use]
    pub fn new(status: u16, body: &str) -> Self {
        Self {
            status,
            reason: None,
            headers: vec![("content-type".to_owned(), "text/plain".to_owned())],
            body: body.as_bytes().to_vec(),
        }
    }

    /// The same with a header, in the place of any of that name.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.retain(|(other, _)| other != name);
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(super) fn into_response(self) -> Response<AnyBody> {
        let mut response = Response::new(whole(self.body));
        *response.status_mut() =
            StatusCode::from_u16(self.status).expect("a test gives a status of three digits");
        for (name, value) in &self.headers {
            let name = HeaderName::from_bytes(name.as_bytes()).expect("a test gives a header name");
            let value = HeaderValue::from_str(value).expect("a test gives a header value");
            response.headers_mut().append(name, value);
        }
        if let Some(reason) = self.reason {
            let phrase = ReasonPhrase::try_from(reason.into_bytes())
                .expect("a test gives a reason phrase on one line");
            response.extensions_mut().insert(phrase);
        }
        response
    }

    pub(super) async fn of(response: Response<Incoming>) -> io::Result<Self> {
        let (parts, body) = response.into_parts();
        let body = body.collect().await.map_err(io::Error::other)?.to_bytes();
        Ok(Self {
            status: parts.status.as_u16(),
            reason: parts
                .extensions
                .get::<ReasonPhrase>()
                .map(|phrase| String::from_utf8_lossy(phrase.as_bytes()).into_owned()),
            headers: parts
                .headers
                .iter()
                // The body is passed on whole, whatever its framing was; an answer without a body
                // (to HEAD) keeps the length of the one it stands for.
                .filter(|(name, _)| *name != CONTENT_LENGTH || body.is_empty())
                .filter(|(name, _)| ![TRANSFER_ENCODING, CONNECTION].contains(name))
                .map(|(name, value)| {
                    let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
                    (name.as_str().to_owned(), value)
                })
                .collect(),
            body: body.to_vec(),
        })
    }
}

fn whole(body: Vec<u8>) -> AnyBody {
    Full::new(Bytes::from(body))
        .map_err(|never: Infallible| match never {})
        .boxed_unsync()
}
