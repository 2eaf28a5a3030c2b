//! An index on loopback that serves fixed pages, for listings that no real index of ours gives.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;

use pubflow_http::{HttpClient, HttpPolicy};
use pubflow_index::{Index, IndexAddress, IndexKind, IndexName};

use crate::upload::IndexTarget;

/// A target that answers each path of `pages` with its text, and 404 else. Its thread ends with the
/// process.
pub(crate) fn serving(pages: &'static [(&'static str, &'static str)]) -> IndexTarget {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let base = format!("http://{}/", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // A client that went away is no defect of what is tested.
            let _ = answer(stream, pages);
        }
    });
    let at = |path: &str| format!("{base}{path}").parse().unwrap();
    let name = IndexName::parse("corner").unwrap();
    let address = IndexAddress::new(name, IndexKind::Generic, at("legacy/"), at("simple/"));
    let client = HttpClient::new(&HttpPolicy::new("pubflow-tests")).unwrap();
    IndexTarget {
        index: Arc::new(Index::new(address, client).unwrap()),
        credential: None,
    }
}

fn answer(stream: TcpStream, pages: &[(&str, &str)]) -> std::io::Result<()> {
    let mut lines = BufReader::new(&stream).lines();
    let request = lines.next().transpose()?.unwrap_or_default();
    while lines
        .next()
        .transpose()?
        .is_some_and(|line| !line.is_empty())
    {}
    let path = request.split(' ').nth(1).unwrap_or_default();
    let page = pages.iter().find(|(served, _)| *served == path);
    let (status, text) = page.map_or(("404 Not Found", ""), |(_, text)| ("200 OK", text));
    write!(
        &stream,
        "HTTP/1.1 {status}\r\ncontent-type: text/html\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{text}",
        text.len()
    )
}
