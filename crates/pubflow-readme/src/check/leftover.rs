//! P709: what should have been replaced before anybody reads it.

use pubflow_finding::{Findings, Rule, Severity};

use super::Description;

pub(super) static RULE: Rule = Rule {
    code: "P709",
    name: "description-leftover",
    severity: Severity::Warning,
    source: "advice",
    refused_by: &[],
    about: "The description holds marks of an unresolved merge, a placeholder of a template, or a \
            line that begins with `TODO` or `FIXME`.",
    why: "A release is for ever: the page of this version keeps showing it.",
    cure: "Resolve the merge, fill the placeholder in, finish the line or take it out.",
    bad: "<<<<<<< HEAD",
    good: "What both sides agreed on.",
};

/// Placeholders of common templates.
const PLACEHOLDERS: [&str; 5] = [
    "{{ cookiecutter.",
    "{{cookiecutter.",
    "{{ project_name",
    "Lorem ipsum",
    "[INSERT ",
];

/// Looks at every line.
pub(super) fn check(description: &Description, findings: &mut Findings) {
    for (n, line) in description.text.lines().enumerate() {
        let start = line.trim_start();
        let message = if line.starts_with("<<<<<<< ") || line.starts_with(">>>>>>> ") {
            format!("unresolved merge: `{}`", line.trim_end())
        } else if let Some(found) = PLACEHOLDERS.into_iter().find(|part| line.contains(part)) {
            format!("placeholder of a template: `{}`", found.trim_end())
        } else if ["TODO", "FIXME"].iter().any(|word| is_note(start, word)) {
            format!(
                "unfinished: `{}`",
                start.chars().take(40).collect::<String>().trim_end()
            )
        } else {
            continue;
        };
        findings.add(description.finding_at(&RULE, Some(n + 1), message));
    }
}

/// Whether a line begins with the word as a note to oneself.
fn is_note(line: &str, word: &str) -> bool {
    line.strip_prefix(word)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
}

#[cfg(test)]
mod tests {
    use super::super::testing::found;
    use super::RULE;

    #[test]
    fn fires() {
        assert_eq!(
            found(
                &RULE,
                "<<<<<<< HEAD\na\n{{ cookiecutter.name }}\nTODO: write\n",
                Some("text/plain")
            ),
            [
                "1: unresolved merge: `<<<<<<< HEAD`",
                "3: placeholder of a template: `{{ cookiecutter.`",
                "4: unfinished: `TODO: write`",
            ]
        );
    }

    #[test]
    fn stays_quiet() {
        assert!(found(&RULE, "A TODO list app\n\nTODO lists are fun\n", None).is_empty());
    }
}
