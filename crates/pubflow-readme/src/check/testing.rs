//! What the tests of the checks share: findings as text.

use pubflow_finding::{Findings, Rule};

use super::Description;
use crate::profile::Profile;

/// `line: message` of each finding of `rule` in a README file of this type.
pub(super) fn found(rule: &Rule, text: &str, content_type: Option<&str>) -> Vec<String> {
    let mut findings = Findings::for_path("README");
    Description::new(text, content_type, Profile::default())
        .of_project(Some("demo"))
        .of_release(Some("1.0"), ["https://github.com/o/demo"])
        .in_file()
        .check(&mut findings);
    let findings = findings.into_sorted().into_iter();
    findings
        .filter(|finding| finding.rule.code == rule.code)
        .map(|finding| match finding.place.line {
            Some(line) => format!("{line}: {}", finding.message),
            None => finding.message,
        })
        .collect()
}

/// The text after the edits of all fixes.
pub(super) fn mended(text: &str, content_type: &str) -> String {
    let mut findings = Findings::for_path("README");
    Description::new(text, Some(content_type), Profile::default())
        .of_release(Some("1.0"), ["https://github.com/o/demo"])
        .in_file()
        .check(&mut findings);
    let mut edits: Vec<_> = findings
        .into_sorted()
        .into_iter()
        .filter_map(|finding| finding.fix)
        .flat_map(|fix| fix.edits)
        .collect();
    edits.sort_by_key(|edit| std::cmp::Reverse(edit.range.start));
    let mut text = text.to_owned();
    for edit in edits {
        text.replace_range(edit.range, &edit.text);
    }
    text
}
