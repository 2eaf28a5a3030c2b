//! Markers: what is read prints a form that reads back and has the same value.

use pubflow_spec::{Marker, MarkerEnvironment};

/// Reads the first line as a marker and the second as the value of its variables.
pub(crate) fn run(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let (text, value) = text.rsplit_once('\n').unwrap_or((&text, "3.12"));
    let Ok(marker) = Marker::parse(text) else {
        return;
    };
    let printed = marker.to_string();
    let again = Marker::parse(&printed).expect("a printed marker is a marker");
    assert_eq!(again.to_string(), printed);
    let environment = MarkerEnvironment::new()
        .with("python_version", value)
        .with("os_name", value)
        .with("extra", value)
        .with("platform_release", value);
    assert_eq!(again.evaluate(&environment), marker.evaluate(&environment));
}
