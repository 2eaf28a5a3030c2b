//! pubflow-metadata
