//! The embedded index as a process of its own, as `pubflow index serve` runs it.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Child;

use serde_json::Value;

use super::World;

/// A running index; it ends with this value.
pub(crate) struct TestIndex {
    child: Child,
    ready: Value,
}

impl TestIndex {
    /// Starts an index whose files go with it.
    pub(crate) fn start(world: &World) -> Self {
        Self::start_with(world, &[])
    }

    /// Starts an index that keeps its files in `data`.
    pub(crate) fn start_in(world: &World, data: &Path) -> Self {
        Self::start_with(world, &["--data", data.to_str().unwrap()])
    }

    /// Starts an index with further options.
    pub(crate) fn start_with(world: &World, options: &[&str]) -> Self {
        let mut child = world.start(&[&["index", "serve", "--format", "json"], options].concat());
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let ready = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line:?}"));
        Self { child, ready }
    }

    /// One value of the line that it printed, such as `("test", "simple")`.
    pub(crate) fn get(&self, realm: &str, key: &str) -> &str {
        self.ready[realm][key].as_str().unwrap()
    }

    /// Lets `testpypi` and `pypi` of a world stand for the two realms.
    pub(crate) fn configure(&self, world: &mut World) {
        for (name, realm) in [("TESTPYPI", "test"), ("PYPI", "production")] {
            for (key, value) in [
                ("UPLOAD", "upload"),
                ("SIMPLE", "simple"),
                ("WEB", "web"),
                ("TOKEN", "token"),
            ] {
                world.set(
                    &format!("PUBFLOW_INDEX_{name}_{key}"),
                    self.get(realm, value),
                );
            }
            world.set(&format!("PUBFLOW_INDEX_{name}_KIND"), "embedded");
            world.set(
                &format!("PUBFLOW_INDEX_{name}_NONCE"),
                self.ready["nonce"].as_str().unwrap(),
            );
        }
    }

    /// What a realm lists of a project: file names with their digests, and whether they are yanked.
    pub(crate) fn files(&self, realm: &str, project: &str) -> Vec<(String, String, bool)> {
        let url = format!("{}{project}/", self.get(realm, "simple"));
        let (status, body) = http_get(&url, "application/vnd.pypi.simple.v1+json");
        if status == 404 {
            return Vec::new();
        }
        assert_eq!(status, 200, "{body}");
        let page: Value = serde_json::from_str(&body).unwrap();
        let mut files: Vec<_> = page["files"]
            .as_array()
            .unwrap()
            .iter()
            .map(|file| {
                let text = |value: &Value| value.as_str().unwrap().to_owned();
                (
                    text(&file["filename"]),
                    text(&file["hashes"]["sha256"]),
                    file["yanked"] != Value::Bool(false),
                )
            })
            .collect();
        files.sort();
        files
    }

    /// One operation of a realm's admin API, as an owner would do it on the index's pages.
    #[track_caller]
    pub(crate) fn admin(&self, realm: &str, operation: &Value) {
        let body = operation.to_string();
        let head = format!(
            "Authorization: Bearer {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n",
            self.get(realm, "admin_token"),
            body.len()
        );
        let (status, answer) = exchange("POST", self.get(realm, "admin"), &head, &body);
        assert_eq!(status, 200, "{answer}");
    }

    /// The listing of a project as the realm serves it, which has to be there.
    pub(crate) fn listing(&self, realm: &str, project: &str) -> Value {
        let url = format!("{}{project}/", self.get(realm, "simple"));
        let (status, body) = http_get(&url, "application/vnd.pypi.simple.v1+json");
        assert_eq!(status, 200, "{body}");
        serde_json::from_str(&body).unwrap()
    }

    /// Ends the process without a word, as a crash would.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for TestIndex {
    fn drop(&mut self) {
        // It may have been killed by the test.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A plain GET over a connection of its own.
fn http_get(url: &str, accept: &str) -> (u16, String) {
    exchange("GET", url, &format!("Accept: {accept}\r\n"), "")
}

/// One request with `head` lines and a body, over a connection of its own.
pub(crate) fn exchange(method: &str, url: &str, head: &str, body: &str) -> (u16, String) {
    use std::io::{Read, Write};
    let rest = url.strip_prefix("http://").unwrap();
    let (host, path) = rest.split_once('/').unwrap();
    let mut stream = std::net::TcpStream::connect(host).unwrap();
    write!(
        stream,
        "{method} /{path} HTTP/1.0\r\nHost: {host}\r\n{head}\r\n{body}"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let status = answer.split(' ').nth(1).unwrap().parse().unwrap();
    let body = answer.split_once("\r\n\r\n").unwrap().1;
    (status, body.to_owned())
}

/// Bytes in base64, for the few places where a test writes some.
pub(crate) fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut encoded = String::new();
    for chunk in bytes.chunks(3) {
        let bytes = [
            chunk[0],
            *chunk.get(1).unwrap_or(&0),
            *chunk.get(2).unwrap_or(&0),
        ];
        let bits = u32::from_be_bytes([0, bytes[0], bytes[1], bytes[2]]);
        for n in 0..4 {
            let index = usize::try_from(bits >> (18 - 6 * n) & 0x3f).unwrap();
            let letter = if n <= chunk.len() {
                char::from(ALPHABET[index])
            } else {
                '='
            };
            encoded.push(letter);
        }
    }
    encoded
}
