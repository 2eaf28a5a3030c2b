//! P201: the project's name.

use pubflow_finding::{Findings, Refuser, Rule, Severity};
use pubflow_spec::ProjectName;

use super::PyprojectSubject;
use super::pyproject::project;

pub(super) static RULE: Rule = Rule {
    code: "P201",
    name: "project-name",
    severity: Severity::Error,
    source: "PEP 621 and 508; R022",
    refused_by: &[Refuser::Pypi, Refuser::Pip, Refuser::Uv, Refuser::Spec],
    about: "A `[project]` table must have a `name`, and it must be static. It consists of ASCII \
            letters, digits, `.`, `-` and `_`, and begins and ends with a letter or digit.",
    why: "Every backend refuses to build otherwise.",
    cure: "Give the name as a string, in its spelling on the index.",
    bad: "[project]\nname = \"my project\"",
    good: "[project]\nname = \"my-project\"",
};

pub(super) fn check(subject: &PyprojectSubject, findings: &mut Findings) {
    let Some(table) = subject.pyproject.table("project") else {
        return;
    };
    match table.get("name") {
        None => findings.add(subject.finding(&RULE, &project(&[]), "`project` has no `name`")),
        Some(item) => {
            if let Some(name) = item.as_str()
                && let Err(error) = ProjectName::parse(name)
            {
                let message = format!("`{name}` is no project name");
                let finding = subject.finding(&RULE, &project(&["name"]), message);
                findings.add(finding.why(error.to_string()));
            }
        }
    }
    for value in subject.pyproject.strings_at(&project(&["dynamic"])) {
        if value.text == "name" {
            findings.add(subject.finding(&RULE, &value.path, "`name` must not be dynamic"));
        }
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
                "[project]\nversion = '1'\n",
                "project 1: `project` has no `name`",
            ),
            (
                "[project]\nname = 'a b'\n",
                "project.name 2: `a b` is no project name",
            ),
            (
                "[project]\nname = ''\n",
                "project.name 2: `` is no project name",
            ),
            (
                "[project]\nname = 'a'\ndynamic = ['name']\n",
                "project.dynamic[0] 3: `name` must not be dynamic",
            ),
        ] {
            assert_eq!(pyproject(check, text), [found]);
        }
    }

    #[test]
    fn stays_quiet() {
        assert!(pyproject(check, "[project]\nname = 'Foo_Bar.baz'\n").is_empty());
        assert!(pyproject(check, "[tool.x]\n").is_empty());
    }
}
