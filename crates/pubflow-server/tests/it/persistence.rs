//! What a restart keeps.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use pubflow_server::{ServerError, ServerOptions};

use super::TestIndex;
use super::support::upload::Upload;

#[test]
fn a_restart_keeps_everything_but_the_ports() {
    let data = tempfile::tempdir().unwrap();
    let index = TestIndex::in_directory(data.path().to_owned()).unwrap();
    let upload = Upload::demo("1.0");
    index.accept(&upload);
    index.accept(&Upload::demo("1.1"));
    index.operate(r#"{"op":"yank","project":"demo","version":"1.1","reason":"broken"}"#);
    index.operate(r#"{"op":"delete-file","filename":"demo-1.0-py3-none-any.whl"}"#);
    let (before, token, nonce) = (
        index.listing("demo"),
        index.realm().token.clone(),
        index.server.nonce().to_owned(),
    );
    index.stop();
    let index = TestIndex::in_directory(data.path().to_owned()).unwrap();
    assert_eq!(index.realm().token, token);
    assert_eq!(index.server.nonce(), nonce);
    let mut after = index.listing("demo");
    // Addresses begin with the port, which is another one.
    let url = after["files"][0]["url"].as_str().unwrap().to_owned();
    after["files"][0]["url"] = before["files"][0]["url"].clone();
    assert_eq!(after, before);
    let path = url
        .strip_prefix(index.realm().base.trim_end_matches('/'))
        .unwrap();
    assert_eq!(index.get(path, None).body, Upload::demo("1.1").content);
    index.refuse(
        &upload,
        400,
        "This filename was previously used by a file that has since been deleted. Use a different version.",
    );
    index.stop();
}

#[test]
fn a_directory_serves_one_index_at_a_time() {
    let data = tempfile::tempdir().unwrap();
    let first = TestIndex::in_directory(data.path().to_owned()).unwrap();
    let second = TestIndex::in_directory(data.path().to_owned());
    assert!(matches!(second.err(), Some(ServerError::InUse { path }) if path == data.path()));
    first.stop();
    TestIndex::in_directory(data.path().to_owned())
        .unwrap()
        .stop();
}

#[test]
fn a_taken_port_is_an_error_that_names_it() {
    let first = TestIndex::start();
    let port: u16 = first
        .realm()
        .base
        .trim_end_matches('/')
        .rsplit(':')
        .next()
        .unwrap()
        .parse()
        .unwrap();
    let options = ServerOptions {
        production_port: port,
        ..ServerOptions::on_free_ports(None)
    };
    let error = TestIndex::with(options).err().unwrap();
    assert_eq!(
        error.to_string(),
        format!("cannot listen on port {port} for the production realm")
    );
    first.stop();
}

#[test]
fn tokens_may_be_given() {
    let options = ServerOptions {
        test_token: Some("pypi-given".to_owned()),
        ..ServerOptions::on_free_ports(None)
    };
    let index = TestIndex::with(options).unwrap();
    assert_eq!(index.realm().token, "pypi-given");
    index.accept(&Upload::demo("1.0"));
    index.stop();
}

#[test]
fn damage_in_the_log_stops_the_start() {
    let data = tempfile::tempdir().unwrap();
    let index = TestIndex::in_directory(data.path().to_owned()).unwrap();
    index.accept(&Upload::demo("1.0"));
    index.accept(&Upload::demo("1.1"));
    index.stop();
    let path = data.path().join("test").join("log.jsonl");
    let mut log = std::fs::read(&path).unwrap();
    log[1] = b'?';
    std::fs::write(&path, &log).unwrap();
    let error = TestIndex::in_directory(data.path().to_owned())
        .err()
        .unwrap();
    assert!(
        matches!(error, ServerError::DamagedLog { line: 1, .. }),
        "{error}"
    );
}

#[test]
fn a_shutdown_finishes_what_is_under_way_and_closes_idle_connections() {
    let data = tempfile::tempdir().unwrap();
    let index = TestIndex::in_directory(data.path().to_owned()).unwrap();
    let realm = index.realm().clone();
    let host = realm
        .base
        .trim_end_matches('/')
        .trim_start_matches("http://")
        .to_owned();
    let mut idle = TcpStream::connect(&host).unwrap();
    idle.write_all(format!("HEAD /simple/ HTTP/1.1\r\nHost: {host}\r\n\r\n").as_bytes())
        .unwrap();
    let upload = Upload::demo("1.0");
    let body = upload.body();
    let mut busy = TcpStream::connect(&host).unwrap();
    let head = format!(
        "POST /legacy/ HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {}\r\nContent-Type: {}\r\n\
         Content-Length: {}\r\n\r\n",
        realm.token,
        Upload::content_type_header(),
        body.len()
    );
    busy.write_all(head.as_bytes()).unwrap();
    busy.write_all(&body[..body.len() - 1]).unwrap();
    let incoming = data.path().join("test/incoming");
    while std::fs::read_dir(&incoming).unwrap().count() == 0 {
        std::thread::sleep(Duration::from_millis(1));
    }
    let stopping = std::thread::spawn(move || index.stop());
    let mut answer = String::new();
    idle.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    busy.write_all(&body[body.len() - 1..]).unwrap();
    answer.clear();
    busy.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    stopping.join().unwrap();
    assert!(
        TcpStream::connect(&host).is_err(),
        "nobody listens any more"
    );
    let index = TestIndex::in_directory(data.path().to_owned()).unwrap();
    assert_eq!(
        index.listing("demo")["versions"],
        serde_json::json!(["1.0"])
    );
    index.stop();
}
