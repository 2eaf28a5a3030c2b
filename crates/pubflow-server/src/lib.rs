//! pubflow-server
