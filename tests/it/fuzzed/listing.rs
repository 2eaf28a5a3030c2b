//! Listings of an index, which strangers write: the first byte says as what they are read.

use pubflow_index::{ProjectPage, ReleaseState};
use pubflow_spec::DistributionFilename;

/// Reads the bytes as JSON or HTML and asks after every release in it.
pub(crate) fn run(bytes: &[u8]) {
    let address = "https://packages.example.com/simple/demo/"
        .parse()
        .expect("a plain address");
    let content_type = match bytes.first() {
        Some(b'{') => "application/vnd.pypi.simple.v1+json",
        _ => "text/html",
    };
    let Ok(page) = ProjectPage::parse(content_type, bytes, &address) else {
        return;
    };
    for file in &page.files {
        assert!(
            file.url.fragment().is_none(),
            "an address keeps no fragment"
        );
        if let Ok(name) = DistributionFilename::parse(&file.filename) {
            let state = page.release_state(name.version());
            assert_ne!(
                state,
                ReleaseState::Absent,
                "a listed file belongs to its release"
            );
        }
    }
}
