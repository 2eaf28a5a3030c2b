//! SARIF 2.1.0: the results of all runs. A level that a result does not state is that of its rule,
//! else `warning` (section 3.27.10); results that were suppressed or pass count for nothing.

use serde_json::Value;

use super::json::{parse, place, require_list, text};
use super::{Level, Measured, ReportError, RuleCounts, add, shape};

pub(super) fn read(bytes: &[u8], _: &str) -> Result<Measured, ReportError> {
    let report = parse(bytes)?;
    match text(&report, "version") {
        Some(version) if version.starts_with("2.") => {}
        _ => return Err(shape("is no SARIF 2 report: `version` says otherwise")),
    }
    let mut counts = RuleCounts::new();
    for run in require_list(&report, "runs")? {
        // A run without results did not look; one that found nothing has an empty list.
        let results = run.get("results").and_then(Value::as_array);
        let results =
            results.ok_or_else(|| shape("has a run without `results`: it did not run"))?;
        for result in results {
            count(run, result, &mut counts);
        }
    }
    Ok(Measured::Findings(counts))
}

fn count(run: &Value, result: &Value, counts: &mut RuleCounts) {
    let is_suppressed = result
        .get("suppressions")
        .and_then(Value::as_array)
        .is_some_and(|list| list.iter().any(is_accepted));
    let kind = text(result, "kind").unwrap_or("fail");
    if is_suppressed || kind != "fail" {
        return;
    }
    let rule = rule_of(run, result);
    let id = text(result, "ruleId")
        .or_else(|| text(rule?, "id"))
        .unwrap_or("unnamed");
    let stated = text(result, "level");
    let usual = || text(rule?.get("defaultConfiguration")?, "level");
    let level = match stated.or_else(usual).unwrap_or("warning") {
        "error" => Level::Error,
        "warning" => Level::Warning,
        _ => return,
    };
    let at = result.pointer("/locations/0/physicalLocation");
    let path = at.and_then(|at| text(at.get("artifactLocation")?, "uri"));
    let line = at.and_then(|at| at.pointer("/region/startLine")?.as_u64());
    let message = result.pointer("/message/text").and_then(Value::as_str);
    add(counts, id, level, || place(path, line, message));
}

/// A suppression counts when nobody has still to agree to it.
fn is_accepted(suppression: &Value) -> bool {
    matches!(text(suppression, "status"), None | Some("accepted"))
}

/// The rule that a result names by number or by name.
fn rule_of<'a>(run: &'a Value, result: &Value) -> Option<&'a Value> {
    let rules = run.pointer("/tool/driver/rules")?.as_array()?;
    if let Some(index) = result.get("ruleIndex").and_then(Value::as_u64) {
        return rules.get(usize::try_from(index).ok()?);
    }
    let id = text(result, "ruleId")?;
    rules.iter().find(|rule| text(rule, "id") == Some(id))
}
