//! Core metadata: any bytes are read, judged, and written in a form that reads back the same.

use pubflow_finding::Findings;
use pubflow_metadata::check::{CHECKS_METADATA, MetadataSubject};
use pubflow_metadata::core_metadata::CoreMetadata;

/// Reads the bytes as a METADATA file.
pub(crate) fn run(bytes: &[u8]) {
    let metadata = CoreMetadata::parse(bytes);
    let again = CoreMetadata::parse(&metadata.to_bytes());
    let fields = |metadata: &CoreMetadata| -> Vec<(String, String)> {
        let fields = metadata.fields().iter();
        fields
            .map(|field| (field.name.clone(), field.value.clone()))
            .collect()
    };
    assert_eq!(fields(&again), fields(&metadata));
    assert_eq!(again.body(), metadata.body());
    let subject = MetadataSubject::bare(metadata);
    let mut findings = Findings::for_path("METADATA");
    for check in CHECKS_METADATA {
        (check.run)(&subject, &mut findings);
    }
    let n_lines = bytes
        .iter()
        .filter(|byte| matches!(byte, b'\n' | b'\r'))
        .count()
        + 1;
    for finding in findings.into_sorted() {
        assert!(finding.place.line.is_none_or(|line| line <= n_lines + 1));
    }
}
