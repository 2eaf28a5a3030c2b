//! What `pubflow verify` prints: for people, as JSON, as a JUnit report, as Markdown.

use pubflow_finding::{Finding, Severity};
use pubflow_python::verify::{CheckOutcome, Outcome, VerifySubject};
use serde::Serialize;

use super::finding_json::FindingJson;
use super::findings::{counted, findings_text, next_step};
use super::formats::json_text;
use super::progress::seconds;
use super::style::Style;
use super::table::table;
use super::{junit, markdown};
use crate::cli::Format;

/// A result in one of the formats of `verify`.
pub(crate) fn verification(subjects: &[VerifySubject], format: Format, style: Style) -> String {
    match format {
        Format::Json => json_text(&VerifyDocument::new(subjects)),
        Format::Junit => junit_report(subjects),
        Format::Markdown => markdown_report(subjects),
        _ => text(subjects, style),
    }
}

/// One subject for each file, interpreter and extra.
#[derive(Debug, Serialize)]
struct VerifyDocument {
    schema: u32,
    subjects: Vec<VerifyJson>,
}

#[derive(Debug, Serialize)]
struct VerifyJson {
    path: String,
    python: Option<String>,
    extra: Option<String>,
    /// `installed`, or `static` where it fits no interpreter of this machine.
    mode: &'static str,
    verdict: &'static str,
    checks: Vec<CheckJson>,
    findings: Vec<FindingJson>,
}

#[derive(Debug, Serialize)]
struct CheckJson {
    name: &'static str,
    outcome: String,
    detail: String,
    seconds: f64,
    codes: Vec<&'static str>,
}

impl VerifyDocument {
    fn new(subjects: &[VerifySubject]) -> Self {
        let subject = |subject: &VerifySubject| VerifyJson {
            path: subject.path.display().to_string(),
            python: subject.python.clone(),
            extra: subject.extra.clone(),
            mode: match subject.python {
                Some(_) => "installed",
                None => "static",
            },
            verdict: verdict(subject),
            checks: subject.checks.iter().map(check_json).collect(),
            findings: subject.findings.iter().map(FindingJson::from).collect(),
        };
        Self {
            schema: super::SCHEMA,
            subjects: subjects.iter().map(subject).collect(),
        }
    }
}

fn check_json(check: &CheckOutcome) -> CheckJson {
    CheckJson {
        name: check.name,
        outcome: outcome(check),
        detail: check.detail.clone(),
        seconds: check.duration.as_secs_f64(),
        codes: check.findings.iter().map(|one| one.rule.code).collect(),
    }
}

fn fails(subject: &VerifySubject) -> bool {
    subject.worst() == Some(Severity::Error)
}

fn verdict(subject: &VerifySubject) -> &'static str {
    match fails(subject) {
        true => "fail",
        false => "pass",
    }
}

fn outcome(check: &CheckOutcome) -> String {
    match check.outcome {
        Outcome::Passed => "pass".to_owned(),
        Outcome::Found(severity) => severity.to_string(),
        Outcome::Skipped => "skipped".to_owned(),
    }
}

fn file_name(subject: &VerifySubject) -> String {
    let name = subject.path.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

/// Where and with what it was tried: `on cpython-3.12.1 with the extra all`.
fn circumstances(subject: &VerifySubject) -> String {
    let Some(python) = &subject.python else {
        return "by its bytes alone".to_owned();
    };
    match &subject.extra {
        None => format!("on {python}"),
        Some(extra) => format!("on {python} with the extra {extra}"),
    }
}

fn text(subjects: &[VerifySubject], style: Style) -> String {
    let mut text = String::new();
    for subject in subjects {
        let verdict = match fails(subject) {
            true => style.red("fail"),
            false => style.green("pass"),
        };
        let name = file_name(subject);
        text.push_str(&format!("{verdict} {name} {}\n", circumstances(subject)));
        let rows: Vec<Vec<String>> = subject
            .checks
            .iter()
            .map(|check| {
                vec![
                    format!("  {}", check.name),
                    outcome(check),
                    seconds(check.duration),
                    check.detail.clone(),
                ]
            })
            .collect();
        if !rows.is_empty() {
            text.push_str(&table(&["  check", "result", "time", ""], &rows));
        }
        let findings: Vec<_> = subject.findings.iter().collect();
        text.push_str(&findings_text(&name, &findings, style));
    }
    if subjects.len() > 1 {
        text.push_str(&format!("{}\n", summary(subjects)));
    }
    text
}

/// How many were installed and how many were only read.
fn summary(subjects: &[VerifySubject]) -> String {
    let part = |is_installed: bool, words: &str| {
        let mine = || {
            subjects
                .iter()
                .filter(|one| one.python.is_some() == is_installed)
        };
        let n_failed = mine().filter(|subject| fails(subject)).count();
        match (mine().count(), n_failed) {
            (0, _) => None,
            (n, 0) => Some(format!("{} {words}: all passed", counted(n, "subject"))),
            (n, failed) => Some(format!(
                "{} {words}: {failed} failed",
                counted(n, "subject")
            )),
        }
    };
    let parts = [
        part(true, "installed"),
        part(false, "that fit no interpreter here, by their bytes alone"),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join("; ")
}

/// A suite for each subject, a test case for each thing that was looked at.
fn junit_report(subjects: &[VerifySubject]) -> String {
    let cases = |subject: &VerifySubject| subject.checks.len().max(1);
    let failures = |subject: &VerifySubject| match subject.checks.is_empty() {
        true => usize::from(fails(subject)),
        false => subject.checks.iter().filter(|one| is_failure(one)).count(),
    };
    let total = |count: &dyn Fn(&VerifySubject) -> usize| subjects.iter().map(count).sum::<usize>();
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <testsuites name=\"pubflow verify\" tests=\"{}\" failures=\"{}\" errors=\"0\">\n",
        total(&cases),
        total(&failures)
    );
    for subject in subjects {
        let name = format!("{} {}", subject.path.display(), circumstances(subject));
        let name = junit::escaped(&name);
        let skipped = subject.checks.iter();
        let n_skipped = skipped
            .filter(|one| one.outcome == Outcome::Skipped)
            .count();
        let took: f64 = subject
            .checks
            .iter()
            .map(|one| one.duration.as_secs_f64())
            .sum();
        text.push_str(&format!(
            "  <testsuite name=\"{name}\" tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"{n_skipped}\" time=\"{took:.3}\">\n",
            cases(subject),
            failures(subject),
        ));
        if subject.checks.is_empty() {
            let outcome = junit_outcome(&subject.findings);
            text.push_str(&format!(
                "    <testcase classname=\"{name}\" name=\"static\">{outcome}</testcase>\n"
            ));
        }
        for check in &subject.checks {
            let outcome = match check.outcome {
                Outcome::Skipped => {
                    format!("<skipped message=\"{}\"/>", junit::escaped(&check.detail))
                }
                _ => junit_outcome(&check.findings),
            };
            text.push_str(&format!(
                "    <testcase classname=\"{name}\" name=\"{}\" time=\"{:.3}\">{outcome}</testcase>\n",
                check.name,
                check.duration.as_secs_f64()
            ));
        }
        text.push_str("  </testsuite>\n");
    }
    text + "</testsuites>\n"
}

fn is_failure(check: &CheckOutcome) -> bool {
    check.outcome == Outcome::Found(Severity::Error)
}

/// The findings of one test case: a failure when one is an error, output otherwise.
fn junit_outcome(findings: &[Finding]) -> String {
    let Some(worst) = findings.iter().max_by_key(|finding| finding.severity) else {
        return String::new();
    };
    let bodies: Vec<String> = findings.iter().map(finding_lines).collect();
    let body = junit::escaped(&bodies.join("\n\n"));
    match worst.severity {
        Severity::Error => format!(
            "<failure type=\"{}\" message=\"{}\">{body}</failure>",
            worst.rule.code,
            junit::escaped(&worst.message)
        ),
        _ => format!("<system-out>{body}</system-out>"),
    }
}

fn finding_lines(finding: &Finding) -> String {
    let mut lines = vec![
        format!(
            "{}[{}]: {}",
            finding.severity, finding.rule.code, finding.message
        ),
        format!("where: {}", finding.location()),
    ];
    lines.extend(finding.why.as_ref().map(|why| format!("why: {why}")));
    lines.push(format!("next: {}", next_step(finding)));
    lines.extend(
        finding
            .by_hand
            .as_ref()
            .map(|line| format!("by hand: {line}")),
    );
    lines.join("\n")
}

/// A table of all subjects, then what was found.
fn markdown_report(subjects: &[VerifySubject]) -> String {
    let n_failed = subjects.iter().filter(|subject| fails(subject)).count();
    let verdict = match n_failed {
        0 => format!("{} passed", counted(subjects.len(), "subject")),
        n => format!("{n} of {} failed", counted(subjects.len(), "subject")),
    };
    let mut text = format!(
        "## pubflow verify: {verdict}\n\n| | file | tried | errors | warnings | time |\n| --- | --- | --- | --- | --- | --- |\n"
    );
    for subject in subjects {
        let found = |severity| {
            let findings = subject.findings.iter();
            findings.filter(|one| one.severity == severity).count()
        };
        let took = subject.checks.iter().map(|one| one.duration).sum();
        text.push_str(&format!(
            "| {} | {} | {} | {} | {} | {} |\n",
            verdict_word(subject),
            markdown::code(&file_name(subject)),
            circumstances(subject),
            found(Severity::Error),
            found(Severity::Warning),
            seconds(took),
        ));
    }
    for subject in subjects {
        let shown = subject.findings.iter();
        let shown: Vec<_> = shown.filter(|one| one.severity > Severity::Note).collect();
        if shown.is_empty() {
            continue;
        }
        text.push_str(&format!(
            "\n### {} {}\n\n| | rule | what | next | by hand |\n| --- | --- | --- | --- | --- |\n",
            markdown::code(&file_name(subject)),
            circumstances(subject)
        ));
        for finding in shown {
            text.push_str(&format!(
                "| {} | {} {} | {} | {} | {} |\n",
                finding.severity,
                finding.rule.code,
                finding.rule.name,
                markdown::cell(&finding.message),
                markdown::cell(next_step(finding)),
                markdown::code(finding.by_hand.as_deref().unwrap_or_default()),
            ));
        }
    }
    text
}

fn verdict_word(subject: &VerifySubject) -> &'static str {
    match (verdict(subject), &subject.python) {
        ("fail", _) => "**fail**",
        (_, None) => "static",
        _ => "pass",
    }
}
