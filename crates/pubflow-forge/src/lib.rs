//! pubflow-forge
