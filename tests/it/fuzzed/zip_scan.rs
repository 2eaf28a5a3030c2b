//! ZIP archives: read to an end within the limits, and what cannot be read is said.

use pubflow_dist::{Distribution, Limits};

/// Small budgets, so that claims about huge contents run into them.
const LIMITS: Limits = Limits {
    members: 100,
    member_bytes: 1 << 20,
    total_bytes: 2 << 20,
    name_bytes: 1000,
    directory_bytes: 1 << 20,
    kept_bytes: 1 << 16,
};

/// Reads the bytes as a wheel.
pub(crate) fn run(bytes: &[u8]) {
    let wheel = Distribution::from_bytes("demo-1.0-py3-none-any.whl", bytes, &LIMITS);
    let archive = wheel.archive().expect("the name tells a wheel");
    assert!(archive.is_readable() || !archive.problems().is_empty());
    assert!(archive.entries().len() <= LIMITS.members);
    let mut read = 0;
    for entry in archive.entries() {
        assert!(archive.entry(entry.path.as_str()).is_some());
        if entry.sha256.is_some() {
            assert!(entry.size <= LIMITS.member_bytes);
            read += entry.size;
        }
    }
    assert!(read <= LIMITS.total_bytes);
    let metadata = wheel.metadata_bytes().unwrap_or_default();
    assert!(metadata.len() as u64 <= LIMITS.kept_bytes);
}
