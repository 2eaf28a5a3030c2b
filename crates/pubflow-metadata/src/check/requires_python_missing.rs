//! P212: no `requires-python`.

use pubflow_finding::{Findings, Rule, Severity};

use super::PyprojectSubject;
use super::pyproject::project;
use crate::pyproject::TomlPath;

pub(super) static RULE: Rule = Rule {
    code: "P212",
    name: "requires-python-missing",
    severity: Severity::Warning,
    source: "core metadata: Requires-Python; advice",
    refused_by: &[],
    about: "`[project]` has no `requires-python`.",
    why: "Without `requires-python` an installer offers the release to every Python, also to \
            those that it cannot run on, and users of an old Python get a release that breaks \
            instead of the last one that worked. Once published this cannot be mended, because \
            metadata never changes. Releases without it had to be yanked again and again: pytest \
            3.3 (warehouse#2700), terminado#140, validators#162, orix#395.",
    cure: "Write the oldest Python that the tests run on, such as `>=3.10`.",
    bad: "[project]\nname = \"demo\"",
    good: "[project]\nname = \"demo\"\nrequires-python = \">=3.10\"",
};

pub(super) fn check(subject: &PyprojectSubject, findings: &mut Findings) {
    let Some(table) = subject.pyproject.table("project") else {
        return;
    };
    // A misspelt key is told as such.
    let is_there = table.iter().any(|(key, _)| {
        let folded = key.to_lowercase().replace('_', "-");
        folded == "requires-python" || folded == "python-requires"
    });
    if !is_there && !subject.pyproject.dynamic().contains(&"requires-python") {
        let path = TomlPath::of(&["project"]);
        let mut finding = subject.finding(&RULE, &path, "`project` has no `requires-python`");
        finding.place.field = Some(project(&["requires-python"]).to_string());
        findings.add(finding.next("add requires-python with the oldest Python that is tested"));
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::probe::pyproject;

    #[test]
    fn fires() {
        assert_eq!(
            pyproject(check, "[project]\nname = 'x'\n"),
            ["project.requires-python 1: `project` has no `requires-python`"]
        );
    }

    #[test]
    fn stays_quiet() {
        assert!(pyproject(check, "[project]\nrequires-python = '>=3.9'\n").is_empty());
        assert!(pyproject(check, "[project]\ndynamic = ['requires-python']\n").is_empty());
        assert!(pyproject(check, "[project]\npython_requires = '>=3.9'\n").is_empty());
        assert!(pyproject(check, "[tool.x]\n").is_empty());
    }
}
