//! Tokens: what can be narrowed says afterwards that it was.

use jiff::Timestamp;
use pubflow_http::Secret;
use pubflow_index::credential::{TokenFacts, narrow};
use pubflow_spec::ProjectName;

/// Reads the bytes as a token and narrows it.
pub(crate) fn run(bytes: &[u8]) {
    let Ok(token) = Secret::from_text(String::from_utf8_lossy(bytes)) else {
        return;
    };
    let before = TokenFacts::read(&token);
    let project = ProjectName::parse("demo").expect("a plain name");
    let until = Timestamp::from_second(2_000_000_000).expect("a time of this century");
    let Ok(narrowed) = narrow(&token, Some(&project), Some((Timestamp::UNIX_EPOCH, until))) else {
        return;
    };
    let after = TokenFacts::read(&narrowed);
    assert_eq!(before.instance, after.instance);
    let projects = after.projects.expect("it is limited to projects");
    assert!(projects.iter().all(|name| name == "demo"));
    assert!(after.expires.expect("it ends") <= until);
}
