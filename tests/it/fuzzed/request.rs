//! Bytes on a connection to the embedded index: it answers or hangs up, and lives on.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::OnceLock;
use std::time::Duration;

use pubflow_server::{Realm, Server, ServerOptions};
use tokio::runtime::Runtime;

/// The index that all inputs are sent to, and its upload token.
fn index() -> &'static (String, String) {
    static INDEX: OnceLock<(String, String)> = OnceLock::new();
    INDEX.get_or_init(|| {
        let runtime = Runtime::new().unwrap();
        let server = runtime
            .block_on(Server::start(ServerOptions::on_free_ports(None)))
            .unwrap();
        let realm = server.realm(Realm::Test);
        let address = realm
            .base
            .trim_start_matches("http://")
            .trim_end_matches('/');
        let found = (address.to_owned(), realm.token.clone());
        // It serves until the process ends.
        std::mem::forget((runtime, server));
        found
    })
}

/// Sends bytes and reads whatever comes. A request that does not ask for the end of its connection is
/// followed by the end of what this side sends.
fn exchange(bytes: &[u8]) -> Vec<u8> {
    let mut stream = TcpStream::connect(&index().0).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    // The server may hang up before everything is sent.
    let _ = stream.write_all(bytes);
    let close = b"Connection: close";
    if !bytes.windows(close.len()).any(|window| window == close) {
        let _ = stream.shutdown(Shutdown::Write);
    }
    let mut answer = Vec::new();
    if let Err(error) = stream.read_to_end(&mut answer) {
        let is_late = matches!(
            error.kind(),
            std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut
        );
        assert!(!is_late, "neither an answer nor a closed connection");
    }
    answer
}

pub(crate) fn run(bytes: &[u8]) {
    exchange(bytes);
    assert!(
        exchange(b"GET /simple/ HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
            .starts_with(b"HTTP/1.1 200 ")
    );
}

/// Sends the body of an upload by somebody who may upload, which is always answered.
pub(super) fn upload(body: &[u8]) -> Vec<u8> {
    let head = format!(
        "POST /legacy/ HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nAuthorization: Bearer {}\r\n\
         Content-Type: multipart/form-data; boundary=b\r\nContent-Length: {}\r\n\r\n",
        index().1,
        body.len()
    );
    exchange(&[head.as_bytes(), body].concat())
}
