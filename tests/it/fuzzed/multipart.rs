//! Forms that are sent to the embedded index as uploads: each is answered, by a rule or with thanks.

use super::request::upload;

pub(crate) fn run(bytes: &[u8]) {
    let answer = upload(bytes);
    let status = answer
        .get(9..12)
        .map(|status| String::from_utf8_lossy(status).into_owned());
    // 500 is a rule too: PyPI stumbles over a RECORD with an empty line, and over a file that is sent as text.
    let known = ["200", "400", "403", "404", "410", "413", "500"];
    assert!(
        status
            .as_deref()
            .is_some_and(|status| known.contains(&status)),
        "{}",
        String::from_utf8_lossy(&answer[..answer.len().min(200)])
    );
}
