//! P230: names that differ from their normal form, and names of the standard library.

use pubflow_finding::{Findings, Rule, Severity};
use pubflow_spec::ProjectName;

use super::PyprojectSubject;
use super::pyproject::project;

pub(super) static RULE: Rule = Rule {
    code: "P230",
    name: "name-spelling",
    severity: Severity::Note,
    source: "name normalization (PEP 503)",
    refused_by: &[],
    about: "The name of the project is not in its normal form, or is that of a module of the \
            standard library. The latter is a warning: PyPI gives it to no new project.",
    why: "An index compares names in lower case with every run of `-`, `_` and `.` as one hyphen; \
            that form is in addresses and file names, whatever the project calls itself.",
    cure: "Nothing has to change for the spelling; expect the normal form in addresses and file \
            names. Choose another name where it is the standard library's.",
    bad: "name = \"My_Project\"",
    good: "name = \"my-project\"",
};

pub(super) fn check(subject: &PyprojectSubject, findings: &mut Findings) {
    let Some(Ok(name)) = subject.pyproject.project_name().map(ProjectName::parse) else {
        return;
    };
    let path = project(&["name"]);
    if name.is_standard_library_name() {
        let message = format!("`{}` is a module of the standard library", name.as_str());
        let finding = subject.finding(&RULE, &path, message);
        findings.add(finding.severity(Severity::Warning));
    }
    if !name.is_normalized() {
        let normal = name.normalized();
        let message = format!("`{}` is `{normal}` in its normal form", name.as_str());
        findings.add(subject.finding(&RULE, &path, message));
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::probe::pyproject;

    #[test]
    fn fires() {
        assert_eq!(
            pyproject(check, "[project]\nname = 'My_Demo'\n"),
            ["project.name 2: `My_Demo` is `my-demo` in its normal form"]
        );
        assert_eq!(
            pyproject(check, "[project]\nname = 'asyncio'\n"),
            ["project.name 2: `asyncio` is a module of the standard library"]
        );
    }

    #[test]
    fn stays_quiet() {
        assert!(pyproject(check, "[project]\nname = 'my-demo'\n").is_empty());
        assert!(pyproject(check, "[project]\nname = '-'\n").is_empty());
    }
}
