//! Unpacking an sdist: nothing is written but below the directory that was given, and what was
//! written are files and directories, or links that stay inside.

use std::fs;
use std::path::Path;

use pubflow_dist::{Limits, unpack_sdist};
use pubflow_testkit::sdist::gzip;

/// Small budgets: the fuzzer writes real files.
const LIMITS: Limits = Limits {
    members: 50,
    member_bytes: 1 << 16,
    total_bytes: 1 << 17,
    name_bytes: 500,
    directory_bytes: 1 << 14,
    kept_bytes: 1 << 14,
};

/// Unpacks the bytes, compressed first if they are not.
pub(crate) fn run(bytes: &[u8]) {
    let packed = if bytes.starts_with(b"\x1f\x8b") {
        bytes.to_vec()
    } else {
        gzip(bytes)
    };
    let room = tempfile::tempdir().expect("there is room for a directory");
    let archive = room.path().join("demo-1.0.tar.gz");
    fs::write(&archive, packed).expect("the directory is ours");
    let into = room.path().join("into");
    let unpacked = unpack_sdist(&archive, &into, &LIMITS);
    let beside: Vec<_> = fs::read_dir(room.path())
        .expect("the directory is ours")
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name != "demo-1.0.tar.gz" && name != "into")
        .collect();
    assert!(beside.is_empty(), "{beside:?}");
    if let Ok(root) = unpacked {
        assert!(root.starts_with(&into));
        let inside = into.canonicalize().expect("it was just made");
        require_inside(&root, &inside);
    }
}

fn require_inside(directory: &Path, inside: &Path) {
    for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
        let path = entry.path();
        let kind = entry.file_type().expect("it is there");
        assert!(kind.is_file() || kind.is_dir() || kind.is_symlink());
        if let Ok(target) = path.canonicalize() {
            assert!(target.starts_with(inside), "{} leaves", path.display());
        }
        if kind.is_dir() {
            require_inside(&path, inside);
        }
    }
}
