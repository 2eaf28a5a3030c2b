//! P503: local versions.

use pubflow_finding::{Findings, Refuser, Rule, Severity};
use pubflow_spec::Version;

use super::pyproject::project;
use super::{MetadataSubject, PyprojectSubject};

pub(super) static RULE: Rule = Rule {
    code: "P503",
    name: "version-local",
    severity: Severity::Error,
    source: "version specifiers (PEP 440): local versions; R036",
    refused_by: &[Refuser::Pypi],
    about: "The version has a local part, behind a `+`.",
    why: "A version with a part after `+`, such as `1.0+cu121` or the `+g1a2b3c` of a version \
            tool on an untagged commit, is meant for use in one place and PyPI refuses it. The \
            refusal comes with the upload: twine#1152, cclib#1382.",
    cure: "Tag the commit that is released, or switch the local part off in the version tool.",
    bad: "version = \"1.0+cu121\"",
    good: "version = \"1.0\"",
};

pub(super) fn check_metadata(subject: &MetadataSubject, findings: &mut Findings) {
    subject.report(&RULE, "Version", &["R036"], findings);
}

pub(super) fn check_pyproject(subject: &PyprojectSubject, findings: &mut Findings) {
    let Some(text) = subject.pyproject.project_version() else {
        return;
    };
    if Version::parse(text).is_ok_and(|version| version.is_local()) {
        let message = format!("version `{text}` is a local version");
        findings.add(subject.finding(&RULE, &project(&["version"]), message));
    }
}

#[cfg(test)]
mod tests {
    use super::{check_metadata, check_pyproject};
    use crate::check::probe::{pyproject, whole_metadata};

    #[test]
    fn fires() {
        assert_eq!(
            whole_metadata(check_metadata, "Version: 1.0+cu121\n"),
            ["Version 1: `Version` is refused: `1.0+cu121`"]
        );
        assert_eq!(
            pyproject(check_pyproject, "[project]\nversion = '1.0+a'"),
            ["project.version 2: version `1.0+a` is a local version"]
        );
    }

    #[test]
    fn stays_quiet() {
        assert!(whole_metadata(check_metadata, "Version: 1.0\n").is_empty());
        assert!(pyproject(check_pyproject, "[project]\nversion = 'x+y'").is_empty());
    }
}
