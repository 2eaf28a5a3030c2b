//! P228: names of scripts.

use pubflow_finding::{Findings, Refuser, Rule, Severity};

use super::PyprojectSubject;
use super::pyproject::project;

/// Programs of an environment that a script must not replace; versions may follow.
const INTERPRETERS: [&str; 5] = ["pip", "pypy", "python", "pythonw", "pyvenv"];

/// Names that Windows keeps for devices, whatever their ending.
const DEVICES: [&str; 8] = ["aux", "com1", "com2", "con", "lpt1", "lpt2", "nul", "prn"];

pub(super) static RULE: Rule = Rule {
    code: "P228",
    name: "project-script-name",
    severity: Severity::Error,
    source: "entry points specification; R132",
    refused_by: &[Refuser::Pypi],
    about: "A script has a name that is no plain file name, or one that shadows the interpreter. \
            A name like `python`, or that of a Windows device, is a warning.",
    why: "The name of a script becomes the name of a file in the user's environment. Since 2026 \
            PyPI refuses wheels with script names of other characters than letters, digits, `_`, \
            `.` and `-`; installers refuse names with path parts.",
    cure: "Rename the script: letters, digits, `_`, `.` and `-`.",
    bad: "[project.scripts]\n\"demo tool\" = \"demo:main\"",
    good: "[project.scripts]\ndemo-tool = \"demo:main\"",
};

pub(super) fn check(subject: &PyprojectSubject, findings: &mut Findings) {
    for key in ["scripts", "gui-scripts"] {
        let Some(table) = subject.pyproject.table(&format!("project.{key}")) else {
            continue;
        };
        for (name, _) in table.iter() {
            let path = project(&[key, name]);
            if !is_script_name(name) {
                let message = format!("`{name}` is no name of a script");
                findings.add(subject.finding(&RULE, &path, message));
            } else if let Some(fault) = hides(name) {
                let message = format!("script `{name}` {fault}");
                let finding = subject.finding(&RULE, &path, message);
                findings.add(finding.severity(Severity::Warning).refused_by(&[]));
            }
        }
    }
}

/// What a script of this name stands in the way of.
fn hides(name: &str) -> Option<&'static str> {
    let lower = name.to_lowercase();
    let stem = lower.split('.').next().unwrap_or_default();
    let unversioned = lower.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    if INTERPRETERS.contains(&unversioned) {
        Some("hides the interpreter")
    } else if DEVICES.contains(&stem) {
        Some("cannot be a file on Windows")
    } else {
        None
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
    fn names_that_stand_in_the_way_are_warnings() {
        assert_eq!(
            pyproject(
                check,
                "[project.scripts]\npython3 = 'm:f'\n\"nul.x\" = 'm:f'\n"
            ),
            [
                "project.scripts.python3 2: script `python3` hides the interpreter",
                "project.scripts.\"nul.x\" 3: script `nul.x` cannot be a file on Windows",
            ]
        );
    }

    #[test]
    fn stays_quiet() {
        let good = "[project.gui-scripts]\npython-x = 'm:f'\npipx = 'm:f'\na-b = 'm:f'\n\"c.d\" = 'm:f'\n\
                    [project.entry-points.x]\n\"a b\" = 'm'\n";
        assert!(pyproject(check, good).is_empty());
    }
}
