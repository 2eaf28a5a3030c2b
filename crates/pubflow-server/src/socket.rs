//! A client's connection, plain or through TLS, that can be ended with a reset instead of a farewell.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

/// One connection.
pub(crate) struct Socket {
    stream: Stream,
    is_reset: Arc<AtomicBool>,
}

enum Stream {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

impl Socket {
    /// Shakes hands where TLS is spoken; a connection whose `is_reset` is true when it ends is reset.
    ///
    /// # Errors
    /// When the handshake fails.
    pub(crate) async fn open(
        stream: TcpStream,
        tls: Option<&TlsAcceptor>,
        is_reset: Arc<AtomicBool>,
    ) -> io::Result<Self> {
        // Answers are small and written at once; waiting for more bytes only delays them. A failure costs only that.
        let _ = stream.set_nodelay(true);
        let stream = match tls {
            None => Stream::Plain(stream),
            Some(acceptor) => Stream::Tls(Box::new(acceptor.accept(stream).await?)),
        };
        Ok(Self { stream, is_reset })
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        if self.is_reset.load(Ordering::Relaxed) {
            let stream = match &self.stream {
                Stream::Plain(stream) => stream,
                Stream::Tls(stream) => stream.get_ref().0,
            };
            // A failure makes it an ordinary end, which is a fault as well.
            let _ = stream.set_zero_linger();
        }
    }
}

impl AsyncRead for Socket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        ctx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match &mut self.stream {
            Stream::Plain(stream) => Pin::new(stream).poll_read(ctx, buffer),
            Stream::Tls(stream) => Pin::new(stream).poll_read(ctx, buffer),
        }
    }
}

impl AsyncWrite for Socket {
    fn poll_write(
        mut self: Pin<&mut Self>,
        ctx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match &mut self.stream {
            Stream::Plain(stream) => Pin::new(stream).poll_write(ctx, bytes),
            Stream::Tls(stream) => Pin::new(stream).poll_write(ctx, bytes),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, ctx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.stream {
            Stream::Plain(stream) => Pin::new(stream).poll_flush(ctx),
            Stream::Tls(stream) => Pin::new(stream).poll_flush(ctx),
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, ctx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.stream {
            Stream::Plain(stream) => Pin::new(stream).poll_shutdown(ctx),
            Stream::Tls(stream) => Pin::new(stream).poll_shutdown(ctx),
        }
    }

    fn is_write_vectored(&self) -> bool {
        match &self.stream {
            Stream::Plain(stream) => stream.is_write_vectored(),
            Stream::Tls(stream) => stream.is_write_vectored(),
        }
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        ctx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match &mut self.stream {
            Stream::Plain(stream) => Pin::new(stream).poll_write_vectored(ctx, slices),
            Stream::Tls(stream) => Pin::new(stream).poll_write_vectored(ctx, slices),
        }
    }
}
