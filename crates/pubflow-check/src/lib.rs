//! pubflow-check
