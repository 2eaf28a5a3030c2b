//! Entity tags: a client that has the current page is told so in a few bytes.
//!
//! Spec: RFC 9110 sections 8.8.3 and 13.1.2.

use bytes::Bytes;
use hyper::StatusCode;
use hyper::header::{self, HeaderMap};
use sha2::{Digest as _, Sha256};

use crate::answer::{Answer, full, header_text, page, set_text};
use crate::credential::hex;

/// A page's body with its tag; copies share the bytes.
#[derive(Debug, Clone)]
pub(crate) struct Tagged {
    tag: String,
    body: Bytes,
}

impl Tagged {
    pub(crate) fn of(body: Vec<u8>) -> Self {
        Self {
            tag: format!("\"{}\"", hex(&Sha256::digest(&body)[..16])),
            body: body.into(),
        }
    }

    /// The page; a 304 without body when the request names its tag.
    pub(crate) fn answer(&self, request: &HeaderMap, content_type: &'static str) -> Answer {
        let mut answer = if names_tag(request, &self.tag) {
            let mut answer = Answer::new(full(""));
            *answer.status_mut() = StatusCode::NOT_MODIFIED;
            answer
        } else {
            page(StatusCode::OK, content_type, self.body.clone())
        };
        set_text(&mut answer, header::ETAG, &self.tag);
        // Rehearsals look for changes they have just made: a listing must never be taken from a cache unasked.
        set_text(&mut answer, header::CACHE_CONTROL, "no-cache");
        answer
    }
}

/// A page with its tag; a 304 without body when the request names that tag.
pub(crate) fn tagged_page(
    request: &HeaderMap,
    content_type: &'static str,
    body: Vec<u8>,
) -> Answer {
    Tagged::of(body).answer(request, content_type)
}

/// Whether `If-None-Match` names this tag; weak and strong tags are compared alike, as the specification asks.
pub(crate) fn names_tag(request: &HeaderMap, tag: &str) -> bool {
    header_text(request, header::IF_NONE_MATCH).is_some_and(|given| {
        given
            .split(',')
            .map(str::trim)
            .any(|one| one == "*" || one.strip_prefix("W/").unwrap_or(one) == tag)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use hyper::header::HeaderValue;

    #[test]
    fn the_current_tag_saves_the_body() {
        let first = tagged_page(&HeaderMap::new(), "text/html", b"page".to_vec());
        assert_eq!(first.status(), StatusCode::OK);
        let tag = first.headers()[header::ETAG].clone();
        let again = HeaderMap::from_iter([(header::IF_NONE_MATCH, tag.clone())]);
        assert_eq!(
            tagged_page(&again, "text/html", b"page".to_vec()).status(),
            StatusCode::NOT_MODIFIED
        );
        assert_eq!(
            tagged_page(&again, "text/html", b"other".to_vec()).status(),
            StatusCode::OK
        );
        let list = format!("\"other\", W/{}", tag.to_str().unwrap());
        let list =
            HeaderMap::from_iter([(header::IF_NONE_MATCH, HeaderValue::from_str(&list).unwrap())]);
        assert_eq!(
            tagged_page(&list, "text/html", b"page".to_vec()).status(),
            StatusCode::NOT_MODIFIED
        );
    }
}
