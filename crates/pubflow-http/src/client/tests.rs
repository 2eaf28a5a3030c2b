//! The client against sockets that misbehave.

use std::io;

use bytes::Bytes;
use futures_util::stream;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use url::Url;

use super::*;
use crate::{AddressError, Secret};

fn policy() -> HttpPolicy {
    let mut policy = HttpPolicy::new("pubflow-tests/1");
    policy.first_byte_timeout = Duration::from_millis(400);
    policy
}

/// A server that runs `talk` on its first connection; its address.
async fn server<F>(talk: impl FnOnce(TcpStream) -> F + Send + 'static) -> Url
where
    F: Future<Output = ()> + Send,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/path?q=1", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        talk(stream).await;
    });
    Url::parse(&url).unwrap()
}

/// A server that reads a head and writes one text.
async fn answering(text: &'static str) -> Url {
    server(async move |mut stream: TcpStream| {
        read_head(&mut stream).await;
        stream.write_all(text.as_bytes()).await.unwrap();
        // The client decides when it is over.
        let _ = stream.read(&mut [0; 1]).await;
    })
    .await
}

async fn read_head(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    String::from_utf8(head).unwrap()
}

async fn get(url: Url) -> Result<Response, HttpError> {
    HttpClient::new(&policy())
        .unwrap()
        .send(Request::get(url))
        .await
}

#[tokio::test]
async fn a_request_carries_the_user_agent_and_what_it_was_given() {
    let (tell, told) = tokio::sync::oneshot::channel();
    let url = server(async move |mut stream: TcpStream| {
        tell.send(read_head(&mut stream).await).unwrap();
        let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nx-note: a\r\n\r\nhi";
        stream.write_all(answer).await.unwrap();
    })
    .await;
    let secret = Secret::from_text("s").unwrap();
    let request = Request::post(url)
        .basic("__token__", &secret)
        .header("accept", "application/json");
    let response = HttpClient::new(&policy())
        .unwrap()
        .send(request)
        .await
        .unwrap();
    assert_eq!(
        (response.status(), response.header("x-note")),
        (200, Some("a"))
    );
    assert_eq!(response.reason(), None);
    assert_eq!(response.read(10).await.unwrap(), b"hi");
    let head = told.await.unwrap().to_lowercase();
    assert!(head.starts_with("post /path?q=1 http/1.1\r\n"), "{head}");
    for line in [
        "user-agent: pubflow-tests/1",
        "accept: application/json",
        "authorization: basic x190b2tlbl9fonm=",
    ] {
        assert!(
            head.contains(&format!("\r\n{line}\r\n")),
            "{line} in {head}"
        );
    }
}

#[tokio::test]
async fn redirects_come_back_as_they_are() {
    let url =
        answering("HTTP/1.1 302 Found\r\nlocation: /other\r\ncontent-length: 0\r\n\r\n").await;
    let response = get(url).await.unwrap();
    assert_eq!(
        (response.status(), response.header("location")),
        (302, Some("/other"))
    );
}

#[tokio::test]
async fn a_reason_phrase_of_the_servers_own_is_read() {
    let url = answering("HTTP/1.1 400 File already exists\r\ncontent-length: 0\r\n\r\n").await;
    let response = get(url).await.unwrap();
    assert_eq!(response.reason().as_deref(), Some("File already exists"));
}

#[tokio::test]
async fn plain_http_leaves_this_machine_never() {
    let error = get(Url::parse("http://example.org/").unwrap())
        .await
        .unwrap_err();
    assert!(matches!(
        error,
        HttpError::Address(AddressError::PlainHttp { .. })
    ));
    assert_eq!(error.moment(), None);
}

#[tokio::test]
async fn nobody_there_is_a_failure_to_connect() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/?token=canary", listener.local_addr().unwrap());
    drop(listener);
    let error = get(Url::parse(&url).unwrap()).await.unwrap_err();
    assert_eq!(error.moment(), Some(Moment::Connecting));
    assert!(
        error
            .to_string()
            .starts_with("cannot connect to `http://127.0.0.1:"),
        "{error}"
    );
    assert!(
        !format!("{error} {error:?}").contains("canary"),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_server_that_speaks_no_tls_is_a_failure_to_connect() {
    let mut url = answering("HTTP/1.1 200 OK\r\n\r\n").await;
    url.set_scheme("https").unwrap();
    let error = get(url).await.unwrap_err();
    // The head that this server waits for never comes; it may also give up first.
    assert!(
        matches!(
            error.moment(),
            Some(Moment::Connecting | Moment::BeforeBody)
        ),
        "{error:?}"
    );
}

#[tokio::test]
async fn silence_ends_at_the_first_byte_deadline() {
    let url = answering("").await;
    let error = get(url).await.unwrap_err();
    assert!(
        matches!(
            error,
            HttpError::TimedOut {
                moment: Moment::BeforeBody,
                ..
            }
        ),
        "{error:?}"
    );

    let url = answering("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf").await;
    let error = get(url).await.unwrap().read(100).await.unwrap_err();
    assert!(
        matches!(
            error,
            HttpError::TimedOut {
                moment: Moment::Answering,
                ..
            }
        ),
        "{error:?}"
    );
}

fn slow_body(n_pieces: u32) -> Body {
    let pieces = stream::unfold(0, move |n| async move {
        tokio::time::sleep(Duration::from_millis(150)).await;
        (n < n_pieces).then(|| (Ok::<_, io::Error>(Bytes::from_static(b"abcd")), n + 1))
    });
    Body::Stream {
        length: u64::from(n_pieces) * 4,
        chunks: pieces.boxed(),
    }
}

#[tokio::test]
async fn a_slow_body_is_progress_and_the_whole_deadline_ends_it() {
    let talk = async |mut stream: TcpStream| {
        read_head(&mut stream).await;
        let mut body = [0; 32];
        if stream.read_exact(&mut body).await.is_ok() {
            let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
            stream.write_all(answer).await.unwrap();
        }
    };
    // 1.2 s in all, and never more than 0.4 s without progress.
    let client = HttpClient::new(&policy()).unwrap();
    let request = Request::post(server(talk).await).body(slow_body(8));
    assert_eq!(client.send(request).await.unwrap().status(), 200);

    let request = Request::post(server(talk).await).body(slow_body(8));
    let error = client
        .send(request.within(Duration::from_millis(500)))
        .await
        .unwrap_err();
    assert!(
        matches!(
            error,
            HttpError::TimedOut {
                moment: Moment::BodyBegun,
                ..
            }
        ),
        "{error:?}"
    );
}

#[tokio::test]
async fn an_answer_before_the_end_of_the_body_counts() {
    let url = server(async |mut stream: TcpStream| {
        read_head(&mut stream).await;
        let answer = b"HTTP/1.1 403 Forbidden\r\ncontent-length: 2\r\nconnection: close\r\n\r\nno";
        stream.write_all(answer).await.unwrap();
        // As servers do that want their answer to be read: no reset over what is still coming.
        while stream
            .read(&mut [0; 4096])
            .await
            .is_ok_and(|n_bytes| n_bytes > 0)
        {}
    })
    .await;
    let client = HttpClient::new(&policy()).unwrap();
    let response = client
        .send(Request::post(url).body(slow_body(40)))
        .await
        .unwrap();
    assert_eq!(response.status(), 403);
    assert_eq!(response.read(10).await.unwrap(), b"no");
}

#[tokio::test]
async fn a_broken_connection_says_whether_the_body_was_begun() {
    let url = server(async |mut stream: TcpStream| {
        read_head(&mut stream).await;
    })
    .await;
    let error = get(url).await.unwrap_err();
    assert!(
        matches!(
            error,
            HttpError::Broken {
                moment: Moment::BeforeBody,
                ..
            }
        ),
        "{error:?}"
    );

    let url = server(async |mut stream: TcpStream| {
        read_head(&mut stream).await;
        stream.read_u8().await.unwrap();
    })
    .await;
    let client = HttpClient::new(&policy()).unwrap();
    let error = client
        .send(Request::post(url).body(slow_body(3)))
        .await
        .unwrap_err();
    assert!(
        matches!(
            error,
            HttpError::Broken {
                moment: Moment::BodyBegun,
                ..
            }
        ),
        "{error:?}"
    );
}

#[tokio::test]
async fn bodies_are_read_within_their_limit() {
    let text = "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello";
    let error = get(answering(text).await)
        .await
        .unwrap()
        .read(4)
        .await
        .unwrap_err();
    assert!(
        matches!(error, HttpError::TooLong { limit_bytes: 4, .. }),
        "{error:?}"
    );
    let whole = get(answering(text).await).await.unwrap().read(5).await;
    assert_eq!(whole.unwrap(), b"hello");
    let prefix = get(answering(text).await)
        .await
        .unwrap()
        .read_prefix(3)
        .await;
    assert_eq!((prefix.bytes.as_slice(), prefix.cut), (&b"hel"[..], true));
    let prefix = get(answering(text).await)
        .await
        .unwrap()
        .read_prefix(5)
        .await;
    assert_eq!(
        (prefix.bytes.as_slice(), prefix.cut),
        (&b"hello"[..], false)
    );
}

#[test]
fn certificates_that_cannot_be_used_are_refused_at_once() {
    let directory = tempfile::tempdir().unwrap();
    let mut policy = policy();
    policy.ca_file = Some(directory.path().join("none.pem"));
    let error = HttpClient::new(&policy).unwrap_err();
    assert!(
        matches!(
            error,
            HttpError::Certificates {
                source: Some(_),
                ..
            }
        ),
        "{error:?}"
    );
    let path = directory.path().join("bad.pem");
    std::fs::write(&path, "not a certificate").unwrap();
    policy.ca_file = Some(path);
    let error = HttpClient::new(&policy).unwrap_err();
    assert!(
        matches!(error, HttpError::Certificates { source: None, .. }),
        "{error:?}"
    );
}

#[test]
fn a_header_that_cannot_be_sent_is_an_error_without_its_value() {
    let url = Url::parse("http://127.0.0.1:1/").unwrap();
    let request = Request::get(url).header("x-note", "canary\n");
    let error = prepare(request, &Arc::new(Progress::begin())).unwrap_err();
    assert!(matches!(error, HttpError::Header { name: "x-note" }));
    assert!(!format!("{error} {error:?}").contains("canary"));
}
