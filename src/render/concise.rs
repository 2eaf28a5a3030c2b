//! `--format concise`: one finding a line, as editors and `grep` like it.

use super::clean::clean_line;
use super::formats::CheckResult;

pub(super) fn render(result: &CheckResult) -> String {
    let mut text = String::new();
    for subject in result.subjects {
        for finding in result.shown(subject) {
            let location = finding.location();
            let rule = finding.rule;
            text.push_str(&format!(
                "{}: {}[{}] {}\n",
                clean_line(&location),
                finding.severity,
                rule.code,
                clean_line(&finding.message),
            ));
        }
    }
    text
}
