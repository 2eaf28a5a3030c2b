//! The readiness for a terminal.

use super::super::style::Style;
use super::super::table::table;
use super::{ReadinessDocument, Verdict, short};

/// The whole report, what stands against the release first.
pub(crate) fn readiness_text(document: &ReadinessDocument, style: Style) -> String {
    let words = document.verdict.words();
    let verdict = match document.verdict {
        Verdict::Ready => style.green(words),
        Verdict::ReadyWithWaivers => style.yellow(words),
        Verdict::NotReady => style.red(words),
    };
    let mut text = format!("{} is {verdict}\n", style.bold(&document.title()));
    if let Some(manifest) = &document.manifest {
        text.push_str(&format!("manifest {manifest}\n"));
    }
    if !document.blockers.is_empty() {
        text.push_str(&heading("Blockers", style));
        for blocker in &document.blockers {
            text.push_str(&format!("{}: {}\n", blocker.kind.word(), blocker.what));
            text.push_str(&format!("  next: {}\n", blocker.next));
        }
    }
    if !document.waivers.is_empty() {
        text.push_str(&heading("Waivers", style));
        for waiver in &document.waivers {
            let line = format!(
                "{}: {} ({}, {})\n",
                waiver.step, waiver.reason, waiver.writer, waiver.at
            );
            text.push_str(&line);
        }
    }
    if !document.gates.is_empty() {
        text.push_str(&heading("Gates", style));
        let rows: Vec<Vec<String>> = document.gates.iter().map(gate_cells).collect();
        text.push_str(&table(&["gate", "result", "s", "counts"], &rows));
    }
    if let Some(checks) = &document.checks {
        text.push_str(&heading("Checks of the sealed files", style));
        let (errors, warnings, waived) = (checks.errors, checks.warnings, checks.waived);
        text.push_str(&format!(
            "{errors} errors, {warnings} warnings, {waived} waived\n"
        ));
    }
    if !document.checklist.is_empty() {
        text.push_str(&heading("Checklist", style));
        let rows = document.checklist.iter().map(|item| {
            let by = item
                .by
                .clone()
                .or_else(|| item.owner.clone())
                .unwrap_or_default();
            vec![
                item.status.clone(),
                item.group.clone(),
                item.id.clone(),
                item.text.clone(),
                by,
            ]
        });
        let rows: Vec<Vec<String>> = rows.collect();
        text.push_str(&table(&["", "group", "item", "what", "by"], &rows));
    }
    push_people(document, style, &mut text);
    if !document.recommendation.is_empty() {
        text.push_str(&heading("Recommendation", style));
        for line in &document.recommendation {
            text.push_str(&format!("{line}\n"));
        }
    }
    text
}

fn push_people(document: &ReadinessDocument, style: Style, text: &mut String) {
    if !document.risks.is_empty() {
        text.push_str(&heading("Risks", style));
        let rows = document.risks.iter().map(|risk| {
            let mitigation = risk.mitigation.clone().unwrap_or_default();
            vec![
                risk.level.clone(),
                risk.status.clone(),
                risk.risk.clone(),
                mitigation,
            ]
        });
        let rows: Vec<Vec<String>> = rows.collect();
        text.push_str(&table(&["level", "status", "risk", "mitigation"], &rows));
    }
    if !document.approvals.is_empty() {
        text.push_str(&heading("Approvals", style));
        let rows = document.approvals.iter().map(|approval| {
            let counts = if approval.counts { "counts" } else { "void" };
            let until = approval.until.clone().unwrap_or_else(|| "-".to_owned());
            let digest = short(&approval.manifest).to_owned();
            vec![
                counts.to_owned(),
                approval.by.clone(),
                approval.index.clone(),
                digest,
                until,
            ]
        });
        let rows: Vec<Vec<String>> = rows.collect();
        text.push_str(&table(&["", "by", "index", "manifest", "until"], &rows));
    }
    for note in &document.notes {
        text.push_str(&format!("\nnote: {note}\n"));
    }
}

fn gate_cells(gate: &super::GateJson) -> Vec<String> {
    let said = match &gate.message {
        Some(message) => message.clone(),
        None => gate.summary(),
    };
    let seconds = gate.seconds().unwrap_or("-").to_owned();
    vec![gate.name.clone(), gate.status.clone(), seconds, said]
}

fn heading(text: &str, style: Style) -> String {
    format!("\n{}\n", style.bold(text))
}
