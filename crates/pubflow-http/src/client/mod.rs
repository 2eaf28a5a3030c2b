//! Sends requests under one policy.
//!
//! Two connection pools: one for loopback, without proxy and without the machine's trust store
//! (reading it costs more than a whole rehearsal upload), and one for everything else, made when it
//! is first needed.

use std::fmt;
use std::fs;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use futures_util::StreamExt as _;
use reqwest::header::{CONTENT_LENGTH, HeaderMap, HeaderName, HeaderValue};
use tokio::time::{Instant, sleep_until};

use crate::{
    Body, HttpError, HttpPolicy, Method, Moment, Request, Response, is_loopback, require_safe,
};

/// The client. Cloning shares the connections.
#[derive(Clone)]
pub struct HttpClient {
    inner: Arc<Inner>,
}

struct Inner {
    policy: HttpPolicy,
    authorities: Vec<reqwest::Certificate>,
    identity: Option<reqwest::Identity>,
    loopback: OnceLock<reqwest::Client>,
    outward: OnceLock<reqwest::Client>,
}

impl HttpClient {
    /// Makes a client; nothing is connected yet.
    ///
    /// # Errors
    /// [`HttpError::Certificates`] when the file of the policy cannot be used.
    pub fn new(policy: &HttpPolicy) -> Result<Self, HttpError> {
        // reqwest is built without a cryptography provider of its own and takes the process's. One
        // that is there already was chosen by the program, so a refusal here is no error.
        let _ = rustls::crypto::ring::default_provider().install_default();
        Ok(Self {
            inner: Arc::new(Inner {
                authorities: read_authorities(policy)?,
                identity: read_identity(policy)?,
                policy: policy.clone(),
                loopback: OnceLock::new(),
                outward: OnceLock::new(),
            }),
        })
    }

    /// Sends a request and waits for the head of the answer. Redirects come back as they are.
    ///
    /// # Errors
    /// [`HttpError`]; its moment says whether the server may have acted on the request.
    pub async fn send(&self, request: Request) -> Result<Response, HttpError> {
        let origin = require_safe(&request.url)?;
        let client = self.inner.client(is_loopback(&request.url))?;
        let policy = &self.inner.policy;
        let whole = request.whole_timeout.unwrap_or(policy.whole_timeout);
        let has_body = !matches!(request.body, Body::Empty);
        let progress = Arc::new(Progress::begin());
        let prepared = prepare(request, &progress)?;
        let due = progress.begun + whole;
        let sending = client.execute(prepared);
        tokio::pin!(sending);
        loop {
            let idle_due = progress.last() + policy.first_byte_timeout;
            tokio::select! {
                outcome = &mut sending => {
                    return match outcome {
                        Ok(inner) => Ok(Response::new(inner, origin, policy.first_byte_timeout, due)),
                        Err(source) => Err(failure(source.without_url(), origin, &progress, policy.connect_timeout)),
                    };
                }
                () = sleep_until(idle_due.min(due)) => {
                    let now = Instant::now();
                    let passed = if now >= due { Some(whole) } else { None };
                    let idle = now >= progress.last() + policy.first_byte_timeout;
                    if let Some(after) = passed.or(idle.then_some(policy.first_byte_timeout)) {
                        let moment = if has_body { progress.moment() } else { Moment::BeforeBody };
                        return Err(HttpError::TimedOut { origin, after, moment });
                    }
                }
            }
        }
    }
}

impl fmt::Debug for HttpClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpClient")
            .field("policy", &self.inner.policy)
            .finish_non_exhaustive()
    }
}

impl Inner {
    fn client(&self, loopback: bool) -> Result<&reqwest::Client, HttpError> {
        let cell = if loopback {
            &self.loopback
        } else {
            &self.outward
        };
        if let Some(client) = cell.get() {
            return Ok(client);
        }
        let builder = if loopback {
            let authorities = self.authorities.clone();
            self.builder().no_proxy().tls_certs_only(authorities)
        } else {
            self.outward_builder()
        };
        let client = self
            .identified(builder)
            .build()
            .map_err(|source| HttpError::Setup { source })?;
        Ok(cell.get_or_init(|| client))
    }

    /// With the machine's trust store and proxies.
    fn outward_builder(&self) -> reqwest::ClientBuilder {
        self.builder().tls_certs_merge(self.authorities.clone())
    }

    fn builder(&self) -> reqwest::ClientBuilder {
        reqwest::Client::builder()
            .user_agent(&self.policy.user_agent)
            .connect_timeout(self.policy.connect_timeout)
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            // Whether a request may be sent twice is decided by whoever knows what it does.
            .retry(reqwest::retry::never())
    }

    /// Shows the client's own certificate to servers that ask for one.
    fn identified(&self, builder: reqwest::ClientBuilder) -> reqwest::ClientBuilder {
        match &self.identity {
            Some(identity) => builder.identity(identity.clone()),
            None => builder,
        }
    }
}

fn read_identity(policy: &HttpPolicy) -> Result<Option<reqwest::Identity>, HttpError> {
    let Some(path) = &policy.client_certificate else {
        return Ok(None);
    };
    let unusable = |source| HttpError::Certificates {
        path: path.clone(),
        source,
    };
    let pem = zeroize::Zeroizing::new(fs::read(path).map_err(|error| unusable(Some(error)))?);
    match reqwest::Identity::from_pem(&pem) {
        Ok(identity) => Ok(Some(identity)),
        Err(_) => Err(unusable(None)),
    }
}

fn read_authorities(policy: &HttpPolicy) -> Result<Vec<reqwest::Certificate>, HttpError> {
    let Some(path) = &policy.ca_file else {
        return Ok(Vec::new());
    };
    let unusable = |source| HttpError::Certificates {
        path: path.clone(),
        source,
    };
    let pem = fs::read(path).map_err(|error| unusable(Some(error)))?;
    match reqwest::Certificate::from_pem_bundle(&pem) {
        Ok(certificates) if !certificates.is_empty() => Ok(certificates),
        _ => Err(unusable(None)),
    }
}

/// How much of the body has been handed over, and when that last moved.
struct Progress {
    begun: Instant,
    handed_over: AtomicU64,
    last_millis: AtomicU64,
}

impl Progress {
    fn begin() -> Self {
        Self {
            begun: Instant::now(),
            handed_over: AtomicU64::new(0),
            last_millis: AtomicU64::new(0),
        }
    }

    fn advance(&self, n_bytes: usize) {
        let millis = u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.last_millis.store(millis, Ordering::Relaxed);
        self.handed_over
            .fetch_add(n_bytes as u64, Ordering::Relaxed);
    }

    fn last(&self) -> Instant {
        self.begun + Duration::from_millis(self.last_millis.load(Ordering::Relaxed))
    }

    fn moment(&self) -> Moment {
        match self.handed_over.load(Ordering::Relaxed) {
            0 => Moment::BeforeBody,
            _ => Moment::BodyBegun,
        }
    }
}

fn prepare(request: Request, progress: &Arc<Progress>) -> Result<reqwest::Request, HttpError> {
    let method = match request.method {
        Method::Get => reqwest::Method::GET,
        Method::Head => reqwest::Method::HEAD,
        Method::Post => reqwest::Method::POST,
        Method::Put => reqwest::Method::PUT,
        Method::Patch => reqwest::Method::PATCH,
        Method::Delete => reqwest::Method::DELETE,
    };
    let mut prepared = reqwest::Request::new(method, request.url);
    let headers: &mut HeaderMap = prepared.headers_mut();
    for header in &request.headers {
        let mut value = HeaderValue::from_str(&header.value)
            .map_err(|_| HttpError::Header { name: header.name })?;
        value.set_sensitive(header.sensitive);
        headers.insert(HeaderName::from_static(header.name), value);
    }
    match request.body {
        Body::Empty => {}
        Body::Bytes(bytes) => {
            // From memory it is on the wire as soon as there is a connection.
            progress.advance(bytes.len().max(1));
            *prepared.body_mut() = Some(bytes.into());
        }
        Body::Stream { length, chunks } => {
            // Without it the body would go chunked, which some upload servers do not read.
            headers.insert(CONTENT_LENGTH, length.into());
            let progress = Arc::clone(progress);
            let counted = chunks.inspect(move |chunk| {
                if let Ok(bytes) = chunk {
                    progress.advance(bytes.len());
                }
            });
            *prepared.body_mut() = Some(reqwest::Body::wrap_stream(counted));
        }
    }
    Ok(prepared)
}

fn failure(
    source: reqwest::Error,
    origin: crate::Origin,
    progress: &Progress,
    connect_timeout: Duration,
) -> HttpError {
    if source.is_connect() && source.is_timeout() {
        return HttpError::TimedOut {
            origin,
            after: connect_timeout,
            moment: Moment::Connecting,
        };
    }
    if source.is_connect() {
        return HttpError::Connect { origin, source };
    }
    HttpError::Broken {
        origin,
        moment: progress.moment(),
        source,
    }
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod tls_tests;
