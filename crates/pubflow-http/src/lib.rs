//! pubflow-http
