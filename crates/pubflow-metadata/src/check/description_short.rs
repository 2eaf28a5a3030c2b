//! P210: a description that says nothing.

use pubflow_finding::{Findings, Rule, Severity};

use super::PyprojectSubject;
use super::pyproject::project;

/// Characters below which a line describes nothing.
const SHORT: usize = 10;

pub(super) static RULE: Rule = Rule {
    code: "P210",
    name: "description-short",
    severity: Severity::Note,
    source: "advice",
    refused_by: &[],
    about: "`description` is empty or has less than ten characters.",
    why: "`description` is the one line that search results and lists of dependencies show. Below \
            ten characters it hardly says what the project is for.",
    cure: "Write one sentence, without the project's name.",
    bad: "description = \"demo\"",
    good: "description = \"Reads maps and draws them\"",
};

pub(super) fn check(subject: &PyprojectSubject, findings: &mut Findings) {
    let Some(text) = subject.pyproject.project_string("description") else {
        return;
    };
    let n_chars = text.trim().chars().count();
    if n_chars < SHORT {
        let message = match n_chars {
            0 => "`description` is empty".to_owned(),
            _ => format!("`description` says little: `{}`", text.trim()),
        };
        findings.add(subject.finding(&RULE, &project(&["description"]), message));
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::probe::pyproject;

    #[test]
    fn fires() {
        assert_eq!(
            pyproject(check, "[project]\ndescription = ' '\n"),
            ["project.description 2: `description` is empty"]
        );
        assert_eq!(
            pyproject(check, "[project]\ndescription = 'A tool'\n"),
            ["project.description 2: `description` says little: `A tool`"]
        );
    }

    #[test]
    fn stays_quiet() {
        assert!(pyproject(check, "[project]\ndescription = 'Reads and writes'\n").is_empty());
        assert!(pyproject(check, "[project]\ndescription = 1\n").is_empty());
        assert!(pyproject(check, "[project]\n").is_empty());
    }
}
