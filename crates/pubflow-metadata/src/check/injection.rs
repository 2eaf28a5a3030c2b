//! P615: line ends of Unicode inside a value.

use pubflow_finding::{Finding, Findings, Rule, Severity};

use super::MetadataSubject;
use super::summary::UNICODE_LINE_ENDS;

/// Fields whose values may have several lines, or that have a check of their own.
const PASSED_OVER: [&str; 3] = ["description", "license", "summary"];

pub(super) static RULE: Rule = Rule {
    code: "P615",
    name: "metadata-injection",
    severity: Severity::Warning,
    source: "core metadata; advice",
    refused_by: &[],
    about: "The value of a field holds a character at which some readers end the line: U+2028, \
            U+2029, NEL, a form feed or a vertical tab.",
    why: "Some readers of metadata end a line at Unicode's own line and paragraph separators, at \
            a form feed or at NEL, others do not. A value with such a character can smuggle in a \
            second field that only some tools see.",
    cure: "Nobody needs these characters in a field: remove them.",
    bad: "Summary: Reads maps<U+2028>Requires-Dist: other",
    good: "Summary: Reads maps",
};

pub(super) fn check(subject: &MetadataSubject, findings: &mut Findings) {
    for field in subject.metadata.fields() {
        let name = field.name.to_ascii_lowercase();
        if !PASSED_OVER.contains(&name.as_str()) && field.value.contains(UNICODE_LINE_ENDS) {
            let message = format!("`{}` holds a line end of Unicode", field.name);
            let finding = Finding::new(&RULE, message).field(field.name.clone());
            findings.add(subject.place(finding, Some(field)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::probe::metadata;

    #[test]
    fn fires() {
        assert_eq!(
            metadata(check, "Author: a\u{2028}Name: evil\n"),
            ["Author 4: `Author` holds a line end of Unicode"]
        );
    }

    #[test]
    fn stays_quiet() {
        assert!(metadata(check, "Author: a\nLicense: a\u{c}b\n").is_empty());
    }
}
