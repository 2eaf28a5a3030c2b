//! P202: a project with neither a version nor a promise of one.

use pubflow_finding::{Findings, Refuser, Rule, Severity};

use super::PyprojectSubject;
use super::pyproject::project;

pub(super) static RULE: Rule = Rule {
    code: "P202",
    name: "version-missing",
    severity: Severity::Error,
    source: "PEP 621",
    refused_by: &[Refuser::Pip, Refuser::Uv, Refuser::Spec],
    about: "A `[project]` table must have a `version`, or list `version` in `dynamic` when the \
            build backend finds it elsewhere, for example in a tag.",
    why: "Otherwise no backend builds the project.",
    cure: "Write `version`, or list it in `dynamic` and tell the backend where it is.",
    bad: "[project]\nname = \"demo\"",
    good: "[project]\nname = \"demo\"\nversion = \"1.0.0\"",
};

pub(super) fn check(subject: &PyprojectSubject, findings: &mut Findings) {
    let Some(table) = subject.pyproject.table("project") else {
        return;
    };
    let is_dynamic = subject.pyproject.dynamic().contains(&"version");
    if table.get("version").is_none() && !is_dynamic {
        let message = "`project` has no `version`, and `dynamic` does not name it";
        let finding = subject.finding(&RULE, &project(&[]), message);
        findings.add(finding.next("set `version`, or add \"version\" to `dynamic`"));
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::probe::pyproject;

    #[test]
    fn fires() {
        assert_eq!(
            pyproject(check, "[project]\nname = 'x'\n"),
            ["project 1: `project` has no `version`, and `dynamic` does not name it"]
        );
    }

    #[test]
    fn stays_quiet() {
        assert!(pyproject(check, "[project]\nversion = '1'\n").is_empty());
        assert!(pyproject(check, "[project]\ndynamic = ['version']\n").is_empty());
        assert!(pyproject(check, "[tool.x]\n").is_empty());
    }
}
