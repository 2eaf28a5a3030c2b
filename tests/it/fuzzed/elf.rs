//! ELF headers: read within the file, and nothing grows beyond what stands in it.

use pubflow_dist::{Native, NativeFormat};

/// Reads the bytes as native code.
pub(crate) fn run(bytes: &[u8]) {
    let Some(native) = Native::parse(bytes) else {
        return;
    };
    if native.format != NativeFormat::Elf {
        return;
    }
    assert!(native.arches.len() <= 20);
    for text in native.needed.iter().chain(&native.search_paths) {
        assert!(text.len() < bytes.len());
    }
    assert_eq!(Native::parse(bytes), Some(native));
}
