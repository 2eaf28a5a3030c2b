//! pubflow-spec
