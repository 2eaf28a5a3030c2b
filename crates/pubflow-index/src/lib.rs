//! pubflow-index
