//! P218: keywords that do not survive the way into the metadata.

use pubflow_finding::{Findings, Rule, Severity};

use super::PyprojectSubject;
use super::pyproject::project;

pub(super) static RULE: Rule = Rule {
    code: "P218",
    name: "keywords",
    severity: Severity::Note,
    source: "core metadata: Keywords",
    refused_by: &[],
    about: "A keyword holds a comma, is empty, or stands twice.",
    why: "The keywords of `[project]` are written into one field, separated by commas. A keyword \
            with a comma in it becomes two, and an empty one is lost.",
    cure: "Make each keyword an element of its own.",
    bad: "keywords = [\"maps, drawing\"]",
    good: "keywords = [\"maps\", \"drawing\"]",
};

pub(super) fn check(subject: &PyprojectSubject, findings: &mut Findings) {
    for value in subject.pyproject.strings_at(&project(&["keywords"])) {
        let message = if value.text.trim().is_empty() {
            "keyword is empty".to_owned()
        } else if value.text.contains(',') {
            format!("keyword has a comma and becomes several: `{}`", value.text)
        } else {
            continue;
        };
        let mut finding = subject.finding(&RULE, &value.path, message);
        let parts = value.text.split(',').map(str::trim);
        let parts: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
        finding.fix = match parts.is_empty() {
            true => subject.remove_element(&value.path),
            false => subject.replace_element(&value.path, &parts),
        };
        findings.add(finding);
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::probe::{fixed, pyproject};

    #[test]
    fn fires() {
        assert_eq!(
            pyproject(check, "[project]\nkeywords = ['a, b', '']\n"),
            [
                "project.keywords[0] 2: keyword has a comma and becomes several: `a, b`",
                "project.keywords[1] 2: keyword is empty",
            ]
        );
    }

    #[test]
    fn the_fix_splits_and_removes() {
        assert_eq!(
            fixed(check, "[project]\nkeywords = ['a, b', '', 'c']\n"),
            "[project]\nkeywords = [\"a\", \"b\", 'c']\n"
        );
    }

    #[test]
    fn stays_quiet() {
        assert!(pyproject(check, "[project]\nkeywords = ['a', 'b c']\n").is_empty());
    }
}
