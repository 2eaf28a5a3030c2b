//! `pyright --outputjson`: errors and warnings; what is information costs nothing.

use super::json::{parse, place, require_list, text};
use super::{Level, Measured, ReportError, RuleCounts, add, shape};

pub(super) fn read(bytes: &[u8], _: &str) -> Result<Measured, ReportError> {
    let report = parse(bytes)?;
    let mut counts = RuleCounts::new();
    for finding in require_list(&report, "generalDiagnostics")? {
        let severity =
            text(finding, "severity").ok_or_else(|| shape("has a finding without a severity"))?;
        let level = match severity {
            "error" => Level::Error,
            "warning" => Level::Warning,
            _ => continue,
        };
        let rule = text(finding, "rule").unwrap_or("syntax");
        // Lines are counted from 0 there.
        let line = finding.pointer("/range/start/line");
        let line = line.and_then(serde_json::Value::as_u64);
        add(&mut counts, rule, level, || {
            place(
                text(finding, "file"),
                line.map(|line| line.saturating_add(1)),
                text(finding, "message"),
            )
        });
    }
    Ok(Measured::Findings(counts))
}
