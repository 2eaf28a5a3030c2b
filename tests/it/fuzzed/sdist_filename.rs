//! File names of sdists: the normal name has the same parts, and none leads out of a folder.

use pubflow_spec::SdistFilename;

/// Reads the bytes as the file name of an sdist.
pub(crate) fn run(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let Ok(sdist) = SdistFilename::parse(&text) else {
        return;
    };
    assert!(!text.contains(['/', '\\', '\0']));
    if sdist.name.is_valid() {
        let normal = SdistFilename::parse(&sdist.normalized()).expect("a normal name is a name");
        assert_eq!(
            (&normal.name, &normal.version),
            (&sdist.name, &sdist.version)
        );
    }
}
