//! The one way pubflow speaks HTTP, and the one type that holds a token.
//!
//! [`HttpClient`] decides what every request has in common: TLS with the machine's trust store,
//! plain HTTP to loopback literals only, no redirect followed by itself, no proxy for loopback,
//! deadlines for connecting, for the first byte and for the whole exchange. [`Secret`] can be sent
//! and compared with nothing: it cannot be printed or serialised, and [`Redactor`] removes it from
//! whatever a server says.
//!
//! What an answer means, and whether a request is tried again, is left to the callers.

mod address;
mod client;
mod error;
mod policy;
mod redact;
mod request;
mod response;
mod secret;

pub use address::{AddressError, Origin, is_loopback, require_safe};
pub use client::HttpClient;
pub use error::{HttpError, Moment};
pub use policy::HttpPolicy;
pub use redact::Redactor;
pub use request::{Body, Method, Request};
pub use response::{Prefix, Response};
pub use secret::{Secret, SecretError};
