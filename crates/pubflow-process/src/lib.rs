//! pubflow-process
