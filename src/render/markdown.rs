//! `--format markdown`: for job summaries and comments on changes.

use pubflow_check::SubjectReport;

use super::clean::clean_line;
use super::findings::{counted, next_step};
use super::formats::CheckResult;

pub(crate) fn render(result: &CheckResult) -> String {
    let n_failed = result
        .subjects
        .iter()
        .filter(|subject| !subject.passes(result.strict))
        .count();
    let verdict = match n_failed {
        0 => format!("{} passed", counted(result.subjects.len(), "subject")),
        n => format!(
            "{n} of {} failed",
            counted(result.subjects.len(), "subject")
        ),
    };
    let mut text = format!("## pubflow check: {verdict}\n");
    for subject in result.subjects {
        text.push_str(&section(result, subject));
    }
    text
}

fn section(result: &CheckResult, subject: &SubjectReport) -> String {
    let verdict = match subject.passes(result.strict) {
        true => "pass",
        false => "fail",
    };
    let path = code(&subject.path.display().to_string());
    let mut text = format!("\n### {verdict}: {path}\n\n");
    let shown = result.shown(subject);
    if shown.is_empty() {
        text.push_str("Nothing was found.\n");
        return text;
    }
    text.push_str("| | rule | where | what | next |\n| --- | --- | --- | --- | --- |\n");
    for finding in shown {
        let place = &finding.place;
        let member = place.member.clone().unwrap_or_default();
        let line = place.line.map(|line| format!("line {line}"));
        let parts = [
            Some(member).filter(|member| !member.is_empty()),
            line,
            place.field.clone(),
        ];
        let place: Vec<String> = parts
            .into_iter()
            .flatten()
            .map(|part| code(&part))
            .collect();
        text.push_str(&format!(
            "| {} | {} {} | {} | {} | {} |\n",
            finding.severity,
            finding.rule.code,
            finding.rule.name,
            place.join(", "),
            cell(&finding.message),
            cell(next_step(finding)),
        ));
    }
    text
}

/// Text of a cell. Code stays code; everything else that Markdown or HTML would take for its own is
/// escaped, so that a value of a file cannot put links or pictures into a summary.
pub(super) fn cell(text: &str) -> String {
    let text = clean_line(text);
    let is_paired = text.matches('`').count().is_multiple_of(2);
    let mut out = String::new();
    for (number, part) in text.split('`').enumerate() {
        let is_code = is_paired && !number.is_multiple_of(2);
        match is_code {
            true => out.push_str(&code(part)),
            false => out.push_str(&escaped(part)),
        }
    }
    out
}

/// Text as code, so that nothing in it is taken for Markdown.
pub(super) fn code(text: &str) -> String {
    let text = clean_line(text).replace('`', "'").replace('|', "\\|");
    match text.trim().is_empty() {
        true => String::new(),
        false => format!("`{text}`"),
    }
}

fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '&' => out.push_str("&amp;"),
            '|' | '[' | ']' | '*' | '_' | '\\' | '!' | '#' | '`' | '~' | '@' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stay_text() {
        assert_eq!(cell("`a|b` is no key"), "`a\\|b` is no key");
        assert_eq!(cell("![x](y) <img> |"), "\\!\\[x\\](y) &lt;img> \\|");
        assert_eq!(cell("odd ` tick"), "odd  tick");
    }
}
