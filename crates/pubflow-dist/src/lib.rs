//! pubflow-dist
