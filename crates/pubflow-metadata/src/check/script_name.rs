//! P228: names of scripts.

use pubflow_finding::{Findings, Refuser, Rule, Severity};

use super::PyprojectSubject;
use super::pyproject::project;

pub(super) static RULE: Rule = Rule {
    code: "P228",
    name: "project-script-name",
    severity: Severity::Error,
    source: "entry points specification; R132",
    refused_by: &[Refuser::Pypi],
    about: "The name of a script becomes the name of a file in the user's environment. Since 2026 \
            PyPI refuses wheels with script names of other characters than letters, digits, `_`, \
            `.` and `-`; installers refuse names with path parts.",
};

pub(super) fn check(subject: &PyprojectSubject, findings: &mut Findings) {
    for key in ["scripts", "gui-scripts"] {
        let Some(table) = subject.pyproject.table(&format!("project.{key}")) else {
            continue;
        };
        for (name, _) in table.iter().filter(|(name, _)| !is_script_name(name)) {
            let message = format!("`{name}` is no name of a script");
            findings.add(subject.finding(&RULE, &project(&[key, name]), message));
        }
    }
}

fn is_script_name(name: &str) -> bool {
    let is_good = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '-');
    !name.is_empty() && name.chars().all(is_good)
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::probe::pyproject;

    #[test]
    fn fires() {
        assert_eq!(
            pyproject(
                check,
                "[project.scripts]\n\"../evil\" = 'm:f'\n\"a b\" = 'm:f'\n"
            ),
            [
                "project.scripts.\"../evil\" 2: `../evil` is no name of a script",
                "project.scripts.\"a b\" 3: `a b` is no name of a script",
            ]
        );
    }

    #[test]
    fn stays_quiet() {
        let good = "[project.gui-scripts]\na-b = 'm:f'\n\"c.d\" = 'm:f'\n\
                    [project.entry-points.x]\n\"a b\" = 'm'\n";
        assert!(pyproject(check, good).is_empty());
    }
}
