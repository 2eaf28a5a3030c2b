//! From a request to the module that answers it.
//!
//! Spec: the legacy upload API and the simple repository API, at the paths that the realm announces.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::connection::RequestBody;
use futures_util::{StreamExt as _, stream};
use http_body_util::{BodyExt as _, BodyStream, Limited, StreamBody};
use hyper::header::{self, HeaderMap};
use hyper::{Method, Request, StatusCode};
use jiff::{SignedDuration, Timestamp};

use crate::answer::{Answer, Notice, header_text, set};
use crate::fault::{self, Aborted, Facts, Fault, Route};
use crate::index::{Index, text};
use crate::refusal::by_rule;
use crate::simple::AsOf;
use crate::{
    LoggedRequest, admin, files, identity, project_json, provenance, simple, trusted, upload, web,
};

/// The largest body of anything but an upload, in bytes.
const SMALL_BODY: usize = 64 << 10;

/// Answers one request and logs it.
///
/// # Errors
/// When a fault resets the connection.
pub(crate) async fn respond(
    index: Arc<Index>,
    mut request: Request<RequestBody>,
) -> Result<Answer, Aborted> {
    let started = Instant::now();
    let method = request.method().to_string();
    let path = request.uri().path().to_owned();
    let log = |status: u16| {
        index.requests.add(LoggedRequest {
            at: text(index.now()),
            method: method.clone(),
            path: path.clone(),
            status,
            took: started.elapsed(),
        });
    };
    let fault = pick(&index, &mut request, &path).await;
    let answered = match &fault {
        None => Ok(serve(&index, request).await),
        Some(fault) => suffer(&index, request, fault).await,
    };
    match &answered {
        Ok(answer) => log(answer.status().as_u16()),
        // No status was sent.
        Err(Aborted) => log(0),
    }
    answered
}

/// What the plan of faults has for this request.
async fn pick(index: &Index, request: &mut Request<RequestBody>, path: &str) -> Option<Fault> {
    let named = if path == "/legacy/" && index.faults.asks_for_files() {
        peek_filename(request).await
    } else {
        path.rsplit('/')
            .next()
            .map(|name| name.strip_suffix(".metadata").unwrap_or(name).to_owned())
    };
    index.faults.pick(&Facts {
        method: request.method().as_str(),
        path,
        file: named.as_deref(),
    })
}

/// Serves a request as a fault has it.
async fn suffer(
    index: &Arc<Index>,
    request: Request<RequestBody>,
    fault: &Fault,
) -> Result<Answer, Aborted> {
    let mut request = match fault::before(fault, request).await? {
        Ok(request) => request,
        Err(answer) => return Ok(answer),
    };
    let ago = |lag: Duration| {
        let lag = SignedDuration::try_from(lag).unwrap_or(SignedDuration::MAX);
        AsOf(index.now().checked_sub(lag).unwrap_or(Timestamp::MIN))
    };
    match (fault, Route::of(request.uri().path())) {
        (Fault::Lag { lag, .. }, Route::Simple)
        | (Fault::FileLag(lag), Route::File | Route::Metadata) => {
            request.extensions_mut().insert(ago(*lag));
        }
        _ => {}
    }
    let answer = serve(index, request).await;
    fault::after(fault, answer).await
}

/// Serves a request as an index should.
async fn serve(index: &Arc<Index>, request: Request<RequestBody>) -> Answer {
    let headers = request.headers().clone();
    let is_upload = request.uri().path().starts_with("/legacy");
    let answered = dispatch(index, request).await;
    let vary = match &answered {
        _ if is_upload => Some("Authorization, Cookie, PyPI-Locale"),
        Ok(_) => None,
        Err(_) => Some("Accept-Encoding"),
    };
    let mut answer = answered.unwrap_or_else(|notice| notice.answer(&headers));
    if let Some(vary) = vary.filter(|_| !answer.headers().contains_key(header::VARY)) {
        set(&mut answer, header::VARY, vary);
    }
    answer
}

/// The name of the file in an upload, whose body is read up to there and put back.
async fn peek_filename(request: &mut Request<RequestBody>) -> Option<String> {
    /// More than the fields of any release before its file.
    const MOST: usize = 4 << 20;
    let mut read = Vec::new();
    let mut frames = Vec::new();
    let mut found = None;
    while found.is_none() && read.len() < MOST {
        let Some(Ok(frame)) = request.body_mut().frame().await else {
            break;
        };
        if let Some(bytes) = frame.data_ref() {
            read.extend_from_slice(bytes);
        }
        frames.push(Ok(frame));
        found = filename_in(&read);
    }
    let rest = std::mem::take(request.body_mut());
    let again = stream::iter(frames).chain(BodyStream::new(rest));
    *request.body_mut() = StreamBody::new(again).boxed_unsync();
    found
}

fn filename_in(body: &[u8]) -> Option<String> {
    let mark = b"filename=\"";
    let at = body.windows(mark.len()).position(|window| window == mark)?;
    let name = &body[at + mark.len()..];
    let end = name.iter().position(|byte| *byte == b'"')?;
    Some(String::from_utf8_lossy(&name[..end]).into_owned())
}

async fn dispatch(index: &Arc<Index>, request: Request<RequestBody>) -> Result<Answer, Notice> {
    let origin = origin(index, request.headers())?;
    let path = decode(request.uri().path())
        .ok_or_else(|| Notice::refusal(StatusCode::BAD_REQUEST, "Invalid bytes in URL."))?;
    let segments: Vec<&str> = path.strip_prefix('/').unwrap_or(&path).split('/').collect();
    let post = request.method() == Method::POST;
    match segments.as_slice() {
        ["legacy"] if post => Err(slashless_upload(&origin)),
        ["legacy", ""] => upload::answer(index, request).await,
        ["pypi"] if post => {
            let address = format!("{origin}/legacy/");
            Err(by_rule(&origin, "R008", &[&address]))
        }
        ["_", "admin"] => {
            let body = small_body(allow(request, &Method::POST, "POST")?).await?;
            admin::answer(index, body).await
        }
        ["_", "oidc", rest @ ..] => trusted::answer(index, rest, small_body(request).await?).await,
        ["_", "issuer", rest @ ..] => {
            let request = small_body(allow(request, &Method::GET, "GET")?).await?;
            trusted::issue(index, rest, &request)
        }
        ["integrity", rest @ ..] => {
            provenance::answer(index, rest, &reading(request, "GET, HEAD")?)
        }
        ["_", "identity"] => {
            let request = reading(request, "GET, HEAD")?;
            identity::answer(
                index.realm,
                &index.origin,
                &index.nonce,
                request.uri().query(),
            )
        }
        ["manage", "project", project, "release", version, ""] if post => {
            web::act(index, project, version, small_body(request).await?).await
        }
        ["simple", rest @ ..] => simple::answer(
            index,
            &origin,
            rest,
            &reading(request, "GET, HEAD, OPTIONS")?,
        ),
        ["pypi", rest @ ..] => {
            project_json::answer(index, &origin, rest, &reading(request, "GET, HEAD")?)
        }
        ["files", rest @ ..] => {
            let request = reading(request, "GET, HEAD")?.map(|_| ());
            files::answer(index, rest, &request).await
        }
        rest => {
            let request = reading(request, "GET, HEAD")?.map(|_| ());
            web::answer(index, rest, request.headers(), request.uri().query()).await
        }
    }
}

/// The origin under which the client reached us, so that the addresses in answers work through a port forwarder.
///
/// Only loopback names and the announced one are answered: a page of a hostile site that makes its own name resolve to
/// this machine must not be able to read or change what is here.
fn origin(index: &Index, headers: &HeaderMap) -> Result<String, Notice> {
    let Some(host) = header_text(headers, header::HOST) else {
        return Ok(index.origin.clone());
    };
    let (name, port) = match host.rsplit_once(':') {
        Some((name, port)) if !port.ends_with(']') => (name, Some(port)),
        _ => (host, None),
    };
    let (scheme, announced) = index.origin.split_once("://").unwrap_or_default();
    let announced = announced
        .rsplit_once(':')
        .map_or(announced, |(name, _)| name);
    let is_known = ["127.0.0.1", "localhost", "[::1]", announced]
        .iter()
        .any(|known| known.eq_ignore_ascii_case(name));
    if is_known && port.is_none_or(|port| port.parse::<u16>().is_ok()) {
        Ok(format!("{scheme}://{host}"))
    } else {
        Err(Notice::refusal(
            StatusCode::MISDIRECTED_REQUEST,
            "The embedded index answers to loopback names and the one that it announces only.",
        ))
    }
}

/// R004.
fn slashless_upload(origin: &str) -> Notice {
    Notice::redirect(StatusCode::PERMANENT_REDIRECT, origin, "/legacy/").saying(
        "An upload was attempted to /legacy but the expected upload URL is /legacy/ (with a trailing slash)",
    )
}

fn allow(
    request: Request<RequestBody>,
    method: &Method,
    allowed: &'static str,
) -> Result<Request<RequestBody>, Notice> {
    if request.method() == method {
        return Ok(request);
    }
    Err(Notice::plain(StatusCode::METHOD_NOT_ALLOWED).with(header::ALLOW, allowed))
}

/// Lets reading methods through; the allowed list names OPTIONS where it is answered.
fn reading(
    request: Request<RequestBody>,
    allowed: &'static str,
) -> Result<Request<RequestBody>, Notice> {
    let options = request.method() == Method::OPTIONS && allowed.contains("OPTIONS");
    if options || [Method::GET, Method::HEAD].contains(request.method()) {
        return Ok(request);
    }
    Err(Notice::plain(StatusCode::METHOD_NOT_ALLOWED).with(header::ALLOW, allowed))
}

/// A request whose whole body has been read.
pub(crate) type SmallRequest = Request<bytes::Bytes>;

async fn small_body(request: Request<RequestBody>) -> Result<SmallRequest, Notice> {
    let (head, body) = request.into_parts();
    let body = Limited::new(body, SMALL_BODY)
        .collect()
        .await
        .map_err(|_| Notice::plain(StatusCode::PAYLOAD_TOO_LARGE))?;
    Ok(Request::from_parts(head, body.to_bytes()))
}

/// Decodes `%xx`; `None` when the result is not UTF-8 or holds a NUL.
pub(crate) fn decode(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let [first, tail @ ..] = rest {
        let escaped = match tail {
            [high, low, ..] if *first == b'%' => hex_digit(*high).zip(hex_digit(*low)),
            _ => None,
        };
        if let Some((high, low)) = escaped {
            decoded.push(high << 4 | low);
            rest = &tail[2..];
        } else {
            decoded.push(*first);
            rest = tail;
        }
    }
    String::from_utf8(decoded)
        .ok()
        .filter(|text| !text.contains('\0'))
}

/// Encodes a text for a query.
pub(crate) fn encode(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

fn hex_digit(byte: u8) -> Option<u8> {
    char::from(byte)
        .to_digit(16)
        .and_then(|digit| u8::try_from(digit).ok())
}

/// The pairs of a query or of a URL-encoded form; what is not UTF-8 is left out.
pub(crate) fn pairs(text: &str) -> impl Iterator<Item = (String, String)> {
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .filter_map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let plain = |text: &str| decode(&text.replace('+', " "));
            Some((plain(name)?, plain(value)?))
        })
}

/// Marks an answer as readable by scripts of every page, as PyPI's reading interfaces are.
pub(crate) fn readable_everywhere(answer: &mut Answer) {
    set(answer, header::ACCESS_CONTROL_ALLOW_ORIGIN, "*");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_decoded_once() {
        assert_eq!(decode("/a%20b%2Fc%252F").as_deref(), Some("/a b/c%2F"));
        assert_eq!(decode("100%").as_deref(), Some("100%"));
        assert_eq!(decode("%zz").as_deref(), Some("%zz"));
        assert_eq!(decode("%ff"), None);
        assert_eq!(decode("%00"), None);
    }

    #[test]
    fn forms_have_pairs() {
        let found: Vec<_> = pairs("reason=a+b%26c&undo=&empty").collect();
        let expected = [("reason", "a b&c"), ("undo", ""), ("empty", "")];
        assert_eq!(
            found,
            expected.map(|(name, value)| (name.to_owned(), value.to_owned()))
        );
    }
}
