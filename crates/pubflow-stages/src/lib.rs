//! pubflow-stages
