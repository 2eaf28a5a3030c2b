//! P406: a licence expression together with licence classifiers.

use pubflow_finding::{Finding, Findings, Refuser, Rule, Severity};

use super::pyproject::project;
use super::{MetadataSubject, PyprojectSubject};

/// Beginning of the classifiers that name a licence.
const LICENCE: &str = "License ::";

pub(super) static RULE: Rule = Rule {
    code: "P406",
    name: "licence-classifier",
    severity: Severity::Warning,
    source: "PEP 639",
    refused_by: &[Refuser::Spec],
    about: "`[project]` has a licence expression and a `License ::` classifier.",
    why: "With a licence expression the `License ::` classifiers are superseded, and two sources \
            can disagree. Some backends refuse to build such a project; PyPI takes it today.",
    cure: "Remove the classifiers.",
    bad: "license = \"MIT\"\nclassifiers = [\"License :: OSI Approved :: MIT License\"]",
    good: "license = \"MIT\"",
};

pub(super) fn check_metadata(subject: &MetadataSubject, findings: &mut Findings) {
    if subject.metadata.first("License-Expression").is_none() {
        return;
    }
    for field in subject.metadata.named("Classifier") {
        if field.value.starts_with(LICENCE) {
            let message = format!("`{}` stands next to a licence expression", field.value);
            let finding = Finding::new(&RULE, message).field("Classifier");
            findings.add(subject.place(finding, Some(field)));
        }
    }
}

pub(super) fn check_pyproject(subject: &PyprojectSubject, findings: &mut Findings) {
    if subject.pyproject.project_string("license").is_none() {
        return;
    }
    for value in subject.pyproject.strings_at(&project(&["classifiers"])) {
        if value.text.starts_with(LICENCE) {
            let message = format!("`{}` stands next to a licence expression", value.text);
            let mut finding = subject
                .finding(&RULE, &value.path, message)
                .next("remove it");
            finding.fix = subject.remove_element(&value.path);
            findings.add(finding);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{check_metadata, check_pyproject};
    use crate::check::probe::{fixed, metadata, pyproject};

    const CLASSIFIER: &str = "License :: OSI Approved :: MIT License";

    #[test]
    fn fires() {
        let text = format!("License-Expression: MIT\nClassifier: {CLASSIFIER}\n");
        assert_eq!(
            metadata(check_metadata, &text),
            [format!(
                "Classifier 5: `{CLASSIFIER}` stands next to a licence expression"
            )]
        );
        let text = format!("[project]\nlicense = 'MIT'\nclassifiers = ['{CLASSIFIER}']\n");
        assert_eq!(
            pyproject(check_pyproject, text),
            [format!(
                "project.classifiers[0] 3: `{CLASSIFIER}` stands next to a licence expression"
            )]
        );
    }

    #[test]
    fn the_fix_removes_them() {
        assert_eq!(
            fixed(
                check_pyproject,
                "[project]\nlicense = 'MIT'\nclassifiers = ['Typing :: Typed', 'License :: OSI Approved :: MIT License']\n"
            ),
            "[project]\nlicense = 'MIT'\nclassifiers = ['Typing :: Typed']\n"
        );
    }

    #[test]
    fn stays_quiet() {
        assert!(metadata(check_metadata, &format!("Classifier: {CLASSIFIER}\n")).is_empty());
        let text = format!("[project]\nlicense.text = 'MIT'\nclassifiers = ['{CLASSIFIER}']\n");
        assert!(pyproject(check_pyproject, text).is_empty());
    }
}
