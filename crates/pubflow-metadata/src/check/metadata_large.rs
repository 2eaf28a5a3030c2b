//! P613: metadata that is large.

use pubflow_finding::{Finding, Findings, Rule, Severity};

use super::MetadataSubject;

/// Bytes from which a metadata file is called large; ordinary ones have a few thousand.
const LARGE_BYTES: usize = 256 * 1024;

pub(super) static RULE: Rule = Rule {
    code: "P613",
    name: "metadata-large",
    severity: Severity::Warning,
    source: "advice",
    refused_by: &[],
    about: "The metadata file has more than 256 KiB.",
    why: "Resolvers download the metadata of every version they look at, and project pages render \
            the description whole.",
    cure: "Shorten the readme, or keep embedded images and logs out of it.",
    bad: "METADATA   1.4 MB, with images as data: URLs in the description",
    good: "METADATA   12 kB, with images by their address",
};

pub(super) fn check(subject: &MetadataSubject, findings: &mut Findings) {
    let n_bytes = subject.metadata.n_bytes();
    if n_bytes > LARGE_BYTES {
        let message = format!("metadata has {} KiB", n_bytes / 1024);
        findings.add(subject.place(Finding::new(&RULE, message), None));
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::probe::metadata;

    #[test]
    fn fires() {
        let text = format!("\n{}", "x".repeat(300 * 1024));
        assert_eq!(metadata(check, &text), ["- 0: metadata has 300 KiB"]);
    }

    #[test]
    fn stays_quiet() {
        assert!(metadata(check, &format!("\n{}", "x".repeat(200 * 1024))).is_empty());
    }
}
