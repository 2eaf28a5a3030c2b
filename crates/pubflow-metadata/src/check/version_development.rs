//! P504: versions that nobody chose.

use pubflow_finding::{Finding, Findings, Rule, Severity};
use pubflow_spec::Version;

use super::pyproject::project;
use super::{MetadataSubject, PyprojectSubject};

pub(super) static RULE: Rule = Rule {
    code: "P504",
    name: "version-development",
    severity: Severity::Warning,
    source: "advice",
    refused_by: &[],
    about: "`0.0.0`, `0.1.dev0`, `0.0.post1.dev1` and their like are what version tools and build \
            backends give where they find no tag and no version: the mark of a shallow clone or a \
            missing configuration.",
    why: "A development release is legal, but once uploaded its number can never be used again. A \
            build from a shallow or tagless clone has been released more than once: \
            setuptools-scm#414, #790 and #1506, camelot#596, hubtty#144.",
    cure: "Fetch the tags (`git fetch --tags --unshallow`), or set the version.",
    bad: "version = \"0.1.dev0\"",
    good: "version = \"1.4.2\"",
};

pub(super) fn check_metadata(subject: &MetadataSubject, findings: &mut Findings) {
    let Some(field) = subject.metadata.named("Version").next() else {
        return;
    };
    if let Some(message) = fault(&field.value) {
        let finding = Finding::new(&RULE, message).field("Version");
        findings.add(subject.place(finding, Some(field)));
    }
}

pub(super) fn check_pyproject(subject: &PyprojectSubject, findings: &mut Findings) {
    // A development version in the file itself was chosen: only the empty one is suspect.
    let version = subject.pyproject.project_version();
    let zero = version.filter(|text| Version::parse(text).is_ok_and(|v| is_zero(&v)));
    if let Some(message) = zero.and_then(fault) {
        findings.add(subject.finding(&RULE, &project(&["version"]), message));
    }
}

fn fault(text: &str) -> Option<String> {
    let version = Version::parse(text).ok()?;
    if is_zero(&version) {
        Some(format!("version `{text}` looks like one that nobody chose"))
    } else if version.dev().is_some() {
        Some(format!("version `{text}` is a development version"))
    } else {
        None
    }
}

fn is_zero(version: &Version) -> bool {
    version.release().iter().all(pubflow_spec::Number::is_zero)
}

#[cfg(test)]
mod tests {
    use super::{check_metadata, check_pyproject};
    use crate::check::probe::{pyproject, whole_metadata};

    #[test]
    fn fires() {
        assert_eq!(
            whole_metadata(check_metadata, "Version: 0.1.dev3\n"),
            ["Version 1: version `0.1.dev3` is a development version"]
        );
        assert_eq!(
            pyproject(check_pyproject, "[project]\nversion = '0.0.0'"),
            ["project.version 2: version `0.0.0` looks like one that nobody chose"]
        );
    }

    #[test]
    fn stays_quiet() {
        assert!(whole_metadata(check_metadata, "Version: 0.0.1\n").is_empty());
        assert!(pyproject(check_pyproject, "[project]\nversion = '1.1.dev1'").is_empty());
    }
}
