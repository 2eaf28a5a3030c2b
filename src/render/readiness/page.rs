//! The readiness as one page for a browser: no scripts, nothing fetched, light and dark as the reader
//! has it. Everything that tools or people wrote is escaped.

use super::super::html::escape;
use super::super::size::size;
use super::{BlockerKind, ReadinessDocument, SpanJson, Verdict, short};

const STYLE: &str = include_str!("page.css");
/// A pause between two things that is longer than this is drawn as a gap, not to scale.
const PAUSE: f64 = 15.0 * 60.0;

/// The whole page.
pub(crate) fn readiness_page(document: &ReadinessDocument) -> String {
    let title = escape(&document.title());
    let verdict = document.verdict.words();
    let colour = match document.verdict {
        Verdict::Ready => "good",
        Verdict::ReadyWithWaivers => "warn",
        Verdict::NotReady => "bad",
    };
    let mut body = format!(
        "<header><h1>{title}</h1><span class=\"verdict {colour}\">{verdict}</span></header>\n"
    );
    body.push_str(&facts(document));
    body.push_str(&tiles(document));
    body.push_str(&blockers(document));
    let recommendation: Vec<String> = document
        .recommendation
        .iter()
        .map(|line| escape(line))
        .collect();
    body.push_str(&section("Recommendation", "", &list(&recommendation)));
    body.push_str(&section("Waivers", "waits", &waivers(document)));
    body.push_str(&section("Gates", "", &gates(document)));
    body.push_str(&section("Checklist", "", &checklist(document)));
    body.push_str(&section("Risks", "", &risks(document)));
    body.push_str(&section("Approvals", "", &approvals(document)));
    let notes: Vec<String> = document.notes.iter().map(|line| escape(line)).collect();
    body.push_str(&section("Notes", "", &list(&notes)));
    body.push_str(&section("Timeline", "", &timeline(&document.timeline)));
    body.push_str(&section("Files", "", &files(document)));
    body.push_str(&section("Evidence", "", &evidence(document)));
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <title>{title}: {verdict}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n{body}\
         <footer>Written by pubflow {} at {} from what gates, checks and people recorded.</footer>\n</body>\n</html>\n",
        env!("CARGO_PKG_VERSION"),
        escape(&document.at),
    )
}

fn facts(document: &ReadinessDocument) -> String {
    let mut facts = Vec::new();
    if let Some(manifest) = &document.manifest {
        facts.push(format!("manifest <code>{}</code>", escape(manifest)));
    }
    if let Some(commit) = &document.commit {
        facts.push(format!("commit <code>{}</code>", escape(short(commit))));
    }
    facts.push(escape(&document.at));
    format!("<p class=\"facts\">{}</p>\n", facts.join(" · "))
}

/// What a reader counts first.
fn tiles(document: &ReadinessDocument) -> String {
    let passed = document
        .gates
        .iter()
        .filter(|gate| gate.status.starts_with("passed"));
    let mut tiles = vec![
        (document.blockers.len().to_string(), "blockers"),
        (
            format!("{} of {}", passed.count(), document.gates.len()),
            "gates passed",
        ),
    ];
    if let Some(checks) = &document.checks {
        tiles.push((checks.errors.to_string(), "errors in the files"));
    }
    if !document.checklist.is_empty() {
        tiles.push((document.open_items().count().to_string(), "open items"));
    }
    if !document.risks.is_empty() {
        tiles.push((document.open_risks().count().to_string(), "open risks"));
    }
    if !document.waivers.is_empty() {
        tiles.push((document.waivers.len().to_string(), "waivers"));
    }
    let tiles: Vec<String> = tiles
        .iter()
        .map(|(number, what)| {
            format!("<div class=\"tile\"><b>{number}</b><span>{what}</span></div>")
        })
        .collect();
    format!("<div class=\"tiles\">{}</div>\n", tiles.join(""))
}

fn blockers(document: &ReadinessDocument) -> String {
    let items: Vec<String> = document
        .blockers
        .iter()
        .map(|blocker| {
            let next = escape(&blocker.next);
            let what = escape(&blocker.what);
            format!(
                "<b>{}</b>: {what}<span class=\"next\">{next}</span>",
                blocker.kind.word()
            )
        })
        .collect();
    let only_waits = document
        .blockers
        .iter()
        .all(|blocker| blocker.kind == BlockerKind::Waiting);
    let class = if only_waits { "waits" } else { "stops" };
    section("Blockers", class, &list(&items))
}

fn waivers(document: &ReadinessDocument) -> String {
    let rows = document.waivers.iter().map(|waiver| {
        let step = format!("<td><code>{}</code></td>", escape(&waiver.step));
        step + &cells(&[&waiver.reason, &waiver.writer, &waiver.at])
    });
    table(&["step", "reason", "by", "at"], rows)
}

fn gates(document: &ReadinessDocument) -> String {
    let rows = document.gates.iter().map(|gate| {
        let said = gate.message.clone().unwrap_or_else(|| gate.summary());
        let seconds = gate.seconds().unwrap_or("–");
        format!("<td>{}</td>", escape(&gate.name))
            + &state(&gate.status)
            + &cells(&[&said, seconds])
    });
    table(&["gate", "result", "counts", "seconds"], rows)
}

fn checklist(document: &ReadinessDocument) -> String {
    let rows = document.checklist.iter().map(|item| {
        let by = item
            .by
            .as_deref()
            .or(item.owner.as_deref())
            .unwrap_or_default();
        state(&item.status) + &cells(&[&item.group, &item.text, by])
    });
    table(&["", "group", "item", "by"], rows)
}

fn risks(document: &ReadinessDocument) -> String {
    let rows = document.risks.iter().map(|risk| {
        let mitigation = risk.mitigation.as_deref().unwrap_or_default();
        let owner = risk.owner.as_deref().unwrap_or_default();
        state(&risk.level) + &cells(&[&risk.status, &risk.risk, mitigation, owner])
    });
    table(&["level", "status", "risk", "mitigation", "owner"], rows)
}

fn approvals(document: &ReadinessDocument) -> String {
    let rows = document.approvals.iter().map(|approval| {
        let counts = if approval.counts { "counts" } else { "void" };
        let until = approval.until.as_deref().unwrap_or("–");
        let manifest = format!(
            "<td><code>{}</code></td>",
            escape(short(&approval.manifest))
        );
        state(counts) + &cells(&[&approval.by, &approval.index]) + &manifest + &cells(&[until])
    });
    table(&["", "by", "index", "manifest", "until"], rows)
}

fn files(document: &ReadinessDocument) -> String {
    let rows = document.files.iter().map(|file| {
        let digest = format!("<td><code>{}</code></td>", escape(&file.sha256));
        cells(&[&file.filename, &size(file.size)]) + &digest
    });
    table(&["file", "size", "sha256"], rows)
}

fn evidence(document: &ReadinessDocument) -> String {
    let rows = document.evidence.iter().map(|evidence| {
        let details: Vec<String> = evidence
            .details
            .iter()
            .map(|(name, value)| format!("{} <code>{}</code>", escape(name), escape(value)))
            .collect();
        let details = format!("<td>{}</td>", details.join("<br>"));
        cells(&[&evidence.step, &evidence.unit]) + &details + &cells(&[&evidence.at])
    });
    table(&["step", "unit", "left behind", "at"], rows)
}

/// Bars to scale; what lies hours apart is drawn as groups with a gap between them.
fn timeline(spans: &[SpanJson]) -> String {
    let mut groups: Vec<Vec<&SpanJson>> = Vec::new();
    let mut end = f64::NEG_INFINITY;
    let mut pauses = Vec::new();
    for span in spans {
        if groups.is_empty() || span.offset - end > PAUSE {
            pauses.push(span.offset - end);
            groups.push(Vec::new());
        }
        end = end.max(span.offset + span.seconds);
        if let Some(group) = groups.last_mut() {
            group.push(span);
        }
    }
    let mut html = String::new();
    for (group, pause) in groups.iter().zip(pauses) {
        if pause.is_finite() {
            html.push_str(&format!("<p class=\"gap\">{} later</p>", length(pause)));
        }
        let start = group
            .iter()
            .map(|span| span.offset)
            .fold(f64::INFINITY, f64::min);
        let end = group
            .iter()
            .map(|span| span.offset + span.seconds)
            .fold(start, f64::max);
        let whole = (end - start).max(0.001);
        for span in group {
            let left = (span.offset - start) / whole * 100.0;
            let width = span.seconds / whole * 100.0;
            let name = match span.step.ends_with(&span.unit) || span.unit == "files" {
                true => span.step.clone(),
                false => format!("{} {}", span.step, span.unit),
            };
            html.push_str(&format!(
                "<div class=\"line\" title=\"{}\"><span>{}</span><span class=\"track\"><i class=\"{}\" style=\"left:{:.2}%;width:{:.2}%\"></i></span><span class=\"time\">{}</span></div>\n",
                escape(&span.begun),
                escape(&name),
                span.outcome,
                left.min(99.5),
                width.min(100.0 - left.min(99.5)),
                length(span.seconds)
            ));
        }
    }
    html
}

fn length(seconds: f64) -> String {
    match seconds {
        s if s < 0.1 => format!("{:.0} ms", s * 1000.0),
        s if s < 120.0 => format!("{s:.1} s"),
        s if s < 7200.0 => format!("{:.0} min", s / 60.0),
        s if s < 172_800.0 => format!("{:.0} h", s / 3600.0),
        s => format!("{:.0} days", s / 86_400.0),
    }
}

fn section(title: &str, class: &str, content: &str) -> String {
    match content.is_empty() {
        true => String::new(),
        false => format!("<section class=\"{class}\"><h2>{title}</h2>{content}</section>\n"),
    }
}

fn list(items: &[String]) -> String {
    if items.is_empty() {
        return String::new();
    }
    format!("<ul><li>{}</li></ul>", items.join("</li><li>"))
}

fn table(heading: &[&str], rows: impl Iterator<Item = String>) -> String {
    let rows: Vec<String> = rows.map(|row| format!("<tr>{row}</tr>\n")).collect();
    if rows.is_empty() {
        return String::new();
    }
    let heading: Vec<String> = heading
        .iter()
        .map(|cell| format!("<th>{cell}</th>"))
        .collect();
    format!(
        "<table><tr>{}</tr>\n{}</table>",
        heading.join(""),
        rows.concat()
    )
}

fn cells(texts: &[&str]) -> String {
    texts
        .iter()
        .map(|text| format!("<td>{}</td>", escape(text)))
        .collect()
}

/// A word whose colour says how good it is; the word says it too.
fn state(word: &str) -> String {
    let colour = match word {
        "passed" | "yes" | "APPROVED" | "counts" | "low" => "good",
        "failed" | "no" | "void" | "critical" | "high" | "stale" | "not run" => "bad",
        _ => "warn",
    };
    format!("<td class=\"state {colour}\">{}</td>", escape(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(offset: f64, seconds: f64, outcome: &'static str) -> SpanJson {
        SpanJson {
            step: "gate:<b>".to_owned(),
            unit: "x".to_owned(),
            begun: "2026-11-28T10:00:00Z".to_owned(),
            seconds,
            outcome,
            offset,
        }
    }

    #[test]
    fn bars_are_to_scale_and_pauses_are_gaps() {
        let html = timeline(&[
            span(0.0, 10.0, "done"),
            span(10.0, 30.0, "failed"),
            span(90_000.0, 1.0, "done"),
        ]);
        assert!(html.contains("left:0.00%;width:25.00%"), "{html}");
        assert!(
            html.contains("class=\"failed\" style=\"left:25.00%;width:75.00%\""),
            "{html}"
        );
        assert!(html.contains("<p class=\"gap\">25 h later</p>"), "{html}");
        assert!(
            html.contains("gate:&lt;b&gt; x") && !html.contains("<b>"),
            "{html}"
        );
        assert_eq!(timeline(&[]), "");
    }
}
