//! Carries a fault out: before a request is served, and on its answer.

use std::io;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_util::stream;
use http_body_util::{BodyExt as _, StreamBody};
use hyper::body::Frame;
use hyper::{Request, StatusCode, header};
use tokio::time;

use super::{Fault, Moment};
use crate::answer::{Answer, Body, Notice, full, set_text};
use crate::connection::RequestBody;

/// A connection that ends here, without an answer.
#[derive(Debug)]
pub(crate) struct Aborted;

/// What is done before a request is served: the request to serve, or the answer that it gets instead.
///
/// # Errors
/// When the connection is to be reset.
pub(crate) async fn before(
    fault: &Fault,
    mut request: Request<RequestBody>,
) -> Result<Result<Request<RequestBody>, Answer>, Aborted> {
    match fault {
        Fault::Latency(latency) => time::sleep(*latency).await,
        Fault::Status {
            status,
            retry_after,
            commit: false,
        } => {
            // A client that is still sending would see a broken connection instead of the answer.
            read_away(&mut request, usize::MAX).await;
            return Ok(Err(answer(*status, *retry_after, &request)));
        }
        Fault::Reset(Moment::BeforeBody) => return Err(Aborted),
        Fault::Reset(Moment::InBody(n_bytes)) => {
            read_away(&mut request, *n_bytes).await;
            return Err(Aborted);
        }
        Fault::Reset(Moment::AfterBody) => {
            read_away(&mut request, usize::MAX).await;
            return Err(Aborted);
        }
        _ => {}
    }
    Ok(Ok(request))
}

/// Reads at least so many bytes of a body, or all of it.
async fn read_away(request: &mut Request<RequestBody>, n_bytes: usize) {
    let mut read = 0_usize;
    while read < n_bytes {
        match request.body_mut().frame().await {
            Some(Ok(frame)) => read += frame.data_ref().map_or(0, Bytes::len),
            _ => return,
        }
    }
}

fn answer(status: StatusCode, retry_after: Option<u64>, request: &Request<RequestBody>) -> Answer {
    let notice = Notice::plain(status);
    let notice = match retry_after {
        Some(seconds) => notice.with(header::RETRY_AFTER, seconds.to_string()),
        None => notice,
    };
    notice.answer(request.headers())
}

/// What is done to the answer of a request that was served.
///
/// # Errors
/// When the connection is to be reset.
pub(crate) async fn after(fault: &Fault, mut answer: Answer) -> Result<Answer, Aborted> {
    match fault {
        Fault::Status {
            status,
            retry_after,
            commit: true,
        } => {
            let notice = Notice::plain(*status);
            let mut other = notice.answer(&header::HeaderMap::new());
            if let Some(seconds) = retry_after {
                set_text(&mut other, header::RETRY_AFTER, &seconds.to_string());
            }
            return Ok(other);
        }
        Fault::Duplicate if answer.status() == StatusCode::OK => {
            let words =
                "File already exists. See http://127.0.0.1/help/#R088 for more information.";
            let notice = Notice::refusal(StatusCode::BAD_REQUEST, words);
            return Ok(notice.answer(&header::HeaderMap::new()));
        }
        Fault::Reset(Moment::AfterCommit) => return Err(Aborted),
        Fault::Corrupt | Fault::WrongDigest => {
            let (mut head, body) = answer.into_parts();
            let bytes = body.collect().await.map_err(|_| Aborted)?.to_bytes();
            let other = if *fault == Fault::Corrupt {
                corrupt(&bytes)
            } else {
                wrong_digests(&bytes)
            };
            head.headers.remove(header::ETAG);
            return Ok(Answer::from_parts(head, full(other)));
        }
        Fault::Truncate(_) | Fault::Stall(_) | Fault::Throttle(_) => {
            promise_length(&mut answer);
            let (head, body) = answer.into_parts();
            return Ok(Answer::from_parts(head, trickle(body, fault.clone())));
        }
        _ => {}
    }
    Ok(answer)
}

/// The length has to be promised beforehand, or a cut body would look like a whole one.
fn promise_length(answer: &mut Answer) {
    let exact = hyper::body::Body::size_hint(answer.body()).exact();
    if let Some(length) = exact.filter(|_| !answer.headers().contains_key(header::CONTENT_LENGTH)) {
        set_text(answer, header::CONTENT_LENGTH, &length.to_string());
    }
}

fn corrupt(bytes: &Bytes) -> Bytes {
    let mut other = BytesMut::from(&bytes[..]);
    let middle = other.len() / 2;
    if let Some(byte) = other.get_mut(middle) {
        *byte ^= 0xff;
    }
    other.freeze()
}

/// Changes the first digit of every SHA-256 in a listing.
fn wrong_digests(bytes: &Bytes) -> Bytes {
    let mut other = BytesMut::from(&bytes[..]);
    let is_digit = |byte: &u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    let mut start = 0;
    for at in 0..=other.len() {
        if other.get(at).is_some_and(is_digit) {
            continue;
        }
        if at - start == 64 {
            other[start] = if other[start] == b'0' { b'1' } else { b'0' };
        }
        start = at + 1;
    }
    other.freeze()
}

/// The body in pieces, slowly, up to where the fault ends it.
fn trickle(body: Body, fault: Fault) -> Body {
    let pieces = stream::try_unfold((body, Bytes::new(), 0_usize), move |state| {
        let fault = fault.clone();
        async move { next_piece(state, &fault).await }
    });
    StreamBody::new(pieces).boxed_unsync()
}

type Trickle = (Body, Bytes, usize);

async fn next_piece(
    (mut body, mut ready, sent): Trickle,
    fault: &Fault,
) -> io::Result<Option<(Frame<Bytes>, Trickle)>> {
    while ready.is_empty() {
        match body.frame().await {
            Some(frame) => ready = frame?.into_data().unwrap_or_default(),
            None => return Ok(None),
        }
    }
    let n_bytes = match fault {
        Fault::Truncate(end) if sent >= *end => {
            // What was sent has to reach the client before the connection breaks.
            time::sleep(Duration::from_millis(20)).await;
            return Err(io::Error::other("cut off on purpose"));
        }
        Fault::Stall(end) if sent >= *end => std::future::pending().await,
        Fault::Truncate(end) | Fault::Stall(end) => (end - sent).min(ready.len()),
        Fault::Throttle(bytes_per_second) => {
            // Ten pieces a second are smooth enough.
            time::sleep(Duration::from_millis(100)).await;
            let piece = usize::try_from((bytes_per_second / 10).max(1)).unwrap_or(usize::MAX);
            piece.min(ready.len())
        }
        _ => ready.len(),
    };
    let piece = ready.split_to(n_bytes);
    Ok(Some((Frame::data(piece), (body, ready, sent + n_bytes))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_change_and_nothing_else() {
        let digest = "a".repeat(64);
        let text = format!("x {digest}\"{}b", "c".repeat(63));
        let other = wrong_digests(&Bytes::from(text.clone()));
        let expected = text.replacen('a', "0", 1).replacen("c", "0", 1);
        assert_eq!(other, expected.as_bytes());
        let short = Bytes::from("abc".repeat(5));
        assert_eq!(wrong_digests(&short), short);
    }
}
