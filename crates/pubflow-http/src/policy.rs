//! What a caller decides about the client: deadlines, an extra certificate authority, a name.

use std::path::PathBuf;
use std::time::Duration;

/// The settings of an [`crate::HttpClient`].
#[derive(Debug, Clone)]
pub struct HttpPolicy {
    /// For the name lookup, the connection and the TLS handshake together.
    pub connect_timeout: Duration,
    /// Without any progress: of the body on its way, of the answer's head, of the answer's body.
    pub first_byte_timeout: Duration,
    /// For a whole exchange, unless the request says otherwise.
    pub whole_timeout: Duration,
    /// Certificates (PEM) trusted besides the machine's own.
    pub ca_file: Option<PathBuf>,
    /// The client's own certificate with its key (PEM), for servers that ask for one.
    pub client_certificate: Option<PathBuf>,
    /// Sent with every request.
    pub user_agent: String,
}

impl HttpPolicy {
    /// The deadlines that suit an index: 15 s to connect, 60 s without progress (an upload of the
    /// largest permitted file takes the index about half of that to answer), 30 minutes in all.
    #[must_use]
    pub fn new(user_agent: impl Into<String>) -> Self {
        Self {
            connect_timeout: Duration::from_secs(15),
            first_byte_timeout: Duration::from_secs(60),
            whole_timeout: Duration::from_secs(30 * 60),
            ca_file: None,
            client_certificate: None,
            user_agent: user_agent.into(),
        }
    }
}
