//! The release object of the project page.

use serde::Deserialize;

use super::{Expected, Standing};

#[derive(Deserialize)]
struct Release {
    urls: Vec<ReleaseFile>,
}

#[derive(Deserialize)]
struct ReleaseFile {
    filename: String,
    digests: Digests,
}

#[derive(Deserialize)]
struct Digests {
    sha256: Option<String>,
}

pub(super) fn standing(body: &[u8], expected: &[Expected]) -> Standing {
    let Ok(release) = serde_json::from_slice::<Release>(body) else {
        return Standing::Unknown;
    };
    let is_there = |file: &Expected| {
        let digest = file.sha256.map(|sha256| sha256.to_string());
        release.urls.iter().any(|listed| {
            listed.filename == file.filename
                && (digest.is_none() || listed.digests.sha256 == digest)
        })
    };
    if expected.iter().all(is_there) {
        Standing::Uploaded
    } else {
        Standing::NotUploaded
    }
}
