//! P303: lines of requirements files in the place of dependencies.

use pubflow_finding::{Findings, Refuser, Rule, Severity};
use pubflow_spec::Requirement;

use super::PyprojectSubject;
use super::metadata::shown;
use crate::pyproject::Dependency;

pub(super) static RULE: Rule = Rule {
    code: "P303",
    name: "dependency-syntax",
    severity: Severity::Error,
    source: "dependency specifiers (PEP 508)",
    refused_by: &[Refuser::Pypi, Refuser::Pip, Refuser::Spec],
    about: "What pip reads in a requirements file is more than what metadata may hold.",
    why: "Options such as `-e` and `--hash`, comments, environment variables, paths and addresses \
            without a name are refused by backends and by PyPI.",
    cure: "Write the name of the project and the versions that will do.",
    bad: "dependencies = [\"-e ../demo\", \"requests  # http\"]",
    good: "dependencies = [\"demo\", \"requests\"]",
};

pub(super) fn check(subject: &PyprojectSubject, findings: &mut Findings) {
    for dependency in subject.pyproject.dependencies() {
        if let Some(fault) = fault(dependency) {
            let message = format!("dependency {fault}: `{}`", shown(&dependency.text));
            let mut finding = subject.finding(&RULE, &dependency.path, message);
            let bare = dependency
                .text
                .split_once(" #")
                .map(|(bare, _)| bare.trim());
            if let Some(bare) = bare.filter(|bare| Requirement::parse(bare).is_ok()) {
                finding = finding.next("remove the comment");
                finding.fix = subject.replace_value(&dependency.path, bare);
            }
            findings.add(finding);
        }
    }
}

/// What of a requirements file is in an invalid requirement; `None` for valid ones too.
pub(super) fn fault(dependency: &Dependency) -> Option<&'static str> {
    let trimmed = dependency.text.trim();
    let first = trimmed.split(char::is_whitespace).next()?;
    let fault = if trimmed.starts_with('-') {
        "is an option of requirements files"
    } else if trimmed.contains(" --hash=") || trimmed.contains(" --") {
        "has an option of requirements files"
    } else if first.contains("://") && !first.contains('@') || first.starts_with("git+") {
        "is an address without a name"
    } else if first.starts_with(['.', '/', '~']) || first.contains('\\') {
        "is a path"
    } else if trimmed.starts_with('#') || trimmed.contains(" #") {
        "has a comment"
    } else if trimmed.contains("${") {
        "has an environment variable"
    } else {
        return None;
    };
    dependency.read.is_err().then_some(fault)
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::probe::pyproject;

    #[test]
    fn fires() {
        for (text, fault) in [
            ("-e .", "is an option of requirements files"),
            (
                "a==1 --hash=sha256:0",
                "has an option of requirements files",
            ),
            ("https://example.org/a.whl", "is an address without a name"),
            (
                "git+https://example.org/a@main",
                "is an address without a name",
            ),
            ("./a", "is a path"),
            ("a>=1 # why", "has a comment"),
            ("a==${VERSION}", "has an environment variable"),
        ] {
            assert_eq!(
                pyproject(check, format!("[project]\ndependencies = ['{text}']\n")),
                [format!(
                    "project.dependencies[0] 2: dependency {fault}: `{text}`"
                )]
            );
        }
    }

    #[test]
    fn stays_quiet() {
        let good = "[project]\ndependencies = ['a', 'b @ https://example.org/b#x', 'c ^1']\n";
        assert!(pyproject(check, good).is_empty());
    }
}
