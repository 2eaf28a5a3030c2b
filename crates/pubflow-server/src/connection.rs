//! The accept loop of one listener and the life of one connection.
//!
//! Our own loop and hyper's connection type, no framework, because reason phrases have to be forged and connections
//! reset at chosen moments. A client that sends nothing is let go after a while, wherever in its request it stopped.

use std::fmt;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::combinators::UnsyncBoxBody;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time;
use tokio_rustls::TlsAcceptor;

use crate::fault::Aborted;
use crate::index::Index;
use crate::patience::patient;
use crate::route;
use crate::socket::Socket;

/// The body of every request.
pub(crate) type RequestBody = UnsyncBoxBody<Bytes, io::Error>;

/// How long a shutdown waits for answers under way.
const GRACE: Duration = Duration::from_secs(5);

/// How long a client may take to shake hands, or to send the head of a request; an idle connection ends after it too.
const HEAD_TIMEOUT: Duration = Duration::from_secs(60);

/// The largest head of a request, in bytes: beyond it a client gets 431 and is let go.
const MOST_HEAD: usize = 64 << 10;

/// More clients than any rehearsal has; further ones wait in the system's queue.
const MAX_CONNECTIONS: usize = 512;

/// Serves connections until `stop` changes or its sender is gone.
pub(crate) async fn accept_all(
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    index: Arc<Index>,
    mut stop: watch::Receiver<bool>,
) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            _ = stop.changed() => break,
            Some(_) = connections.join_next() => {}
            accepted = listener.accept(), if connections.len() < MAX_CONNECTIONS => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(serve(stream, tls.clone(), Arc::clone(&index), stop.clone()));
                }
                // Out of file descriptors, most likely: asking again at once would only burn the processor.
                Err(_) => time::sleep(Duration::from_millis(50)).await,
            },
        }
    }
    drop(listener);
    let all_done = async { while connections.join_next().await.is_some() {} };
    // What is still under way after the grace is cut off when the set is dropped.
    let _ = time::timeout(GRACE, all_done).await;
}

async fn serve(
    stream: TcpStream,
    tls: Option<TlsAcceptor>,
    index: Arc<Index>,
    mut stop: watch::Receiver<bool>,
) {
    let is_reset = Arc::new(AtomicBool::new(false));
    let opened = Socket::open(stream, tls.as_ref(), Arc::clone(&is_reset));
    // A client that does not speak TLS, or does not trust us, is gone already.
    let Ok(Ok(socket)) = time::timeout(HEAD_TIMEOUT, opened).await else {
        return;
    };
    let service = service_fn(move |request: Request<Incoming>| {
        let (index, is_reset) = (Arc::clone(&index), Arc::clone(&is_reset));
        async move {
            let answered = route::respond(index, request.map(patient)).await;
            if answered.is_err() {
                is_reset.store(true, Ordering::Relaxed);
            }
            answered
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .max_buf_size(MOST_HEAD)
        .serve_connection(TokioIo::new(socket), service);
    tokio::pin!(connection);
    tokio::select! {
        // A connection that breaks is the client's business.
        _ = connection.as_mut() => {}
        _ = stop.changed() => {
            connection.as_mut().graceful_shutdown();
            let _ = connection.await;
        }
    }
}

/// hyper ends the connection on it.
impl fmt::Display for Aborted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the connection is reset on purpose")
    }
}

impl std::error::Error for Aborted {}
