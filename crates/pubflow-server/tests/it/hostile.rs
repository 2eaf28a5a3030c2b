//! Requests that no good client sends: each gets an answer or a closed connection, and the server lives on.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use super::TestIndex;
use super::support::upload::{Upload, basic};

fn connect(index: &TestIndex) -> TcpStream {
    let base = &index.realm().base;
    let host = base.trim_start_matches("http://").trim_end_matches('/');
    let stream = TcpStream::connect(host).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(60)))
        .unwrap();
    stream
}

/// Sends bytes and reads what comes; the status, or 0 when the connection was just closed. A request that does not ask
/// for the end of its connection is followed by the end of what this side sends.
fn exchange(index: &TestIndex, bytes: &[u8]) -> u16 {
    let mut stream = connect(index);
    // The server may stop reading before everything is sent.
    let _ = stream.write_all(bytes);
    let close = b"Connection: close";
    if !bytes.windows(close.len()).any(|window| window == close) {
        let _ = stream.shutdown(std::net::Shutdown::Write);
    }
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    let status = answer
        .get(9..12)
        .and_then(|status| std::str::from_utf8(status).ok());
    status.and_then(|status| status.parse().ok()).unwrap_or(0)
}

/// The head of an upload by the realm's token, followed by this body.
fn upload(index: &TestIndex, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "POST /legacy/ HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nAuthorization: {}\r\nContent-Type: {}\r\n\
         Content-Length: {}\r\n\r\n",
        basic("__token__", &index.realm().token),
        Upload::content_type_header(),
        body.len()
    );
    [head.as_bytes(), body].concat()
}

#[track_caller]
fn lives(index: &TestIndex) {
    assert_eq!(index.get("/simple/", None).status, 200);
}

#[test]
fn heads_beyond_measure_are_refused() {
    let index = TestIndex::start();
    let mut stream = connect(&index);
    stream
        .write_all(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ")
        .unwrap();
    let piece = vec![b'a'; 1 << 20];
    // A header of a gigabyte: the server lets go long before it has all of it.
    let n_sent = (0..1024)
        .take_while(|_| stream.write_all(&piece).is_ok())
        .count();
    assert!(n_sent < 64, "{n_sent} MiB of one header were taken");
    let many: String = (0..10_000).map(|n| format!("X-{n}: y\r\n")).collect();
    let head = format!("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n{many}\r\n");
    assert!([0, 431].contains(&exchange(&index, head.as_bytes())));
    let long = format!(
        "GET /{} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        "a/".repeat(1 << 20)
    );
    assert!([0, 414, 431].contains(&exchange(&index, long.as_bytes())));
    lives(&index);
    index.stop();
}

#[test]
fn forms_beyond_measure_and_broken_forms_are_refused() {
    let index = TestIndex::start();
    let field = |n: usize, value: &str| {
        format!(
            "------boundary-of-the-test\r\nContent-Disposition: form-data; name=\"f{n}\"\r\n\r\n{value}\r\n"
        )
    };
    let end = "------boundary-of-the-test--\r\n";
    let many: String = (0..10_000).map(|n| field(n, "x")).collect();
    assert_eq!(
        exchange(&index, &upload(&index, (many + end).as_bytes())),
        413
    );
    let large = field(0, &"x".repeat(17 << 20)) + end;
    assert_eq!(exchange(&index, &upload(&index, large.as_bytes())), 413);
    for body in [
        "",
        "no boundary at all",
        "------boundary-of-the-test\r\n",
        "------boundary-of-the-test\r\nContent-Disposition: form-data\r\n\r\nx\r\n------boundary-of-the-test--",
        "------boundary-of-the-test\r\nContent-Disposition: form-data; name=\"content\"; filename=\"../../x.whl\"\r\n\r\nx\r\n------boundary-of-the-test--",
        "------boundary-of-the-test\r\n\r\n\r\n------boundary-of-the-test\r\n\0\0\0",
    ] {
        let status = exchange(&index, &upload(&index, body.as_bytes()));
        assert!([400, 404].contains(&status), "{status} for {body:?}");
    }
    lives(&index);
    assert!(index.everything().len() == 1, "nothing was stored");
    index.stop();
}

#[test]
fn mutilated_uploads_are_answered() {
    let index = TestIndex::start();
    let good = upload(&index, &Upload::demo("1.0").body());
    let head = good
        .windows(4)
        .position(|window| window == b"\r\n\r\n")
        .unwrap()
        + 4;
    // A small generator of its own, so that every run sends the same bytes.
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut random = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % below as u64).unwrap()
    };
    for _ in 0..300 {
        let mut bytes = good.clone();
        for _ in 0..=random(4) {
            let at = head + random(bytes.len() - head);
            match random(3) {
                0 => bytes[at] ^= 1 << random(8),
                1 => bytes[at] = b"\r\n-\0\""[random(5)],
                _ => {
                    let end = (at + random(64)).min(bytes.len());
                    bytes[at..end].fill(b'-');
                }
            }
        }
        let status = exchange(&index, &bytes);
        assert!([200, 400, 403, 404, 413].contains(&status), "{status}");
        index.admin(r#"{"op":"delete-file","filename":"demo-1.0-py3-none-any.whl"}"#);
    }
    lives(&index);
    index.stop();
}

#[test]
fn paths_lead_nowhere_else() {
    let index = TestIndex::start();
    index.accept(&Upload::demo("1.0"));
    for path in [
        "/files/../../../etc/passwd",
        "/files/%2e%2e/%2e%2e/etc/passwd",
        "/files/aa/bb/cc/..%2f..%2fsecrets.json",
        "/simple/..%2f..%2fsecrets.json/",
        "//simple//demo//",
        "/simple/demo/../../secrets.json",
        "/project/%00/",
        "/%ff%fe",
        "/project/demo/1.0/%2e%2e/",
        "/integrity/demo/1.0/..%2fx/provenance",
        "/_/../secrets.json",
        "/simple/demo%0d%0aX-Injected:%20yes/",
    ] {
        let request =
            format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
        let status = exchange(&index, request.as_bytes());
        assert!([301, 400, 404].contains(&status), "{status} for {path}");
    }
    for request in [
        "GET http://example.com/simple/ HTTP/1.1\r\nHost: example.com\r\n\r\n",
        "GET /simple/ HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "POST /legacy/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\nxxxxx",
        "GET / HTTP/9.9\r\n\r\n",
        "\0\0\0\0",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ] {
        let status = exchange(&index, request.as_bytes());
        assert!(
            status == 0 || (400..506).contains(&status),
            "{status} for {request:?}"
        );
    }
    lives(&index);
    index.stop();
}

#[test]
fn many_slow_clients_leave_room_for_others() {
    let index = TestIndex::start();
    let slow: Vec<TcpStream> = (0..100)
        .map(|_| {
            let mut stream = connect(&index);
            stream
                .write_all(b"POST /legacy/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Le")
                .unwrap();
            stream
        })
        .collect();
    lives(&index);
    index.accept(&Upload::demo("1.0"));
    drop(slow);
    index.stop();
}
