//! P214: `requires-python` with an upper bound, or with one exact version.

use pubflow_finding::{Findings, Rule, Severity};
use pubflow_spec::{Operator, SpecifierSet};

use super::PyprojectSubject;
use super::pyproject::project;

pub(super) static RULE: Rule = Rule {
    code: "P214",
    name: "requires-python-cap",
    severity: Severity::Note,
    source: "advice",
    refused_by: &[],
    about: "`requires-python` has an upper bound, or takes one single release of Python. `==3.12` \
            is a warning, since it takes 3.12.0 alone; `==3.12.*` is meant.",
    why: "An upper bound in `requires-python` does not do what it says: installers that meet a \
            newer Python fall back to an older release without the bound, and resolvers pass the \
            bound on to everybody who depends on the project.",
    cure: "Leave the bound open unless the project is known to break.",
    bad: "requires-python = \">=3.10,<4\"",
    good: "requires-python = \">=3.10\"",
};

pub(super) fn check(subject: &PyprojectSubject, findings: &mut Findings) {
    let Some(Ok(specifiers)) = subject.pyproject.requires_python().map(SpecifierSet::parse) else {
        return;
    };
    let path = project(&["requires-python"]);
    for clause in specifiers.clauses() {
        let exact = matches!(clause.operator(), Operator::Equal | Operator::Arbitrary);
        if exact && !clause.is_wildcard() {
            let version = clause.version_text();
            let message = format!("`requires-python` takes Python {version} alone: `{clause}`");
            let finding = subject.finding(&RULE, &path, message);
            let finding = finding.severity(Severity::Warning);
            findings.add(finding.next(format!("write `=={version}.*` or `>={version}`")));
        } else if !matches!(
            clause.operator(),
            Operator::GreaterEqual | Operator::Greater | Operator::NotEqual
        ) {
            let message = format!("`requires-python` has an upper bound: `{clause}`");
            findings.add(subject.finding(&RULE, &path, message));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::probe::pyproject;

    fn requires(text: &str) -> Vec<String> {
        pyproject(check, format!("[project]\nrequires-python = '{text}'\n"))
    }

    #[test]
    fn fires() {
        let at = "project.requires-python 2: `requires-python`";
        assert_eq!(
            requires(">=3.9,<4"),
            [format!("{at} has an upper bound: `<4`")]
        );
        assert_eq!(
            requires("~=3.9"),
            [format!("{at} has an upper bound: `~=3.9`")]
        );
        assert_eq!(
            requires("==3.12"),
            [format!("{at} takes Python 3.12 alone: `==3.12`")]
        );
    }

    #[test]
    fn stays_quiet() {
        assert!(requires(">=3.9,!=3.9.0,>3.8").is_empty());
        assert!(requires("^3.9").is_empty());
        assert!(pyproject(check, "[project]\n").is_empty());
    }
}
