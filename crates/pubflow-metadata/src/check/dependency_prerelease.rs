//! P310: a final release that asks for pre-releases of others.

use pubflow_finding::{Findings, Rule, Severity};
use pubflow_spec::Version;

use super::PyprojectSubject;
use super::dependency_invalid::runtime_requirements;
use super::metadata::shown;

pub(super) static RULE: Rule = Rule {
    code: "P310",
    name: "dependency-prerelease",
    severity: Severity::Note,
    source: "version specifiers (PEP 440): handling of pre-releases",
    refused_by: &[],
    about: "A final release depends on a bound that names a pre-release.",
    why: "A bound that names a pre-release, such as `>=2.0rc1`, lets installers choose \
            pre-releases of that project for everybody. In a final release that is rarely meant \
            once the final version of the other project is out.",
    cure: "Raise the bound to it.",
    bad: "version = \"1.0\"\ndependencies = [\"demo>=2.0rc1\"]",
    good: "version = \"1.0\"\ndependencies = [\"demo>=2.0\"]",
};

pub(super) fn check(subject: &PyprojectSubject, findings: &mut Findings) {
    let version = subject.pyproject.project_version().map(Version::parse);
    if !matches!(version, Some(Ok(version)) if !version.is_prerelease()) {
        return;
    }
    for (value, requirement) in runtime_requirements(&subject.pyproject) {
        let specifiers = requirement.specifiers();
        if specifiers.is_some_and(|set| set.names_prerelease()) {
            let message = format!(
                "final release asks for pre-releases: `{}`",
                shown(&value.text)
            );
            findings.add(subject.finding(&RULE, &value.path, message));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::probe::pyproject;

    #[test]
    fn fires() {
        let text = "[project]\nversion = '1.0'\ndependencies = ['a>=2.0rc1', 'b']\n";
        assert_eq!(
            pyproject(check, text),
            ["project.dependencies[0] 3: final release asks for pre-releases: `a>=2.0rc1`"]
        );
    }

    #[test]
    fn stays_quiet() {
        for text in [
            "version = '1.0b1'\ndependencies = ['a>=2.0rc1']",
            "version = '1.0'\ndependencies = ['a>=2.0', 'b!=2.0rc1']",
            "dependencies = ['a>=2.0rc1']",
        ] {
            assert!(pyproject(check, format!("[project]\n{text}\n")).is_empty());
        }
    }
}
