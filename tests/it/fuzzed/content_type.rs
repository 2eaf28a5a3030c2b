//! Content types: a verdict on any text.

use pubflow_metadata::content_type::{ContentType, MEDIA_TYPES};

/// Reads the bytes as `Description-Content-Type`.
pub(crate) fn run(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let parsed = ContentType::parse(&text);
    if parsed.refusal(&text).is_none() {
        let lower = text.to_lowercase();
        assert!(
            MEDIA_TYPES
                .iter()
                .any(|media_type| lower.contains(media_type))
        );
    }
}
