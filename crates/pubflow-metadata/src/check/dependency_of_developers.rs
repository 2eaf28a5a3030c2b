//! P314: tools of developers among the dependencies that every user gets.

use pubflow_finding::{Findings, Rule, Severity};

use super::PyprojectSubject;
use super::dependency_invalid::runtime_requirements;

/// Tools that check, test or release a project, and that programs hardly import.
const TOOLS: [&str; 16] = [
    "bandit",
    "black",
    "codespell",
    "coverage",
    "flake8",
    "isort",
    "mypy",
    "nox",
    "pre-commit",
    "pylint",
    "pyright",
    "pytest",
    "pytest-cov",
    "ruff",
    "tox",
    "twine",
];

pub(super) static RULE: Rule = Rule {
    code: "P314",
    name: "dependency-of-developers",
    severity: Severity::Warning,
    source: "advice; PEP 735",
    refused_by: &[],
    about: "`dependencies` lists a test runner, a formatter or a linter. Plugins of such a tool, \
            which do need it, are passed over.",
    why: "A test runner, formatter or linter in `dependencies` is installed for everybody who \
            uses the project, with all that it needs itself.",
    cure: "Move it to a dependency group: `[dependency-groups]` with `dev = [\"pytest\"]`.",
    bad: "dependencies = [\"requests\", \"pytest\"]",
    good: "dependencies = [\"requests\"]\n[dependency-groups]\ndev = [\"pytest\"]",
};

pub(super) fn check(subject: &PyprojectSubject, findings: &mut Findings) {
    for (value, requirement) in runtime_requirements(&subject.pyproject) {
        let name = requirement.name.normalized();
        if TOOLS.contains(&name) && !is_plugin_of(subject, name) {
            let message = format!("`{name}` is a tool of developers: `{}`", value.text);
            let finding = subject.finding(&RULE, &value.path, message);
            findings.add(finding.next("move it to `[dependency-groups]`"));
        }
    }
}

/// Whether the project's name, an entry point group or a classifier speaks of the tool.
fn is_plugin_of(subject: &PyprojectSubject, tool: &str) -> bool {
    let stem = tool.split('-').next().unwrap_or(tool);
    let speaks = |text: &str| text.to_lowercase().contains(stem);
    let pyproject = &subject.pyproject;
    let groups = pyproject.table("project.entry-points");
    pyproject.project_name().is_some_and(speaks)
        || pyproject.project_string("description").is_some_and(speaks)
        || pyproject.classifiers().into_iter().any(speaks)
        || groups.is_some_and(|groups| groups.iter().any(|(group, _)| speaks(group)))
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::probe::pyproject;

    #[test]
    fn fires() {
        let text = "[project]\nname = 'demo'\ndependencies = ['requests', 'Pre_Commit>=2']\n";
        assert_eq!(
            pyproject(check, text),
            ["project.dependencies[1] 3: `pre-commit` is a tool of developers: `Pre_Commit>=2`"]
        );
    }

    #[test]
    fn stays_quiet() {
        for text in [
            "name = 'pytest-demo'\ndependencies = ['pytest']",
            "dependencies = ['pytest']\nclassifiers = ['Framework :: Pytest']",
            "dependencies = ['pytest']\n[project.entry-points.pytest11]\nx = 'y'",
            "optional-dependencies.dev = ['ruff']",
        ] {
            assert!(pyproject(check, format!("[project]\n{text}\n")).is_empty());
        }
    }
}
