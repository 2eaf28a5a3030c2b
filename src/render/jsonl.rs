//! `--format jsonl`: one finding a line, for streams and `jq`.

use serde::Serialize;

use super::finding_json::FindingJson;
use super::formats::CheckResult;

/// A finding and the subject it was found in.
#[derive(Debug, Serialize)]
struct Line {
    schema: u32,
    subject: String,
    kind: &'static str,
    finding: FindingJson,
}

pub(super) fn render(result: &CheckResult) -> String {
    let mut text = String::new();
    for subject in result.subjects {
        for finding in &subject.findings {
            let line = Line {
                schema: super::SCHEMA,
                subject: subject.path.display().to_string(),
                kind: subject.kind.as_str(),
                finding: FindingJson::from(finding),
            };
            text.push_str(&serde_json::to_string(&line).expect("texts and numbers serialise"));
            text.push('\n');
        }
    }
    text
}
