//! reStructuredText as a whole: any text has a verdict, and what is accepted has been sanitised.

use pubflow_readme::{Profile, judge};

/// A limit far above any README, so that a slow input is a slow parser and not a long text.
const MAX_BYTES: usize = 20_000;

/// Renders the bytes by both profiles.
pub(crate) fn run(bytes: &[u8]) {
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(MAX_BYTES)]);
    for profile in [Profile::Renderer45, Profile::Renderer46] {
        let judgement = judge(&text, Some("text/x-rst"), profile);
        assert_eq!(judgement.accepted, judgement.first_message.is_none());
        match judgement.html {
            Some(html) => assert!(!html.contains("<script") && !html.contains("<style")),
            None => assert!(text.is_empty() || !judgement.accepted),
        }
        if let Some(first) = judgement.first_message {
            assert_ne!(first.line, Some(0));
            assert!(!first.message.is_empty());
        }
    }
}
