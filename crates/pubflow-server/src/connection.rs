//! The accept loop of one listener and the life of one connection.
//!
//! Our own loop and hyper's connection type, no framework, because reason phrases have to be forged and later
//! connections have to be reset at chosen moments.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time;

use crate::index::Index;
use crate::route;

/// How long a shutdown waits for answers under way.
const GRACE: Duration = Duration::from_secs(5);

/// How long a client may take to send the head of a request; an idle connection ends after it too.
const HEAD_TIMEOUT: Duration = Duration::from_secs(60);

/// More clients than any rehearsal has; further ones wait in the system's queue.
const MAX_CONNECTIONS: usize = 512;

/// Serves connections until `stop` changes or its sender is gone.
pub(crate) async fn accept_all(
    listener: TcpListener,
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
                    connections.spawn(serve(stream, Arc::clone(&index), stop.clone()));
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

async fn serve(stream: TcpStream, index: Arc<Index>, mut stop: watch::Receiver<bool>) {
    // Answers are small and written at once; waiting for more bytes only delays them. A failure costs only that.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request| {
        let index = Arc::clone(&index);
        async move { Ok::<_, Infallible>(route::respond(index, request).await) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .serve_connection(TokioIo::new(stream), service);
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
