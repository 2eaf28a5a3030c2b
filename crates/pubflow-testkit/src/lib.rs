//! pubflow-testkit
