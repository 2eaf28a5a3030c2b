//! `--format junit`: a test report; a subject is a suite, a finding a test case.

use pubflow_check::SubjectReport;
use pubflow_finding::Finding;

use super::clean::clean;
use super::findings::next_step;
use super::formats::CheckResult;

pub(super) fn render(result: &CheckResult) -> String {
    let suites: String = result
        .subjects
        .iter()
        .map(|subject| suite(result, subject))
        .collect();
    let (mut n_cases, mut n_failures) = (0, 0);
    for subject in result.subjects {
        let (cases, failures) = counts(result, subject);
        (n_cases, n_failures) = (n_cases + cases, n_failures + failures);
    }
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <testsuites name=\"pubflow check\" tests=\"{n_cases}\" failures=\"{n_failures}\" errors=\"0\">\n\
         {suites}</testsuites>\n"
    )
}

/// Test cases and failures of a subject; one without findings is one case that passed.
fn counts(result: &CheckResult, subject: &SubjectReport) -> (usize, usize) {
    let shown = result.shown(subject);
    let n_failures = shown.iter().filter(|finding| result.fails(finding)).count();
    (shown.len().max(1), n_failures)
}

fn suite(result: &CheckResult, subject: &SubjectReport) -> String {
    let path = subject.path.display().to_string();
    let (n_cases, n_failures) = counts(result, subject);
    let mut text = format!(
        "  <testsuite name=\"{}\" tests=\"{n_cases}\" failures=\"{n_failures}\" errors=\"0\" skipped=\"0\">\n",
        escaped(&path)
    );
    let shown = result.shown(subject);
    if shown.is_empty() {
        let case = format!(
            "    <testcase classname=\"{}\" name=\"pubflow check\"/>\n",
            escaped(&path)
        );
        text.push_str(&case);
    }
    for finding in shown {
        text.push_str(&case(&path, finding, result.fails(finding)));
    }
    text.push_str("  </testsuite>\n");
    text
}

fn case(path: &str, finding: &Finding, fails: bool) -> String {
    let rule = finding.rule;
    let mut lines = vec![finding.location()];
    lines.extend(finding.why.as_ref().map(|why| format!("why: {why}")));
    lines.push(format!("next: {}", next_step(finding)));
    let body = escaped(&lines.join("\n"));
    let message = escaped(&finding.message);
    let severity = finding.severity;
    let outcome = match fails {
        true => format!("<failure type=\"{severity}\" message=\"{message}\">{body}</failure>"),
        false => format!("<system-out>{severity}: {message}\n{body}</system-out>"),
    };
    format!(
        "    <testcase classname=\"{}\" name=\"{} {}\">{outcome}</testcase>\n",
        escaped(path),
        rule.code,
        rule.name
    )
}

/// A text for XML, where most control characters cannot stand even as a reference.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in clean(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}
