//! `mypy --output json`: one object a line. A note belongs to an error and is none itself.

use super::json::{parse, place, text};
use super::{Level, Measured, ReportError, RuleCounts, add, shape};

pub(super) fn read(bytes: &[u8], _: &str) -> Result<Measured, ReportError> {
    let mut counts = RuleCounts::new();
    for line in bytes.split(|byte| *byte == b'\n') {
        let line = line.trim_ascii();
        if line.is_empty() {
            continue;
        }
        let finding = parse(line)?;
        let severity =
            text(&finding, "severity").ok_or_else(|| shape("has a finding without a severity"))?;
        if severity != "error" {
            continue;
        }
        let code = text(&finding, "code").unwrap_or("error");
        let at = finding.get("line").and_then(serde_json::Value::as_u64);
        add(&mut counts, code, Level::Error, || {
            place(text(&finding, "file"), at, text(&finding, "message"))
        });
    }
    Ok(Measured::Findings(counts))
}
