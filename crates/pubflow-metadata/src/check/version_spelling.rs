//! P502: versions that are valid but not in normal form.

use pubflow_finding::{Findings, Rule, Severity};
use pubflow_spec::Version;

use super::pyproject::project;
use super::{MetadataSubject, PyprojectSubject};

pub(super) static RULE: Rule = Rule {
    code: "P502",
    name: "version-spelling",
    severity: Severity::Warning,
    source: "version specifiers (PEP 440): normalisation",
    refused_by: &[],
    about: "PEP 440 knows many spellings of one version: `v1.0`, `1.0-RC1` and `1.0.RC.1` are all \
            understood.",
    why: "File names and indexes use the normal form, so that a version written otherwise looks \
            different in every place, and tags and changelogs are easily missed.",
    cure: "Write the normal form.",
    bad: "version = \"v1.0-RC1\"",
    good: "version = \"1.0rc1\"",
};

pub(super) fn check_metadata(subject: &MetadataSubject, findings: &mut Findings) {
    let Some(field) = subject.metadata.named("Version").next() else {
        return;
    };
    if let Some((message, normal)) = misspelt(&field.value) {
        let finding = pubflow_finding::Finding::new(&RULE, message);
        let finding = finding.next(format!("write `{normal}`"));
        findings.add(subject.place(finding.field("Version"), Some(field)));
    }
}

pub(super) fn check_pyproject(subject: &PyprojectSubject, findings: &mut Findings) {
    let version = subject.pyproject.project_version();
    if let Some((message, normal)) = version.and_then(misspelt) {
        let path = project(&["version"]);
        let mut finding = subject.finding(&RULE, &path, message);
        finding.fix = subject.replace_value(&path, &normal);
        findings.add(finding.next(format!("write `{normal}`")));
    }
}

/// What is wrong, and the normal form.
fn misspelt(text: &str) -> Option<(String, String)> {
    let version = Version::parse(text).ok()?;
    let normal = version.to_string();
    (normal != text).then(|| {
        let message = format!("version `{text}` is not in normal form");
        (message, normal)
    })
}

#[cfg(test)]
mod tests {
    use super::{check_metadata, check_pyproject};
    use crate::check::probe::{fixed, pyproject, whole_metadata};

    #[test]
    fn fires() {
        assert_eq!(
            whole_metadata(check_metadata, "Version: v1.0\n"),
            ["Version 1: version `v1.0` is not in normal form"]
        );
        assert_eq!(
            pyproject(check_pyproject, "[project]\nversion = '1.0-RC1'"),
            ["project.version 2: version `1.0-RC1` is not in normal form"]
        );
    }

    #[test]
    fn the_fix_writes_the_normal_form() {
        assert_eq!(
            fixed(check_pyproject, "[project]\nversion = 'v1.0-RC1' # x\n"),
            "[project]\nversion = \"1.0rc1\" # x\n"
        );
    }

    #[test]
    fn stays_quiet() {
        assert!(whole_metadata(check_metadata, "Version: 1.0rc1\n").is_empty());
        assert!(whole_metadata(check_metadata, "Version: one\n").is_empty());
        assert!(pyproject(check_pyproject, "[project]\nversion = '1.0.post1'").is_empty());
    }
}
