//! Stands in front of a server on loopback and does to chosen requests what networks do: delays,
//! resets, lost answers, other answers.
//!
//! It runs on a thread of its own, so tests with and without an async runtime can use it, and so can
//! tests that kill the client. What is not chosen passes unchanged. Every request is logged.

mod canned;
mod gate;
mod wire;

use std::future::pending;
use std::io;
use std::net::{SocketAddr, TcpListener as StdListener};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt as _, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper::header::{CONNECTION, CONTENT_LENGTH, HOST, HeaderValue};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

pub use canned::Canned;
pub use gate::Gate;
use wire::Wire;

/// What happens to a chosen request.
#[derive(Clone)]
pub enum Fault {
    /// Passes it on after a while.
    Delay(Duration),
    /// Resets the connection after the headers; nothing reaches the server.
    CutBeforeBody,
    /// Resets the connection after at least this many bytes of the body; nothing reaches the server.
    CutMidBody(usize),
    /// Lets the server act on the whole request, then resets the connection instead of answering.
    CutAfterCommit,
    /// Passes on the head of the answer and this many bytes of its body, then resets the connection.
    CutAnswer(usize),
    /// Answers in the server's place; nothing reaches the server.
    Answer(Canned),
    /// Lets the server act on the whole request, then answers in its place.
    AnswerAfterCommit(Canned),
    /// Reads the headers and never answers.
    Stall,
    /// Lets the server act on the whole request and never answers.
    StallAfterCommit,
    /// Changes the server's answer.
    Rewrite(Arc<dyn Fn(Canned) -> Canned + Send + Sync>),
    /// Holds the request back before any of it reaches the server.
    Hold(Gate),
    /// Lets the server act on the whole request and holds the answer back.
    HoldAfterCommit(Gate),
}

/// Which requests of those that match a rule are chosen, counted from 1 for each rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nth {
    /// All.
    Every,
    /// One.
    Only(u64),
    /// The first so many.
    First(u64),
}

/// Which requests are chosen, and what happens to them.
#[derive(Clone)]
pub struct Rule {
    /// In upper case.
    pub method: &'static str,
    /// A part of path and query.
    pub path: String,
    /// Which of those that match.
    pub nth: Nth,
    /// What happens.
    pub fault: Fault,
}

/// One request as it arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logged {
    /// In upper case.
    pub method: String,
    /// Path and query.
    pub path: String,
    /// The `Authorization` header.
    pub authorization: Option<String>,
    /// Bytes of the body that were read.
    pub body_bytes: u64,
    /// Whether a rule was applied.
    pub faulted: bool,
    /// The status that was sent back, if any.
    pub status: Option<u16>,
}

/// The proxy; it ends when it is dropped, with everything it holds back.
pub struct FaultProxy {
    address: SocketAddr,
    shared: Arc<Shared>,
    stop: watch::Sender<bool>,
    thread: Option<thread::JoinHandle<()>>,
}

struct Shared {
    target: String,
    rules: Mutex<Vec<(Rule, u64)>>,
    log: Mutex<Vec<Logged>>,
}

type AnyBody = UnsyncBoxBody<Bytes, io::Error>;

impl FaultProxy {
    /// Starts in front of a server such as `http://127.0.0.1:4711`.
    #[must_use]
    pub fn start(target: &str) -> Self {
        let target = target
            .trim_start_matches("http://")
            .trim_end_matches('/')
            .to_owned();
        let shared = Arc::new(Shared {
            target,
            rules: Mutex::new(Vec::new()),
            log: Mutex::new(Vec::new()),
        });
        let listener = StdListener::bind("127.0.0.1:0").expect("loopback has free ports");
        listener
            .set_nonblocking(true)
            .expect("a fresh socket can be switched");
        let address = listener
            .local_addr()
            .expect("a bound socket has an address");
        let (stop, stopped) = watch::channel(false);
        let serving = Arc::clone(&shared);
        let thread = thread::spawn(move || run(listener, &serving, stopped));
        Self {
            address,
            shared,
            stop,
            thread: Some(thread),
        }
    }

    /// Its own origin with a slash, `http://127.0.0.1:PORT/`.
    #[must_use]
    pub fn base(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// Adds a rule; the first that chooses a request is applied.
    pub fn on(&self, method: &'static str, path: &str, nth: Nth, fault: Fault) {
        let path = path.to_owned();
        let rule = Rule {
            method,
            path,
            nth,
            fault,
        };
        lock(&self.shared.rules).push((rule, 0));
    }

    /// Removes every rule.
    pub fn clear(&self) {
        lock(&self.shared.rules).clear();
    }

    /// Every request so far, in the order of arrival.
    #[must_use]
    pub fn log(&self) -> Vec<Logged> {
        lock(&self.shared.log).clone()
    }
}

impl Drop for FaultProxy {
    fn drop(&mut self) {
        self.stop.send_replace(true);
        if let Some(thread) = self.thread.take() {
            // A panic over there has failed its request already.
            let _ = thread.join();
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn run(listener: StdListener, shared: &Arc<Shared>, mut stopped: watch::Receiver<bool>) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime can be made on this machine");
    runtime.block_on(async {
        let listener = TcpListener::from_std(listener).expect("the socket is not blocking");
        loop {
            tokio::select! {
                _ = stopped.changed() => return,
                accepted = listener.accept() => if let Ok((stream, _)) = accepted {
                    tokio::spawn(serve(stream, Arc::clone(shared)));
                },
            }
        }
    });
}

async fn serve(stream: TcpStream, shared: Arc<Shared>) {
    let cut = Arc::new(AtomicBool::new(false));
    let wire = Wire {
        stream,
        cut: Arc::clone(&cut),
    };
    let service = service_fn(move |request| {
        let shared = Arc::clone(&shared);
        let cut = Arc::clone(&cut);
        async move { shared.answer(request, &cut).await }
    });
    // A cut connection ends in an error, which is what was wanted.
    let _ = hyper::server::conn::http1::Builder::new()
        .serve_connection(TokioIo::new(wire), service)
        .await;
}

impl Shared {
    /// The rule for a request; counts it for every rule that it matches.
    fn choose(&self, method: &str, path: &str) -> Option<Fault> {
        let mut chosen = None;
        for (rule, n_matched) in lock(&self.rules).iter_mut() {
            if rule.method != method || !path.contains(&rule.path) {
                continue;
            }
            *n_matched += 1;
            let fires = match rule.nth {
                Nth::Every => true,
                Nth::Only(n) => *n_matched == n,
                Nth::First(n) => *n_matched <= n,
            };
            if fires && chosen.is_none() {
                chosen = Some(rule.fault.clone());
            }
        }
        chosen
    }

    async fn answer(
        &self,
        request: Request<Incoming>,
        cut: &AtomicBool,
    ) -> io::Result<Response<AnyBody>> {
        let method = request.method().as_str().to_owned();
        let path = request.uri().to_string();
        let fault = self.choose(&method, &path);
        let entry = {
            let mut log = lock(&self.log);
            log.push(Logged {
                authorization: request
                    .headers()
                    .get("authorization")
                    .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()),
                method,
                path,
                body_bytes: 0,
                faulted: fault.is_some(),
                status: None,
            });
            log.len() - 1
        };
        let n_bytes = Arc::new(AtomicU64::new(0));
        let outcome = self.apply(fault, request, &n_bytes).await;
        let mut log = lock(&self.log);
        log[entry].body_bytes = n_bytes.load(Ordering::Relaxed);
        match outcome {
            Outcome::Answer(response) => {
                log[entry].status = Some(response.status().as_u16());
                Ok(response)
            }
            Outcome::CutAnswer(response) => {
                log[entry].status = Some(response.status().as_u16());
                cut.store(true, Ordering::Relaxed);
                Ok(response)
            }
            Outcome::Cut => {
                cut.store(true, Ordering::Relaxed);
                Err(io::ErrorKind::ConnectionReset.into())
            }
        }
    }

    async fn apply(
        &self,
        fault: Option<Fault>,
        request: Request<Incoming>,
        n_bytes: &Arc<AtomicU64>,
    ) -> Outcome {
        match fault {
            None => {}
            Some(Fault::Delay(time)) => tokio::time::sleep(time).await,
            Some(Fault::Hold(gate)) => gate.pass().await,
            Some(Fault::CutBeforeBody) => return Outcome::Cut,
            Some(Fault::CutMidBody(limit)) => {
                read_some(request.into_body(), limit, n_bytes).await;
                return Outcome::Cut;
            }
            Some(Fault::Answer(canned)) => {
                // A client that is still sending when the connection closes reads no answer.
                read_some(request.into_body(), usize::MAX, n_bytes).await;
                return Outcome::Answer(canned.into_response());
            }
            Some(Fault::Stall) => pending::<()>().await,
            Some(after_commit) => {
                return match self.forward(request, n_bytes).await {
                    Ok(canned) => after(after_commit, canned).await,
                    Err(_) => Outcome::Cut,
                };
            }
        }
        match self.forward(request, n_bytes).await {
            Ok(canned) => Outcome::Answer(canned.into_response()),
            // The server is not there or broke off, and so does the proxy.
            Err(_) => Outcome::Cut,
        }
    }

    /// Lets the server act on the request and reads its whole answer.
    async fn forward(
        &self,
        request: Request<Incoming>,
        n_bytes: &Arc<AtomicU64>,
    ) -> io::Result<Canned> {
        let stream = TcpStream::connect(&self.target).await?;
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake::<_, AnyBody>(TokioIo::new(stream))
                .await
                .map_err(io::Error::other)?;
        tokio::spawn(connection);
        let (mut parts, body) = request.into_parts();
        parts.headers.remove(CONNECTION);
        let host = HeaderValue::from_str(&self.target).map_err(io::Error::other)?;
        parts.headers.insert(HOST, host);
        let n_bytes = Arc::clone(n_bytes);
        let counted = body
            .map_frame(move |frame| {
                let length = frame.data_ref().map_or(0, Bytes::len);
                n_bytes.fetch_add(length as u64, Ordering::Relaxed);
                frame
            })
            .map_err(io::Error::other);
        let request = Request::from_parts(parts, counted.boxed_unsync());
        let response = sender
            .send_request(request)
            .await
            .map_err(io::Error::other)?;
        Canned::of(response).await
    }
}

/// What comes out of a request.
enum Outcome {
    Answer(Response<AnyBody>),
    CutAnswer(Response<AnyBody>),
    Cut,
}

/// The faults that leave the server its say.
async fn after(fault: Fault, canned: Canned) -> Outcome {
    match fault {
        Fault::CutAfterCommit => Outcome::Cut,
        Fault::CutAnswer(limit) => Outcome::CutAnswer(cut_short(canned, limit)),
        Fault::AnswerAfterCommit(other) => Outcome::Answer(other.into_response()),
        Fault::StallAfterCommit => pending().await,
        Fault::Rewrite(change) => Outcome::Answer(change(canned).into_response()),
        Fault::HoldAfterCommit(gate) => {
            gate.pass().await;
            Outcome::Answer(canned.into_response())
        }
        Fault::Delay(_)
        | Fault::CutBeforeBody
        | Fault::CutMidBody(_)
        | Fault::Answer(_)
        | Fault::Stall
        | Fault::Hold(_) => Outcome::Answer(canned.into_response()),
    }
}

async fn read_some(mut body: Incoming, limit: usize, n_bytes: &AtomicU64) {
    let mut n_read = 0;
    while n_read < limit {
        match body.frame().await {
            Some(Ok(frame)) => {
                n_read += frame.data_ref().map_or(0, Bytes::len);
                n_bytes.store(n_read as u64, Ordering::Relaxed);
            }
            Some(Err(_)) | None => return,
        }
    }
}

/// The answer with its full length announced and only the beginning of its body.
fn cut_short(canned: Canned, limit: usize) -> Response<AnyBody> {
    let length = canned.body.len();
    let beginning = Bytes::copy_from_slice(&canned.body[..limit.min(length)]);
    let mut response = canned.into_response();
    response.headers_mut().insert(CONTENT_LENGTH, length.into());
    let frames = stream::unfold(Some(beginning), |beginning| async move {
        match beginning {
            Some(bytes) => Some((Ok(Frame::data(bytes)), None)),
            None => {
                // The client shall have read the beginning before the reset overtakes it.
                tokio::time::sleep(Duration::from_millis(50)).await;
                Some((Err(io::ErrorKind::ConnectionReset.into()), None))
            }
        }
    });
    *response.body_mut() = StreamBody::new(frames).boxed_unsync();
    response
}

#[cfg(test)]
mod tests;
