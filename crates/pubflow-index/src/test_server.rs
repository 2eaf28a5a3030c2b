//! A server on loopback that keeps what it is sent and answers by a function of the test's.
//!
//! For what only odd servers do; whatever a real index does is tested against `pubflow-server`.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use pubflow_http::{HttpClient, HttpPolicy, Secret};
use tokio::net::TcpListener;
use url::Url;

use crate::{Credential, Index, IndexAddress, IndexKind, IndexName};

/// One request as the server received it.
#[derive(Debug, Clone)]
pub(crate) struct Received {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

/// One answer.
#[derive(Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// The words beside the status, where they are not the usual ones.
    pub(crate) reason: Option<String>,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
}

pub(crate) struct TestServer {
    pub(crate) address: SocketAddr,
    received: Arc<Mutex<Vec<Received>>>,
}

impl Received {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(other, _)| other == name)
            .map(|(_, value)| value.as_str())
    }
}

impl Answer {
    pub(crate) fn new(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            reason: None,
            headers: vec![("content-type", content_type.to_owned())],
            body: body.into(),
        }
    }

    pub(crate) fn to(status: u16, location: impl Into<String>) -> Self {
        Self {
            status,
            reason: None,
            headers: vec![("location", location.into())],
            body: Vec::new(),
        }
    }

    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

impl TestServer {
    pub(crate) async fn start(
        answer: impl Fn(&Received) -> Answer + Send + Sync + 'static,
    ) -> Self {
        Self::start_on(0, answer).await
    }

    /// Answers everything alike.
    pub(crate) async fn start_answering(answer: Answer) -> Self {
        Self::start(move |_| answer.clone()).await
    }

    /// The same on a port that was free a moment ago.
    pub(crate) async fn start_on(
        port: u16,
        answer: impl Fn(&Received) -> Answer + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", port)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let received = Arc::new(Mutex::new(Vec::new()));
        let answer = Arc::new(answer);
        let kept = Arc::clone(&received);
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let (answer, kept) = (Arc::clone(&answer), Arc::clone(&kept));
                let service = service_fn(move |request: Request<Incoming>| {
                    let (answer, kept) = (Arc::clone(&answer), Arc::clone(&kept));
                    async move {
                        let request = read(request).await?;
                        let answer = answer(&request);
                        kept.lock().unwrap().push(request);
                        Ok::<_, hyper::Error>(write(answer))
                    }
                });
                tokio::spawn(
                    hyper::server::conn::http1::Builder::new()
                        .serve_connection(TokioIo::new(stream), service),
                );
            }
        });
        Self { address, received }
    }

    /// An address on this server.
    pub(crate) fn url(&self, path: &str) -> Url {
        Url::parse(&format!("http://{}/{path}", self.address)).unwrap()
    }

    /// Every request so far.
    pub(crate) fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }

    pub(crate) fn index(&self, kind: IndexKind) -> Index {
        let name = IndexName::parse("corner").unwrap();
        let address = IndexAddress::new(name, kind, self.url("legacy/"), self.url("simple/"));
        Index::new(address.with_web(self.url("")), client()).unwrap()
    }
}

/// A client that loses patience quickly.
pub(crate) fn client() -> HttpClient {
    let mut policy = HttpPolicy::new("pubflow-tests");
    policy.first_byte_timeout = std::time::Duration::from_millis(1500);
    HttpClient::new(&policy).unwrap()
}

/// A credential whose secret must never be seen again.
pub(crate) fn canary() -> Credential {
    Credential::token(Secret::from_text(CANARY).unwrap(), "a test")
}

pub(crate) const CANARY: &str = "pypi-AgEIcanary0123456789CANARY";

async fn read(request: Request<Incoming>) -> Result<Received, hyper::Error> {
    let (parts, body) = request.into_parts();
    let text = |value: &hyper::header::HeaderValue| value.to_str().unwrap().to_owned();
    Ok(Received {
        method: parts.method.to_string(),
        path: parts.uri.to_string(),
        headers: parts
            .headers
            .iter()
            .map(|(name, value)| (name.as_str().to_owned(), text(value)))
            .collect(),
        body: body.collect().await?.to_bytes().to_vec(),
    })
}

fn write(answer: Answer) -> Response<Full<Bytes>> {
    let mut response = Response::builder().status(answer.status);
    for (name, value) in answer.headers {
        response = response.header(name, value);
    }
    if let Some(reason) = answer.reason {
        let reason = hyper::ext::ReasonPhrase::try_from(reason.into_bytes()).unwrap();
        response = response.extension(reason);
    }
    response.body(Full::new(Bytes::from(answer.body))).unwrap()
}
