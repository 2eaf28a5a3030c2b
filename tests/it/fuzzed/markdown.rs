//! Markdown and the sanitiser behind it: nothing that a page must not hold comes through.

use pubflow_readme::{Profile, judge};

/// Renders the bytes by both profiles.
pub(crate) fn run(bytes: &[u8]) {
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(20_000)]);
    for profile in [Profile::Renderer45, Profile::Renderer46] {
        let judgement = judge(&text, Some("text/markdown"), profile);
        let html = judgement.html.unwrap_or_default();
        for forbidden in [
            "<script",
            "<style",
            "<iframe",
            "<svg",
            "<form",
            "href=\"javascript:",
        ] {
            assert!(!html.contains(forbidden), "{forbidden} in {html}");
        }
    }
}
