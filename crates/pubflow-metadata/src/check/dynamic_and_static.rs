//! P203: fields that are both given and promised.

use pubflow_finding::{Findings, Fix, Refuser, Rule, Severity};

use super::PyprojectSubject;
use super::pyproject::project;

pub(super) static RULE: Rule = Rule {
    code: "P203",
    name: "dynamic-and-static",
    severity: Severity::Error,
    source: "PEP 621",
    refused_by: &[Refuser::Pip, Refuser::Spec],
    about: "A field of `[project]` is either given in the table or listed in `dynamic` and filled \
            in by the build backend.",
    why: "Backends refuse a field that is both, because nobody could say which value holds.",
    cure: "Remove one of the two.",
    bad: "version = \"1.0\"\ndynamic = [\"version\"]",
    good: "dynamic = [\"version\"]",
};

pub(super) fn check(subject: &PyprojectSubject, findings: &mut Findings) {
    let Some(table) = subject.pyproject.table("project") else {
        return;
    };
    for value in subject.pyproject.strings_at(&project(&["dynamic"])) {
        let key = value.text;
        // A dynamic name is refused whether it is given or not, by another check.
        if key != "name" && key != "dynamic" && table.get(key).is_some() {
            let message = format!("`{key}` is given and listed in `dynamic`");
            let finding = subject.finding(&RULE, &value.path, message);
            let mut finding = finding.next("remove one of the two");
            finding.fix = subject.remove_element(&value.path).map(Fix::needs_decision);
            findings.add(finding);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::probe::{fixed, pyproject};

    #[test]
    fn fires() {
        assert_eq!(
            pyproject(
                check,
                "[project]\nversion = '1'\ndynamic = ['readme', 'version']\n"
            ),
            ["project.dynamic[1] 3: `version` is given and listed in `dynamic`"]
        );
    }

    #[test]
    fn the_fix_keeps_the_value() {
        assert_eq!(
            fixed(check, "[project]\nversion = '1'\ndynamic = ['version']\n"),
            "[project]\nversion = '1'\ndynamic = []\n"
        );
    }

    #[test]
    fn stays_quiet() {
        assert!(pyproject(check, "[project]\nname = 'x'\ndynamic = ['version']\n").is_empty());
    }
}
