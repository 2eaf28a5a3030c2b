//! `--format text`: for people at a terminal.

use std::collections::BTreeMap;

use pubflow_check::SubjectReport;
use pubflow_finding::{Finding, Severity};

use super::clean::clean_line;
use super::findings::{counted, findings_text};
use super::formats::CheckResult;
use super::table::table;

pub(super) fn render(result: &CheckResult) -> String {
    let mut text = String::new();
    for finding in result.cured {
        let fixed = result.style.green(&format!("fixed[{}]", finding.rule.code));
        let place = clean_line(&finding.location());
        text.push_str(&format!(
            "{fixed}: {} ({place})\n",
            clean_line(&finding.message)
        ));
    }
    if result.statistics {
        text.push_str(&statistics(result));
    } else {
        for subject in result.subjects {
            text.push_str(&subject_text(result, subject));
        }
    }
    text.push_str(&summary(result));
    text
}

fn subject_text(result: &CheckResult, subject: &SubjectReport) -> String {
    let path = clean_line(&subject.path.display().to_string());
    let shown = result.shown(subject);
    let verdict = match subject.passes(result.strict) {
        true => result.style.green("pass"),
        false => result.style.red("fail"),
    };
    let mut text = format!("{verdict} {path} ({})\n", subject.kind.as_str());
    text.push_str(&findings_text(&path, &shown, result.style));
    if !shown.is_empty() {
        text.push('\n');
    }
    text
}

/// How often each rule was broken, the most frequent first.
fn statistics(result: &CheckResult) -> String {
    let mut counts: BTreeMap<&str, (usize, usize, &Finding)> = BTreeMap::new();
    for finding in result
        .subjects
        .iter()
        .flat_map(|subject| result.shown(subject))
    {
        let count = counts.entry(finding.rule.code).or_insert((0, 0, finding));
        count.0 += 1;
        count.1 += usize::from(finding.fix.is_some());
    }
    let mut counts: Vec<_> = counts.into_values().collect();
    counts.sort_by_key(|(n, _, finding)| (std::cmp::Reverse(*n), finding.rule.code));
    let row = |(n, n_fixable, finding): &(usize, usize, &Finding)| {
        vec![
            n.to_string(),
            finding.rule.code.to_owned(),
            finding.severity.to_string(),
            n_fixable.to_string(),
            finding.rule.name.to_owned(),
        ]
    };
    let rows: Vec<Vec<String>> = counts.iter().map(row).collect();
    if rows.is_empty() {
        return String::new();
    }
    table(&["count", "code", "severity", "fixable", "name"], &rows)
}

fn summary(result: &CheckResult) -> String {
    let findings = || result.subjects.iter().flat_map(|subject| &subject.findings);
    let count = |severity| {
        findings()
            .filter(|finding| finding.severity == severity)
            .count()
    };
    let (n_errors, n_warnings) = (count(Severity::Error), count(Severity::Warning));
    let n_notes = count(Severity::Note);
    let counts = format!(
        "{}, {}",
        counted(n_errors, "error"),
        counted(n_warnings, "warning")
    );
    let counts = match (n_errors, n_warnings) {
        (0, 0) => result.style.green(&counts),
        (0, _) => result.style.yellow(&counts),
        _ => result.style.red(&counts),
    };
    let mut text = format!("{} checked: {counts}", result.subjects.len());
    if n_notes > 0 {
        text.push_str(&format!(", {}", counted(n_notes, "note")));
        text.push_str(if result.notes {
            ""
        } else {
            " (--notes shows them)"
        });
    }
    let n_ignored: usize = result
        .subjects
        .iter()
        .map(|subject| subject.n_ignored)
        .sum();
    if n_ignored > 0 {
        text.push_str(&format!(", {n_ignored} ignored"));
    }
    text.push('\n');
    let fixable = |safe| {
        let is = |finding: &&Finding| finding.fix.as_ref().is_some_and(|fix| fix.safe == safe);
        findings().filter(is).count()
    };
    let fixes = match (fixable(true), fixable(false)) {
        (0, 0) => None,
        (0, n) => Some(format!(
            "{n} can be fixed with --unsafe-fixes, if you agree with --diff"
        )),
        (n, 0) => Some(format!("{n} can be fixed with --fix; --diff shows how")),
        (n, m) => Some(format!(
            "{n} can be fixed with --fix, {m} more with --unsafe-fixes; --diff shows how"
        )),
    };
    if let Some(fixes) = fixes {
        text.push_str(&format!("{fixes}\n"));
    }
    let worst = findings().filter(|finding| finding.severity > Severity::Note);
    if let Some(finding) = worst.max_by_key(|finding| finding.severity) {
        let code = finding.rule.code;
        text.push_str(&format!("`pubflow rule {code}` explains a finding\n"));
    }
    text
}
