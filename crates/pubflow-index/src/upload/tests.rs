//! What goes over the wire, and what each answer is taken for.

use std::path::Path;
use std::sync::Mutex;
use std::time::Duration;

use pubflow_http::HttpClient;
use pubflow_testkit::fault_proxy::{Canned, Fault, FaultProxy, Nth};

use super::*;
use crate::test_server::{Answer, CANARY, Received, TestServer, canary, client};
use crate::{IndexAddress, IndexKind, IndexName};

const CONTENT: &[u8] = b"PK\x03\x04 not really a wheel \r\n--pubflow-\r\n";

fn file_with(directory: &Path, filename: &str, content: &[u8]) -> UploadFile {
    let path = directory.join(filename);
    std::fs::write(&path, content).unwrap();
    UploadFile {
        path,
        filename: DistributionFilename::parse(filename).unwrap(),
        size: content.len() as u64,
        sha256: Sha256::of(content),
        md5: Some(Md5::of(content)),
        blake2b_256: Some(Blake2b256::of(content)),
        attestations: None,
        fields: vec![
            ("metadata_version", "2.1".to_owned()),
            ("name", "demo".to_owned()),
            ("version", "1.0".to_owned()),
            ("summary", "schön, \"quoted\"".to_owned()),
            ("classifiers", "A :: B".to_owned()),
            ("classifiers", "C :: D".to_owned()),
        ],
    }
}

pub(crate) fn wheel(directory: &Path) -> UploadFile {
    file_with(directory, "demo-1.0-py2.py3-none-any.whl", CONTENT)
}

/// Name, file name and content of every part of a form.
fn parts(request: &Received) -> Vec<(String, Option<String>, Vec<u8>)> {
    let content_type = request.header("content-type").unwrap();
    let boundary = content_type.split_once("boundary=").unwrap().1;
    let delimiter = format!("\r\n--{boundary}");
    let mut body = b"\r\n".to_vec();
    body.extend_from_slice(&request.body);
    let mut pieces = Vec::new();
    let mut rest = body.as_slice();
    while let Some(at) = rest
        .windows(delimiter.len())
        .position(|window| window == delimiter.as_bytes())
    {
        pieces.push(&rest[..at]);
        rest = &rest[at + delimiter.len()..];
    }
    assert_eq!(rest, b"--\r\n");
    assert_eq!(pieces.remove(0), b"");
    let read = |piece: &[u8]| {
        let end = piece
            .windows(4)
            .position(|window| window == b"\r\n\r\n")
            .unwrap();
        let head = String::from_utf8(piece[..end].to_vec()).unwrap();
        let value = |key: &str| {
            let start = head.find(&format!("; {key}=\""))? + key.len() + 4;
            Some(head[start..].split('"').next().unwrap().to_owned())
        };
        (
            value("name").unwrap(),
            value("filename"),
            piece[end + 4..].to_vec(),
        )
    };
    pieces.into_iter().map(read).collect()
}

#[tokio::test]
async fn the_form_holds_every_field_once_and_the_file_last() {
    let directory = tempfile::tempdir().unwrap();
    let file = wheel(directory.path());
    let server = TestServer::start(|_| Answer::new(200, "text/html", "<html></html>")).await;
    let told = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&told);
    let progress = Progress::new(move |done, total| heard.lock().unwrap().push((done, total)));
    let accepted = server
        .index(IndexKind::Pypi)
        .upload(&file, &canary(), &progress)
        .await
        .unwrap();
    assert_eq!(accepted, Accepted { status: 200 });

    let received = server.received();
    assert_eq!(received.len(), 1);
    let request = &received[0];
    assert_eq!(
        (request.method.as_str(), request.path.as_str()),
        ("POST", "/legacy/")
    );
    assert_eq!(request.header("accept"), Some("application/json"));
    assert_eq!(request.header("user-agent"), Some("pubflow-tests"));
    assert_eq!(request.header("transfer-encoding"), None);
    assert_eq!(
        request.header("content-length"),
        Some(request.body.len().to_string().as_str())
    );
    let parts = parts(request);
    let texts: Vec<_> = parts[..parts.len() - 1]
        .iter()
        .map(|(name, filename, value)| {
            // A file name on a text part is refused by the index.
            assert_eq!(*filename, None, "{name}");
            (name.as_str(), String::from_utf8(value.clone()).unwrap())
        })
        .collect();
    let text = |text: &str| text.to_owned();
    assert_eq!(
        texts,
        [
            (":action", text("file_upload")),
            ("protocol_version", text("1")),
            ("filetype", text("bdist_wheel")),
            ("pyversion", text("py2.py3")),
            ("sha256_digest", Sha256::of(CONTENT).to_string()),
            ("md5_digest", Md5::of(CONTENT).to_string()),
            ("blake2_256_digest", Blake2b256::of(CONTENT).to_string()),
            ("metadata_version", text("2.1")),
            ("name", text("demo")),
            ("version", text("1.0")),
            ("summary", text("schön, \"quoted\"")),
            ("classifiers", text("A :: B")),
            ("classifiers", text("C :: D")),
        ]
    );
    let (name, filename, content) = parts.last().unwrap();
    assert_eq!(name, "content");
    assert_eq!(filename.as_deref(), Some("demo-1.0-py2.py3-none-any.whl"));
    assert_eq!(content, CONTENT);
    let length = CONTENT.len() as u64;
    assert_eq!(told.lock().unwrap().last(), Some(&(length, length)));
}

#[tokio::test]
async fn an_sdist_says_source() {
    let directory = tempfile::tempdir().unwrap();
    let file = file_with(directory.path(), "demo-1.0.tar.gz", b"x");
    let server = TestServer::start(|_| Answer::new(201, "text/plain", "")).await;
    let index = server.index(IndexKind::Generic);
    let accepted = index.upload(&file, &canary(), &Progress::silent()).await;
    assert_eq!(accepted.unwrap().status, 201);
    let parts = parts(&server.received()[0]);
    assert_eq!(parts[2].2, b"sdist");
    assert_eq!(parts[3].2, b"source");
}

#[tokio::test]
async fn a_large_file_is_sent_in_pieces_and_whole() {
    let directory = tempfile::tempdir().unwrap();
    let content: Vec<u8> = (0..3_000_001_u32).map(|n| (n * 31 % 251) as u8).collect();
    let file = file_with(directory.path(), "demo-1.0.tar.gz", &content);
    let server = TestServer::start(|_| Answer::new(200, "text/plain", "")).await;
    let told = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&told);
    let progress = Progress::new(move |done, _| heard.lock().unwrap().push(done));
    let index = server.index(IndexKind::Pypi);
    index.upload(&file, &canary(), &progress).await.unwrap();
    assert!(parts(&server.received()[0]).last().unwrap().2 == content);
    let told = told.lock().unwrap();
    assert!(told.len() >= 20, "{} pieces", told.len());
    assert!(told.is_sorted());
}

#[tokio::test]
async fn a_file_that_changed_since_it_was_checked_never_arrives_whole() {
    let directory = tempfile::tempdir().unwrap();
    let server = TestServer::start(|_| Answer::new(200, "text/plain", "")).await;
    let index = server.index(IndexKind::Pypi);
    let mut file = file_with(directory.path(), "demo-1.0.tar.gz", &vec![1; 400_000]);
    let mut other = vec![1; 400_000];
    other[399_999] = 2;
    std::fs::write(&file.path, &other).unwrap();
    let error = index
        .upload(&file, &canary(), &Progress::silent())
        .await
        .unwrap_err();
    assert!(
        matches!(
            error.failure,
            UploadFailure::Changed {
                changed: Changed::Content { .. },
                ..
            }
        ),
        "{error:?}"
    );
    assert_eq!(error.retry(), Retry::Permanent);
    file.size += 1;
    let error = index
        .upload(&file, &canary(), &Progress::silent())
        .await
        .unwrap_err();
    assert!(
        matches!(
            error.failure,
            UploadFailure::Changed {
                changed: Changed::Size { .. },
                ..
            }
        ),
        "{error:?}"
    );
    file.path = directory.path().join("none");
    let error = index
        .upload(&file, &canary(), &Progress::silent())
        .await
        .unwrap_err();
    assert!(
        matches!(error.failure, UploadFailure::File { .. }),
        "{error:?}"
    );
    assert_eq!(server.received().len(), 0);
}

async fn answered(kind: IndexKind, answer: Answer) -> UploadError {
    let directory = tempfile::tempdir().unwrap();
    let answer = Mutex::new(Some(answer));
    let server = TestServer::start(move |_| answer.lock().unwrap().take().unwrap()).await;
    let file = wheel(directory.path());
    server
        .index(kind)
        .upload(&file, &canary(), &Progress::silent())
        .await
        .unwrap_err()
}

/// The status and words of an answer, and what may be done next.
#[track_caller]
fn check(error: &UploadError, status: u16, retry: Retry, words: &str) {
    assert_eq!(error.retry(), retry, "{error}");
    assert_eq!(error.status(), Some(status));
    assert_eq!(error.server_words().map_or("", ServerWords::as_str), words);
}

#[tokio::test]
async fn answers_are_classified_by_what_may_be_done_next() {
    let transient = |seconds: Option<u64>| Retry::Transient {
        after: seconds.map(Duration::from_secs),
    };
    for (status, words, retry) in [
        (
            400,
            "File already exists ('demo', with blake2_256 hash 'ab').",
            Retry::Ambiguous,
        ),
        (
            400,
            "Only one sdist may be uploaded per release.",
            Retry::Permanent,
        ),
        (
            400,
            "The digest supplied does not match a digest calculated from the uploaded file.",
            transient(None),
        ),
        (401, "", Retry::Unauthorised),
        (
            403,
            "Invalid API Token: token is expired",
            Retry::Unauthorised,
        ),
        (
            403,
            "New uploads are temporarily disabled. See x for more information.",
            Retry::Permanent,
        ),
        (404, "", Retry::Permanent),
        (405, "", Retry::Permanent),
        (408, "", transient(None)),
        (409, "conflicts with an existing project", Retry::Permanent),
        (410, "", Retry::Permanent),
        (429, "slow", transient(None)),
        (500, "", Retry::Ambiguous),
        (502, "bad gateway", Retry::Ambiguous),
        (503, "", Retry::Ambiguous),
        (504, "", Retry::Ambiguous),
    ] {
        let error = answered(IndexKind::Pypi, Answer::new(status, "text/plain", words)).await;
        check(&error, status, retry, words);
    }
    let busy = |value: &str| Answer::new(429, "text/plain", "").header("retry-after", value);
    check(
        &answered(IndexKind::Pypi, busy("7")).await,
        429,
        transient(Some(7)),
        "",
    );
    let dated =
        busy("Thu, 01 Jan 2026 00:00:09 GMT").header("date", "Thu, 01 Jan 2026 00:00:00 GMT");
    check(
        &answered(IndexKind::Pypi, dated).await,
        429,
        transient(Some(9)),
        "",
    );
    let limited = Answer::new(429, "text/plain", "").header("ratelimit", "\"a\";r=0;t=12");
    check(
        &answered(IndexKind::Pypi, limited).await,
        429,
        transient(Some(12)),
        "",
    );
    let paused = Answer::new(503, "text/plain", "").header("retry-after", "30");
    let error = answered(IndexKind::Pypi, paused).await;
    assert!(
        matches!(error.failure, UploadFailure::Answer { after: Some(after), .. } if after.as_secs() == 30),
        "{error:?}"
    );
}

#[tokio::test]
async fn other_servers_say_duplicate_in_their_own_ways() {
    for (status, words) in [
        (409, ""),
        (400, "foo-1.0.tar.gz cannot be updated"),
        (400, "Requested entity already exists"),
        (403, "Not enough permissions to overwrite artifact"),
    ] {
        let error = answered(IndexKind::Generic, Answer::new(status, "text/plain", words)).await;
        check(&error, status, Retry::Ambiguous, words);
    }
}

#[tokio::test]
async fn a_json_refusal_gives_its_sentence() {
    let body = r#"{"message": "The server could not comply.\n\n\nInvalid distribution file. x\n\n",
        "code": "400 Invalid distribution file. x", "title": "Bad Request"}"#;
    let error = answered(IndexKind::Pypi, Answer::new(400, "application/json", body)).await;
    check(
        &error,
        400,
        Retry::Permanent,
        "Invalid distribution file. x",
    );
    let body = r#"{"code": "400 Only one sdist may be uploaded per release."}"#;
    let refused = answered(IndexKind::Pypi, Answer::new(400, "application/json", body)).await;
    assert_eq!(refused.rule().map(|rule| rule.number), Some("R092"));
    let bare = answered(IndexKind::Pypi, Answer::new(400, "text/plain", "no")).await;
    assert_eq!(bare.rule(), None);
    let text = error.to_string();
    assert!(
        text.contains("`corner` did not take `demo-1.0-py2.py3-none-any.whl`"),
        "{text}"
    );
    assert!(text.contains("status 400"), "{text}");
}

#[tokio::test]
async fn no_error_shows_the_token_whatever_the_server_echoes() {
    let directory = tempfile::tempdir().unwrap();
    let file = wheel(directory.path());
    for content_type in ["text/plain", "application/json", "text/html"] {
        let server = TestServer::start(move |request| {
            let sent = request.header("authorization").unwrap();
            let long = "x".repeat(64 * 1024 - 20);
            let body = match content_type {
                "application/json" => format!(r#"{{"code": "403 {sent} {CANARY}"}}"#),
                // The second echo lies across the end of what is read.
                _ => format!("<b>{CANARY}</b> {sent} {} {long}{CANARY}", &CANARY[..12]),
            };
            Answer::new(403, content_type, body)
        })
        .await;
        let index = server.index(IndexKind::Pypi);
        let error = index
            .upload(&file, &canary(), &Progress::silent())
            .await
            .unwrap_err();
        let basic = server.received()[0].header("authorization").unwrap()[6..].to_owned();
        let shown = format!("{error} {error:?} {index:?} {:?}", canary());
        assert!(shown.contains("[secret]"), "{shown}");
        for part in [CANARY, "CANARY", &basic] {
            assert!(!shown.contains(part), "{content_type}: {shown}");
        }
    }
}

#[tokio::test]
async fn redirects_are_followed_within_the_origin_and_the_token_reaches_no_other() {
    let directory = tempfile::tempdir().unwrap();
    let file = wheel(directory.path());
    let other = TestServer::start(|_| Answer::new(200, "text/plain", "")).await;
    let elsewhere = other.url("legacy/").to_string();
    for status in [301, 302, 303, 307, 308] {
        let location = elsewhere.clone();
        let server = TestServer::start(move |_| Answer::to(status, location.clone())).await;
        let index = server.index(IndexKind::Pypi);
        let error = index
            .upload(&file, &canary(), &Progress::silent())
            .await
            .unwrap_err();
        assert_eq!(error.retry(), Retry::Permanent);
        assert_eq!(error.status(), Some(status));
        let named = error.to_string().contains(&other.address.to_string());
        assert!(named, "{error}");
    }
    assert_eq!(other.received().len(), 0);

    for (status, succeeds) in [
        (307, true),
        (308, true),
        (301, false),
        (302, false),
        (303, false),
    ] {
        let server = TestServer::start(move |request| match request.path.as_str() {
            "/legacy/" => Answer::to(status, "/really/"),
            _ => Answer::new(200, "text/plain", ""),
        })
        .await;
        let index = server.index(IndexKind::Pypi);
        let outcome = index.upload(&file, &canary(), &Progress::silent()).await;
        assert_eq!(outcome.is_ok(), succeeds, "{status}");
        let received = server.received();
        assert_eq!(received.len(), if succeeds { 2 } else { 1 });
        if succeeds {
            assert_eq!(parts(&received[1]).last().unwrap().2, CONTENT);
        }
    }

    let circle = TestServer::start(|_| Answer::to(307, "/legacy/")).await;
    let index = circle.index(IndexKind::Pypi);
    let error = index
        .upload(&file, &canary(), &Progress::silent())
        .await
        .unwrap_err();
    assert_eq!(error.retry(), Retry::Permanent);
    assert_eq!(circle.received().len(), 4);
}

/// What an upload of some size through a fault comes to.
async fn through(fault: Fault, size: usize, http: HttpClient) -> Result<Accepted, UploadError> {
    let directory = tempfile::tempdir().unwrap();
    let server = TestServer::start(|_| Answer::new(200, "text/plain", "")).await;
    let proxy = FaultProxy::start(server.url("").as_str());
    proxy.on("POST", "/legacy/", Nth::Every, fault);
    let at = |path: &str| Url::parse(&format!("{}{path}", proxy.base())).unwrap();
    let name = IndexName::parse("faulty").unwrap();
    let address = IndexAddress::new(name, IndexKind::Pypi, at("legacy/"), at("simple/"));
    let file = file_with(directory.path(), "demo-1.0.tar.gz", &vec![7; size]);
    Index::new(address, http)
        .unwrap()
        .upload(&file, &canary(), &Progress::silent())
        .await
}

#[tokio::test]
async fn connections_that_break_are_classified_by_when_they_broke() {
    for size in [100, 5_000_000] {
        for fault in [
            Fault::CutBeforeBody,
            Fault::CutMidBody(10),
            Fault::CutAfterCommit,
            Fault::CutMidBody(2_000_000),
        ] {
            let error = through(fault, size, client()).await.unwrap_err();
            assert_eq!(error.retry(), Retry::Ambiguous, "{error}");
        }
    }
    let done = through(Fault::Delay(Duration::from_millis(200)), 100, client()).await;
    assert_eq!(done.unwrap().status, 200);
    let canned = Canned::new(500, "after storing");
    let error = through(Fault::AnswerAfterCommit(canned), 100, client())
        .await
        .unwrap_err();
    assert_eq!(error.retry(), Retry::Ambiguous);
}

#[tokio::test]
async fn a_server_that_never_answers_or_never_reads_is_given_up() {
    for (fault, size) in [
        (Fault::StallAfterCommit, 100),
        (Fault::Stall, 100),
        (Fault::Stall, 20_000_000),
    ] {
        let error = through(fault, size, client()).await.unwrap_err();
        assert_eq!(error.retry(), Retry::Ambiguous, "{error}");
        assert!(
            error.to_string().contains("no progress within 1.5 s"),
            "{error}"
        );
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_is_transient() {
    let directory = tempfile::tempdir().unwrap();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let at = |path: &str| Url::parse(&format!("http://127.0.0.1:{port}/{path}")).unwrap();
    let name = IndexName::parse("gone").unwrap();
    let address = IndexAddress::new(name, IndexKind::Pypi, at("legacy/"), at("simple/"));
    let index = Index::new(address, client()).unwrap();
    let file = wheel(directory.path());
    let error = index
        .upload(&file, &canary(), &Progress::silent())
        .await
        .unwrap_err();
    assert_eq!(error.retry(), Retry::Transient { after: None });
    assert!(error.to_string().contains("cannot connect"), "{error}");
}
