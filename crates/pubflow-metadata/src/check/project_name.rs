//! P201: the project's name.

use pubflow_finding::{Findings, Fix, Refuser, Rule, Severity};
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
                let path = project(&["name"]);
                let mut finding = subject.finding(&RULE, &path, message);
                if let Some(near) = nearest_name(name) {
                    finding = finding.next(format!("write `{near}`, or another name"));
                    let fix = subject.replace_value(&path, &near);
                    finding.fix = fix.map(Fix::needs_decision);
                }
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

/// The name with a hyphen for whatever cannot stand in one.
fn nearest_name(name: &str) -> Option<String> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_');
    let parts = name.split(|c| !allowed(c)).filter(|part| !part.is_empty());
    let near = parts.collect::<Vec<_>>().join("-");
    let is_near = near.len() * 2 > name.len() && ProjectName::parse(&near).is_ok();
    is_near.then_some(near)
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::probe::{fixed, pyproject};

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
    fn the_fix_puts_hyphens() {
        assert_eq!(
            fixed(check, "[project]\nname = 'weather maps'\n"),
            "[project]\nname = \"weather-maps\"\n"
        );
        let beyond = "[project]\nname = '語語語x'\n";
        assert_eq!(fixed(check, beyond), beyond);
    }

    #[test]
    fn stays_quiet() {
        assert!(pyproject(check, "[project]\nname = 'Foo_Bar.baz'\n").is_empty());
        assert!(pyproject(check, "[tool.x]\n").is_empty());
    }
}
