//! TAR archives: read to an end within the limits, and what cannot be read is said. Bytes that are
//! not gzip are compressed first, so that changes reach the headers.

use pubflow_dist::{Distribution, Limits};
use pubflow_testkit::sdist::gzip;

/// Small budgets, so that claims about huge contents run into them.
const LIMITS: Limits = Limits {
    members: 100,
    member_bytes: 1 << 20,
    total_bytes: 2 << 20,
    name_bytes: 1000,
    directory_bytes: 1 << 16,
    kept_bytes: 1 << 16,
};

/// Reads the bytes as an sdist.
pub(crate) fn run(bytes: &[u8]) {
    let packed = if bytes.starts_with(b"\x1f\x8b") {
        bytes.to_vec()
    } else {
        gzip(bytes)
    };
    let sdist = Distribution::from_bytes("demo-1.0.tar.gz", &packed, &LIMITS);
    let archive = sdist.archive().expect("the name tells an sdist");
    assert!(archive.is_readable() || !archive.problems().is_empty());
    assert!(archive.entries().len() <= LIMITS.members);
    let sizes = archive.entries().iter().map(|entry| entry.size);
    assert!(sizes.sum::<u64>() <= LIMITS.total_bytes);
    for entry in archive.entries() {
        assert!(archive.entry(entry.path.as_str()).is_some());
    }
}
