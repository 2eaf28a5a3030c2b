//! P203: fields that are both given and promised.

use pubflow_finding::{Findings, Fix, Refuser, Rule, Severity};

use super::PyprojectSubject;
use super::pyproject::project;

/// Lists and tables, to which a backend may add what it finds out (PEP 808).
const EXTENSIBLE: [&str; 13] = [
    "authors",
    "classifiers",
    "dependencies",
    "entry-points",
    "gui-scripts",
    "import-names",
    "import-namespaces",
    "keywords",
    "license-files",
    "maintainers",
    "optional-dependencies",
    "scripts",
    "urls",
];

pub(super) static RULE: Rule = Rule {
    code: "P203",
    name: "dynamic-and-static",
    severity: Severity::Error,
    source: "PEP 621 and 808",
    refused_by: &[Refuser::Pip, Refuser::Spec],
    about: "A field of `[project]` is either given in the table or listed in `dynamic` and filled \
            in by the build backend. Since PEP 808 a list or a table may be both, and the backend \
            only adds to it; that is a warning.",
    why: "Backends refuse a single value that is given and dynamic, because nobody could say which \
          holds. Backends of before 2026 refuse lists and tables too, and the metadata version \
          2.6 that goes with them is one that PyPI does not take yet.",
    cure: "Remove one of the two; for a list or a table, keep both only with a backend that says it \
           supports PEP 808.",
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
            findings.add(match EXTENSIBLE.contains(&key) {
                false => finding,
                true => finding
                    .severity(Severity::Warning)
                    .refused_by(&[])
                    .why("PEP 808 lets a backend add to it; older backends refuse the project"),
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::probe::{fixed, pyproject};
    use crate::pyproject::Pyproject;

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
    fn lists_and_tables_may_be_added_to() {
        let text = "[project]\ndependencies = ['x']\ndynamic = ['dependencies']\n";
        let subject = PyprojectSubject::bare(Pyproject::parse(text));
        let mut findings = Findings::default();
        check(&subject, &mut findings);
        let found = findings.into_sorted();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].severity, Severity::Warning);
        assert!(found[0].refused_by.is_empty());
    }

    #[test]
    fn stays_quiet() {
        assert!(pyproject(check, "[project]\nname = 'x'\ndynamic = ['version']\n").is_empty());
    }
}
