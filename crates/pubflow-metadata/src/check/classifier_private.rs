//! P222: classifiers that keep a project from being uploaded.

use pubflow_finding::{Findings, Refuser, Rule, Severity};

use super::pyproject::project;
use super::{MetadataSubject, PyprojectSubject};
use crate::classifier::{Standing, standing};

pub(super) static RULE: Rule = Rule {
    code: "P222",
    name: "classifier-private",
    severity: Severity::Error,
    source: "trove classifiers; R040",
    refused_by: &[Refuser::Pypi],
    about: "A classifier begins with `Private ::`. In pyproject.toml it is only a note, because \
            the project says so on purpose.",
    why: "A classifier that begins with `Private ::` is never on PyPI's list. It is the agreed \
            way to make sure that a project is not published by accident: PyPI refuses the \
            upload, and `publish` refuses every public index.",
    cure: "Remove the classifier when the project shall be published.",
    bad: "classifiers = [\"Private :: Do Not Upload\"]       # and an upload to PyPI",
    good: "classifiers = [\"Typing :: Typed\"]",
};

pub(super) fn check_metadata(subject: &MetadataSubject, findings: &mut Findings) {
    for (objection, field) in subject.objections("Classifier") {
        if let Some(field) = field.filter(|field| standing(&field.value) == Standing::Private) {
            let mut finding = subject.finding(&RULE, "Classifier", Some(field), &objection);
            finding.message = format!("classifier forbids publishing: `{}`", field.value);
            findings.add(finding);
        }
    }
}

pub(super) fn check_pyproject(subject: &PyprojectSubject, findings: &mut Findings) {
    for value in subject.pyproject.strings_at(&project(&["classifiers"])) {
        if standing(value.text) == Standing::Private {
            let message = format!("classifier forbids publishing: `{}`", value.text);
            let finding = subject.finding(&RULE, &value.path, message);
            findings.add(finding.severity(Severity::Note).refused_by(&[]));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{check_metadata, check_pyproject};
    use crate::check::probe::{metadata, pyproject};

    #[test]
    fn fires() {
        assert_eq!(
            metadata(check_metadata, "Classifier: Private :: Do Not Upload\n"),
            ["Classifier 4: classifier forbids publishing: `Private :: Do Not Upload`"]
        );
        assert_eq!(
            pyproject(
                check_pyproject,
                "[project]\nclassifiers = ['Private :: Do Not Upload']"
            ),
            ["project.classifiers[0] 2: classifier forbids publishing: `Private :: Do Not Upload`"]
        );
    }

    #[test]
    fn stays_quiet() {
        assert!(metadata(check_metadata, "Classifier: Topic :: Utilities\n").is_empty());
        assert!(pyproject(check_pyproject, "[project]\nclassifiers = ['private']").is_empty());
    }
}
