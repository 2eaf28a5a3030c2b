//! What the integration tests share.

pub(crate) mod http;
pub(crate) mod upload;
