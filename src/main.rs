//! pubflow
fn main() {}
