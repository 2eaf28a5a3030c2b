//! P005: tables at the top that no specification knows.

use pubflow_finding::{Findings, Refuser, Rule, Severity};

use super::PyprojectSubject;
use crate::pyproject::TomlPath;
use crate::spelling::nearest;

/// Tables that the specifications define.
const KNOWN: [&str; 4] = ["build-system", "dependency-groups", "project", "tool"];

pub(super) static RULE: Rule = Rule {
    code: "P005",
    name: "top-level-table",
    severity: Severity::Warning,
    source: "PEP 518",
    refused_by: &[Refuser::Spec],
    about: "At its top a pyproject.toml has the tables `build-system`, `project`, \
            `dependency-groups` and `tool`; all other names are reserved.",
    why: "A table that is misspelt (`projects`, `build_system`) is silently passed over, and the \
            project is built with defaults under the name `unknown`, so that a near miss is an \
            error.",
    cure: "Settings of a tool belong below `tool`. For a near miss, use the name that the finding \
            proposes.",
    bad: "[projects]\nname = \"demo\"",
    good: "[project]\nname = \"demo\"",
};

pub(super) fn check(subject: &PyprojectSubject, findings: &mut Findings) {
    let Some(root) = subject.pyproject.root() else {
        return;
    };
    for (key, item) in root.iter() {
        let path = TomlPath::of(&[key]);
        if !KNOWN.contains(&key) {
            let finding =
                subject.finding(&RULE, &path, format!("`{key}` is no table of a project"));
            findings.add(match nearest(key, KNOWN) {
                Some(known) => finding
                    .severity(Severity::Error)
                    .next(format!("write `{known}`")),
                None => finding.next(format!("move it to `tool.{key}`")),
            });
        } else if !item.is_table_like() {
            let finding = subject.finding(&RULE, &path, format!("`{key}` is not a table"));
            findings.add(finding.severity(Severity::Error));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::probe::pyproject;

    #[test]
    fn fires() {
        assert_eq!(
            pyproject(check, "tool = 1\nmytool.x = 1\n[projects]\nname = 'x'\n"),
            [
                "tool 1: `tool` is not a table",
                "mytool 2: `mytool` is no table of a project",
                "projects 3: `projects` is no table of a project",
            ]
        );
    }

    #[test]
    fn stays_quiet() {
        let good = "[project]\n[build-system]\n[dependency-groups]\n[tool.x]\n";
        assert!(pyproject(check, good).is_empty());
    }
}
