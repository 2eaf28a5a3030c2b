//! File names of wheels: the normal name has the same parts, and none leads out of a folder.

use pubflow_spec::{WheelFilename, pypi_takes_platform};

/// Reads the bytes as the file name of a wheel.
pub(crate) fn run(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let Ok(wheel) = WheelFilename::parse(&text) else {
        return;
    };
    assert!(!text.contains(['/', '\\', '\0']));
    for tag in &wheel.tags {
        let _ = pypi_takes_platform(&tag.platform);
    }
    if wheel.name.is_valid() {
        let normal = WheelFilename::parse(&wheel.normalized()).expect("a normal name is a name");
        assert_eq!(
            (&normal.name, &normal.version),
            (&wheel.name, &wheel.version)
        );
        assert_eq!((&normal.build, &normal.tags), (&wheel.build, &wheel.tags));
    }
}
