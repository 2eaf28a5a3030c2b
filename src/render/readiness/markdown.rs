//! The readiness as Markdown, for job summaries, issues and release notes.

use super::{ReadinessDocument, short};

/// The whole report.
pub(crate) fn readiness_markdown(document: &ReadinessDocument) -> String {
    let verdict = document.verdict.words();
    let mut text = format!("# {}: {verdict}\n", cell(&document.title()));
    if let Some(manifest) = &document.manifest {
        text.push_str(&format!("\nManifest `{manifest}`\n"));
    }
    if !document.blockers.is_empty() {
        text.push_str("\n## Blockers\n\n");
        for blocker in &document.blockers {
            let (what, next) = (cell(&blocker.what), cell(&blocker.next));
            text.push_str(&format!(
                "- **{}**: {what}. Next: {next}\n",
                blocker.kind.word()
            ));
        }
    }
    let rows = document.waivers.iter();
    let rows =
        rows.map(|waiver| vec![&*waiver.step, &*waiver.reason, &*waiver.writer, &*waiver.at]);
    section("Waivers", &["step", "reason", "by", "at"], rows, &mut text);
    let said: Vec<String> = document
        .gates
        .iter()
        .map(|gate| gate.message.clone().unwrap_or_else(|| gate.summary()))
        .collect();
    let rows = document.gates.iter().zip(&said);
    let rows = rows.map(|(gate, said)| {
        vec![
            &*gate.name,
            &*gate.status,
            gate.seconds().unwrap_or("-"),
            said.as_str(),
        ]
    });
    section("Gates", &["gate", "result", "s", "counts"], rows, &mut text);
    if let Some(checks) = &document.checks {
        let (errors, warnings, waived) = (checks.errors, checks.warnings, checks.waived);
        let line = format!("{errors} errors, {warnings} warnings, {waived} waived");
        text.push_str(&format!("\n## Checks of the sealed files\n\n{line}\n"));
    }
    let rows = document.checklist.iter().map(|item| {
        let by = item.by.as_deref().or(item.owner.as_deref()).unwrap_or("");
        vec![&*item.status, &*item.group, &*item.text, by]
    });
    section("Checklist", &["", "group", "item", "by"], rows, &mut text);
    push_people(document, &mut text);
    text
}

fn push_people(document: &ReadinessDocument, text: &mut String) {
    let rows = document.risks.iter().map(|risk| {
        let mitigation = risk.mitigation.as_deref().unwrap_or("");
        vec![&*risk.level, &*risk.status, &*risk.risk, mitigation]
    });
    section(
        "Risks",
        &["level", "status", "risk", "mitigation"],
        rows,
        text,
    );
    let rows = document.approvals.iter().map(|approval| {
        let counts = if approval.counts { "counts" } else { "void" };
        let until = approval.until.as_deref().unwrap_or("-");
        vec![
            counts,
            &*approval.by,
            &*approval.index,
            short(&approval.manifest),
            until,
        ]
    });
    section(
        "Approvals",
        &["", "by", "index", "manifest", "until"],
        rows,
        text,
    );
    let rows: Vec<[String; 3]> = document
        .files
        .iter()
        .map(|file| {
            [
                file.filename.clone(),
                file.size.to_string(),
                file.sha256.clone(),
            ]
        })
        .collect();
    let rows = rows
        .iter()
        .map(|row| row.iter().map(String::as_str).collect());
    section("Files", &["file", "bytes", "sha256"], rows, text);
    for (title, lines) in [
        ("Notes", &document.notes),
        ("Recommendation", &document.recommendation),
    ] {
        if !lines.is_empty() {
            text.push_str(&format!("\n## {title}\n\n"));
            for line in lines {
                text.push_str(&format!("- {}\n", cell(line)));
            }
        }
    }
}

fn section<'a>(
    title: &str,
    heading: &[&str],
    rows: impl Iterator<Item = Vec<&'a str>>,
    text: &mut String,
) {
    let rows: Vec<String> = rows
        .map(|row| {
            let cells: Vec<String> = row.into_iter().map(cell).collect();
            format!("| {} |\n", cells.join(" | "))
        })
        .collect();
    if rows.is_empty() {
        return;
    }
    let rule = vec!["---"; heading.len()].join(" | ");
    text.push_str(&format!(
        "\n## {title}\n\n| {} |\n| {rule} |\n",
        heading.join(" | ")
    ));
    text.push_str(&rows.concat());
}

/// A text that stays in its cell and is no markup; what reports say is not ours.
fn cell(text: &str) -> String {
    let mut escaped = String::new();
    for character in text.chars() {
        match character {
            '\n' | '\r' => escaped.push(' '),
            '|' | '\\' | '*' | '_' | '[' | ']' | '#' => {
                escaped.push('\\');
                escaped.push(character);
            }
            '<' => escaped.push_str("&lt;"),
            '&' => escaped.push_str("&amp;"),
            _ => escaped.push(character),
        }
    }
    escaped
}
