//! Every rule of every crate in one list, and the page that documents them.

use pubflow_finding::Rule;

/// All rules, ordered by code.
#[must_use]
pub fn rules() -> Vec<&'static Rule> {
    let mut rules = pubflow_check::rules();
    rules.extend(pubflow_python::verify::RULES);
    rules.extend(crate::preflight::rules());
    rules.sort_by_key(|rule| (rule.code.len(), rule.code));
    // One that is looked for in two rooms is one rule.
    rules.dedup_by_key(|rule| rule.code);
    rules
}

/// The rule with this code, in any letter case.
#[must_use]
pub fn rule(code: &str) -> Option<&'static Rule> {
    rules()
        .into_iter()
        .find(|rule| rule.code.eq_ignore_ascii_case(code))
}

/// One rule as a section of docs/checks.md.
#[must_use]
pub fn rule_as_markdown(rule: &Rule) -> String {
    format!(
        "## {}\n\n`{}` · {} · refused by: {} · source: {}\n\n{}\n\n**Why it hurts.** {}\n\n\
         Bad:\n\n{}\nGood:\n\n{}\n**How to fix it.** {}\n",
        rule.code,
        rule.name,
        rule.severity,
        refused_by(rule),
        rule.source,
        rule.about,
        rule.why,
        indented(rule.bad),
        indented(rule.good),
        rule.cure,
    )
}

/// Who refuses what a rule finds, in words.
#[must_use]
pub fn refused_by(rule: &Rule) -> String {
    let refused: Vec<&str> = rule.refused_by.iter().map(|by| by.as_str()).collect();
    match refused.as_slice() {
        [] => "nobody".to_owned(),
        refused => refused.join(", "),
    }
}

/// Lines as a block of code.
fn indented(lines: &str) -> String {
    lines.lines().map(|line| format!("    {line}\n")).collect()
}

/// docs/checks.md.
#[must_use]
pub fn rules_as_markdown() -> String {
    let mut text = String::from(
        "# Checks\n\nWritten from the rule tables; `pubflow rule CODE` shows the same. An error is what PyPI or an installer refuses, or what a\n\
         specification forbids; a warning hurts users; a note is advice. \"Refused by\" says who was seen to refuse the file.\n",
    );
    for rule in rules() {
        text.push('\n');
        text.push_str(&rule_as_markdown(rule));
    }
    text
}
