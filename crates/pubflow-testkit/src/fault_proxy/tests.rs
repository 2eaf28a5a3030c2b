//! Each fault as a client on a plain socket sees it, and as the server behind it does.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc;

use super::*;

/// A server that answers every request with its body, and tells how long each was.
fn echo() -> (String, mpsc::Receiver<usize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let (tell, told) = mpsc::channel();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let (head, mut body) = read_head(&mut stream);
            let length = content_length(&head);
            while body.len() < length {
                let mut piece = [0; 4096];
                match stream.read(&mut piece) {
                    Ok(n) if n > 0 => body.extend_from_slice(&piece[..n]),
                    _ => break,
                }
            }
            if body.len() == length {
                let _ = tell.send(length);
                let head = format!(
                    "HTTP/1.1 299 Very Own\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n"
                );
                let _ = stream.write_all(head.as_bytes());
                let _ = stream.write_all(&body);
            }
        }
    });
    (base, told)
}

fn read_head(stream: &mut TcpStream) -> (String, Vec<u8>) {
    let mut bytes = Vec::new();
    loop {
        let mut piece = [0; 4096];
        let n = stream.read(&mut piece).unwrap_or(0);
        bytes.extend_from_slice(&piece[..n]);
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&bytes[..end]).to_lowercase();
            return (head, bytes[end + 4..].to_vec());
        }
        if n == 0 {
            return (String::new(), bytes);
        }
    }
}

fn content_length(head: &str) -> usize {
    head.lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .map_or(0, |value| value.parse().unwrap())
}

fn open(proxy: &FaultProxy, body: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(proxy.address).unwrap();
    let head = format!(
        "POST /up HTTP/1.1\r\nhost: x\r\nauthorization: Basic abc\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    // A reset may come while the body is still being written.
    let _ = stream.write_all(body);
    stream
}

/// What a client reads, or the kind of the error that ends it.
fn post(proxy: &FaultProxy, body: &[u8]) -> Result<String, io::ErrorKind> {
    let mut stream = open(proxy, body);
    let mut answer = Vec::new();
    match stream.read_to_end(&mut answer) {
        Ok(_) => Ok(String::from_utf8_lossy(&answer).into_owned()),
        Err(error) => Err(error.kind()),
    }
}

/// The fault, what the client sees (a part of the answer, or a reset), and how many requests the
/// server completed.
#[track_caller]
fn check(fault: Fault, expected: Result<&str, io::ErrorKind>, n_committed: usize) {
    let (target, told) = echo();
    let proxy = FaultProxy::start(&target);
    proxy.on("POST", "/up", Nth::Only(1), fault);
    let seen = post(&proxy, &[b'x'; 50_000]);
    match (&seen, expected) {
        (Ok(answer), Ok(part)) => assert!(answer.contains(part), "{answer:.200}"),
        (Err(kind), Err(expected)) => assert_eq!(*kind, expected),
        _ => panic!("saw {seen:.200?}"),
    }
    assert_eq!(told.try_iter().count(), n_committed);
    // The rule was for the first request alone.
    let second = post(&proxy, b"second").unwrap();
    assert!(second.ends_with("second"), "{second}");
    let log = proxy.log();
    assert_eq!(log.len(), 2);
    assert!(log[0].faulted && !log[1].faulted);
    assert_eq!(log[1].authorization.as_deref(), Some("Basic abc"));
    assert_eq!((log[1].body_bytes, log[1].status), (6, Some(299)));
}

const RESET: Result<&str, io::ErrorKind> = Err(io::ErrorKind::ConnectionReset);

#[test]
fn cuts_reset_the_connection_and_the_server_knows_its_part() {
    check(Fault::CutBeforeBody, RESET, 0);
    check(Fault::CutMidBody(1000), RESET, 0);
    check(Fault::CutAfterCommit, RESET, 1);
}

#[test]
fn answers_are_replaced_before_or_after_the_server_acted() {
    let busy = || Canned::new(429, "slow down").header("retry-after", "1");
    check(Fault::Answer(busy()), Ok("retry-after: 1"), 0);
    let mut forged = busy();
    forged.reason = Some("Forged Words".to_owned());
    check(
        Fault::AnswerAfterCommit(forged),
        Ok("HTTP/1.1 429 Forged Words"),
        1,
    );
    let rewrite = |mut canned: Canned| {
        canned.status = 502;
        canned
    };
    check(Fault::Rewrite(Arc::new(rewrite)), Ok("HTTP/1.1 502"), 1);
}

#[test]
fn an_answer_is_cut_in_its_body() {
    check(Fault::CutAnswer(10), RESET, 1);
}

#[test]
fn what_is_not_chosen_passes_unchanged() {
    let (target, told) = echo();
    let proxy = FaultProxy::start(&target);
    proxy.on("GET", "/up", Nth::Every, Fault::CutBeforeBody);
    proxy.on("POST", "/elsewhere", Nth::Every, Fault::CutBeforeBody);
    let answer = post(&proxy, b"hello").unwrap();
    assert!(answer.starts_with("HTTP/1.1 299 Very Own\r\n"), "{answer}");
    assert!(answer.ends_with("\r\n\r\nhello"), "{answer}");
    assert_eq!(told.try_recv(), Ok(5));
}

#[test]
fn a_stalled_request_gets_no_answer_until_the_proxy_ends() {
    let (target, told) = echo();
    let proxy = FaultProxy::start(&target);
    proxy.on("POST", "/up", Nth::Every, Fault::StallAfterCommit);
    let mut stream = open(&proxy, b"x");
    stream
        .set_read_timeout(Some(Duration::from_millis(200)))
        .unwrap();
    let waited = stream.read(&mut [0; 1]).unwrap_err().kind();
    assert!(matches!(
        waited,
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut
    ));
    assert_eq!(told.try_recv(), Ok(1));
}

#[test]
fn gates_hold_before_or_after_the_server_acted() {
    for (after_commit, n_committed) in [(false, 0), (true, 1)] {
        let (target, told) = echo();
        let proxy = FaultProxy::start(&target);
        let gate = Gate::closed();
        let fault = if after_commit {
            Fault::HoldAfterCommit(gate.clone())
        } else {
            Fault::Hold(gate.clone())
        };
        proxy.on("POST", "/up", Nth::Every, fault);
        assert!(!gate.wait_reached(Duration::from_millis(20)));
        let mut stream = open(&proxy, b"held");
        assert!(gate.wait_reached(Duration::from_secs(10)));
        assert_eq!(told.try_iter().count(), n_committed);
        gate.open();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.ends_with("held"), "{answer}");
    }
}
