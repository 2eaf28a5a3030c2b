//! Findings for people: what, where with the line itself, why, next.

use pubflow_finding::{Finding, Severity};

use super::clean::{clean, clean_line};
use super::excerpt::Sources;
use super::filled::filled;
use super::style::Style;

/// Columns of running text behind the name of a part.
const WIDTH: usize = 88;

/// Findings of one subject, which is shown as `path` where a finding has no place of its own.
pub(crate) fn findings_text(path: &str, findings: &[&Finding], style: Style) -> String {
    let mut sources = Sources::default();
    let texts = findings
        .iter()
        .map(|finding| finding_text(path, finding, &mut sources, style));
    texts.collect::<Vec<_>>().join("\n")
}

/// What to do: in the words of the finding, else in those of its rule.
pub(super) fn next_step(finding: &Finding) -> &str {
    let rule = finding.rule;
    finding.next.as_deref().unwrap_or(rule.cure)
}

fn finding_text(path: &str, finding: &Finding, sources: &mut Sources, style: Style) -> String {
    let heading = format!("{}[{}]", finding.severity, finding.rule.code);
    let heading = match finding.severity {
        Severity::Error => style.red(&heading),
        Severity::Warning => style.yellow(&heading),
        Severity::Note => style.bold(&heading),
    };
    let mut text = format!("{heading}: {}\n", style.bold(&clean_line(&finding.message)));
    let location = finding.location();
    let location = if location.is_empty() { path } else { &location };
    let place = match &finding.place.field {
        Some(field) => format!("{location}, {field}"),
        None => location.to_owned(),
    };
    part(&mut text, "where", &clean_line(&place), style);
    if let (Some(line), None) = (finding.place.line, &finding.place.member) {
        let place = &finding.place;
        let excerpt = sources.excerpt(&place.path, line, place.column, style);
        text.push_str(&excerpt.unwrap_or_default());
    }
    if let Some(why) = &finding.why {
        part(&mut text, "why", &clean(why), style);
    }
    let by_tool = finding.fix.as_ref().map(|fix| match fix.safe {
        true => "; `pubflow check --fix` does it",
        false => "; `pubflow check --unsafe-fixes` does it",
    });
    let next = format!("{}{}", next_step(finding), by_tool.unwrap_or_default());
    part(&mut text, "next", &clean(&next), style);
    if let Some(command) = &finding.by_hand {
        // One line, to be copied.
        let name = style.dim("by hand:");
        text.push_str(&format!("  {name} {}\n", clean_line(command)));
    }
    let refused: Vec<&str> = finding.refused_by.iter().map(|by| by.as_str()).collect();
    if !refused.is_empty() {
        part(&mut text, "refused by", &refused.join(", "), style);
    }
    text
}

fn part(text: &mut String, name: &str, words: &str, style: Style) {
    let name = format!("{:<6}", format!("{name}:"));
    let lines: Vec<String> = words
        .trim_end()
        .lines()
        .map(|line| match line.starts_with(' ') {
            // A quoted block keeps its shape.
            true => line.to_owned(),
            false => filled(line, WIDTH),
        })
        .collect();
    let words = lines.join("\n").replace('\n', "\n         ");
    text.push_str(&format!("  {} {words}\n", style.dim(&name)));
}

/// `1 error`, `2 errors`.
pub(super) fn counted(n: usize, what: &str) -> String {
    match n {
        1 => format!("1 {what}"),
        n => format!("{n} {what}s"),
    }
}
