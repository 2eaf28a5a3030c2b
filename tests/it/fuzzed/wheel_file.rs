//! WHEEL: each value that is found by its name stands in the text.

use pubflow_dist::WheelFile;

/// Reads the bytes as WHEEL.
pub(crate) fn run(bytes: &[u8]) {
    let file = WheelFile::parse(bytes);
    let text = String::from_utf8_lossy(bytes);
    for name in [
        "Wheel-Version",
        "Root-Is-Purelib",
        "Tag",
        "Build",
        "Generator",
    ] {
        assert_eq!(file.first(name).is_some(), file.line(name).is_some());
        for value in file.all(name) {
            assert!(text.contains(value));
            assert_eq!(value, value.trim());
        }
    }
    assert!(file.wheel_version().is_none() || file.first("wheel-version").is_some());
    assert!(file.root_is_purelib().is_none() || file.first("ROOT-IS-PURELIB").is_some());
}
