//! P204: entries of `dynamic`.

use pubflow_finding::{Findings, Refuser, Rule, Severity};

use super::PyprojectSubject;
use super::project_key::KEYS;
use super::pyproject::project;
use crate::spelling::nearest;

pub(super) static RULE: Rule = Rule {
    code: "P204",
    name: "dynamic-unknown",
    severity: Severity::Error,
    source: "PEP 621",
    refused_by: &[Refuser::Spec],
    about: "`dynamic` lists fields of `[project]` that the build backend fills in. Each must be a \
            field of the table in its spelling there (`requires-python`, not `Requires-Python`), \
            and stand once.",
    why: "Backends stop at a name that they do not know, or leave the field out. PEP 621 demands \
            that they fill in exactly what is listed.",
    cure: "Use the key of `[project]`, once, and in lower case with hyphens.",
    bad: "dynamic = [\"Version\", \"requires_python\"]",
    good: "dynamic = [\"version\", \"requires-python\"]",
};

pub(super) fn check(subject: &PyprojectSubject, findings: &mut Findings) {
    let mut seen: Vec<&str> = Vec::new();
    for value in subject.pyproject.strings_at(&project(&["dynamic"])) {
        let key = value.text;
        if !KEYS.contains(&key) || key == "dynamic" {
            let message = format!("`{key}` is no field that can be dynamic");
            let mut finding = subject.finding(&RULE, &value.path, message);
            let folded = key.to_lowercase().replace('_', "-");
            if KEYS.contains(&folded.as_str()) {
                finding.fix = subject.replace_value(&value.path, &folded);
            }
            findings.add(match nearest(key, KEYS) {
                Some(known) => finding.next(format!("write `{known}`")),
                None => finding,
            });
        } else if seen.contains(&key) {
            let message = format!("`{key}` stands twice in `dynamic`");
            let mut finding = subject.finding(&RULE, &value.path, message);
            finding.fix = subject.remove_element(&value.path);
            findings.add(finding.severity(Severity::Warning));
        } else {
            seen.push(key);
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
                "[project]\ndynamic = ['versions', 'readme', 'readme']\n"
            ),
            [
                "project.dynamic[0] 2: `versions` is no field that can be dynamic",
                "project.dynamic[2] 2: `readme` stands twice in `dynamic`",
            ]
        );
    }

    #[test]
    fn the_fix_respells_and_removes() {
        assert_eq!(
            fixed(
                check,
                "[project]\ndynamic = ['Requires_Python', 'version', 'version']\n"
            ),
            "[project]\ndynamic = [\"requires-python\", 'version']\n"
        );
    }

    #[test]
    fn stays_quiet() {
        let good = "[project]\ndynamic = ['version', 'optional-dependencies', 'license-files']\n";
        assert!(pyproject(check, good).is_empty());
    }
}
