//! `ruff check --output-format json`: a list of findings. Ruff itself rates none; files that it
//! cannot parse have no code or `invalid-syntax`, depending on its version.

use super::json::{parse, place, text};
use super::{Level, Measured, ReportError, RuleCounts, add, shape};

pub(super) fn read(bytes: &[u8], _: &str) -> Result<Measured, ReportError> {
    let report = parse(bytes)?;
    let findings = report
        .as_array()
        .ok_or_else(|| shape("is no list of findings"))?;
    let mut counts = RuleCounts::new();
    for finding in findings {
        let message =
            text(finding, "message").ok_or_else(|| shape("has a finding without a message"))?;
        let code = text(finding, "code").unwrap_or("invalid-syntax");
        let row = finding.get("location").and_then(|at| at.get("row"));
        add(&mut counts, code, Level::Error, || {
            place(
                text(finding, "filename"),
                row.and_then(serde_json::Value::as_u64),
                Some(message),
            )
        });
    }
    Ok(Measured::Findings(counts))
}
