//! pubflow-pipeline
