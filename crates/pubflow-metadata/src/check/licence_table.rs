//! P405: the old table form of `license`.

use pubflow_finding::{Findings, Refuser, Rule, Severity};

use super::PyprojectSubject;
use super::pyproject::project;

pub(super) static RULE: Rule = Rule {
    code: "P405",
    name: "licence-table",
    severity: Severity::Warning,
    source: "PEP 621 and 639",
    refused_by: &[Refuser::Spec],
    about: "`license = {file = …}` and `license = {text = …}` are the old forms, deprecated by \
            PEP 639. A table must have exactly one of the two keys and no other, and must not \
            stand next to `license-files`; backends refuse that.",
    why: "The text of a licence in the table ends in the old field `License`, whole pages of it \
            at times, where no tool can read which licence it is. PEP 639 forbids the table \
            beside `license-files`, and setuptools has announced that it will refuse it.",
    cure: "Write the SPDX expression as a string, and name the licence's files in `license-files`.",
    bad: "license = { file = \"LICENSE\" }",
    good: "license = \"MIT\"\nlicense-files = [\"LICENSE\"]",
};

pub(super) fn check(subject: &PyprojectSubject, findings: &mut Findings) {
    let Some(table) = subject.pyproject.table("project.license") else {
        return;
    };
    let path = project(&["license"]);
    let mut fault = |message: &str| {
        let finding = subject.finding(&RULE, &path, message);
        findings.add(finding.severity(Severity::Error));
    };
    let n_sources = ["file", "text"]
        .iter()
        .filter(|key| table.contains_key(key))
        .count();
    let is_whole = n_sources == 1;
    if !is_whole {
        fault("`license` must have exactly one of `file` and `text`");
    }
    for (key, _) in table
        .iter()
        .filter(|(key, _)| !["file", "text"].contains(key))
    {
        fault(&format!("`{key}` is no key of `license`"));
    }
    if subject.pyproject.item("project.license-files").is_some() {
        fault("`license` is a table next to `license-files`");
    } else if is_whole {
        let finding = subject.finding(&RULE, &path, "`license` has the deprecated table form");
        findings.add(finding.next("write license = \"<SPDX expression>\""));
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::probe::pyproject;

    #[test]
    fn fires() {
        for (text, found) in [
            (
                "license = {text = 'MIT'}",
                "`license` has the deprecated table form",
            ),
            (
                "license = {}",
                "`license` must have exactly one of `file` and `text`",
            ),
            (
                "license = {file = 'a', text = 'b'}",
                "`license` must have exactly one of `file` and `text`",
            ),
            (
                "license = {file = 'a'}\nlicense-files = []",
                "`license` is a table next to `license-files`",
            ),
        ] {
            assert_eq!(
                pyproject(check, format!("[project]\n{text}\n")),
                [format!("project.license 2: {found}")]
            );
        }
        let both = pyproject(check, "[project]\nlicense = {text = 'MIT', x = 'y'}\n");
        assert_eq!(both.len(), 2);
    }

    #[test]
    fn stays_quiet() {
        assert!(pyproject(check, "[project]\nlicense = 'MIT'\nlicense-files = ['L']\n").is_empty());
    }
}
