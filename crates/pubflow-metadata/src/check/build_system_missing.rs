//! P101: no `[build-system]`.

use pubflow_finding::{Finding, Findings, Fix, Rule, Severity};

use super::PyprojectSubject;
use crate::pyproject::TomlPath;

pub(super) static RULE: Rule = Rule {
    code: "P101",
    name: "build-system-missing",
    severity: Severity::Warning,
    source: "PEP 518",
    refused_by: &[],
    about: "pyproject.toml has no `[build-system]`.",
    why: "A project without `[build-system]` is built by whatever setuptools is newest on that \
            day, through an interface kept for projects from before pyproject.toml. Other tools \
            take such a project for one that is not to be built at all.",
    cure: "Name the backend: `requires` and `build-backend`.",
    bad: "[project]\nname = \"demo\"",
    good: "[build-system]\nrequires = [\"hatchling\"]\nbuild-backend = \"hatchling.build\"",
};

pub(super) fn check(subject: &PyprojectSubject, findings: &mut Findings) {
    let has_project = subject.pyproject.has_project();
    let root = subject.pyproject.root();
    if has_project && root.is_some_and(|root| !root.contains_key("build-system")) {
        let mut finding = Finding::new(&RULE, "pyproject.toml has no `[build-system]`");
        let (_, span) = subject.pyproject.spans_of(&TomlPath::of(&["project"]));
        // A table may begin in front of `[project]`, and nowhere among keys at the top.
        if let Some(start) = span.map(|span| span.start)
            && subject
                .pyproject
                .text()
                .get(start..)
                .is_some_and(|rest| rest.starts_with('['))
        {
            let table = "[build-system]\nrequires = [\"setuptools>=77.0.3\"]\n\
                         build-backend = \"setuptools.build_meta\"\n\n";
            let fix = subject.replace(start..start, table.to_owned());
            finding.fix = fix.map(Fix::needs_decision);
        }
        findings.add(finding.field("build-system").next(
            "add [build-system] with requires = [\"setuptools>=77\"] and build-backend = \
             \"setuptools.build_meta\", or those of another backend",
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::probe::{fixed, pyproject};

    #[test]
    fn fires() {
        assert_eq!(
            pyproject(check, "[project]\nname = 'x'\n"),
            ["build-system 0: pyproject.toml has no `[build-system]`"]
        );
    }

    #[test]
    fn the_fix_adds_the_table() {
        assert_eq!(
            fixed(check, "# top\n[project]\nname = 'x'\n"),
            "# top\n[build-system]\nrequires = [\"setuptools>=77.0.3\"]\nbuild-backend = \"setuptools.build_meta\"\n\n[project]\nname = 'x'\n"
        );
        assert_eq!(fixed(check, "project.name = 'x'\n"), "project.name = 'x'\n");
    }

    #[test]
    fn stays_quiet() {
        assert!(pyproject(check, "[project]\n[build-system]\n").is_empty());
        assert!(pyproject(check, "[tool.x]\n").is_empty());
        assert!(pyproject(check, "not toml").is_empty());
    }
}
