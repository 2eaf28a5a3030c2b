//! P220: classifiers that PyPI has given up.

use pubflow_finding::{Findings, Refuser, Rule, Severity};

use super::pyproject::project;
use super::{MetadataSubject, PyprojectSubject};
use crate::classifier::{Standing, standing};

pub(super) static RULE: Rule = Rule {
    code: "P220",
    name: "classifier-deprecated",
    severity: Severity::Error,
    source: "trove classifiers; R041",
    refused_by: &[Refuser::Pypi],
    about: "A classifier of the list can be deprecated.",
    why: "PyPI then refuses uploads that use it, and its answer names the replacement where there \
            is one.",
    cure: "Replace or remove it.",
    bad: "classifiers = [\"Natural Language :: Ukranian\"]",
    good: "classifiers = [\"Natural Language :: Ukrainian\"]",
};

pub(super) fn check_metadata(subject: &MetadataSubject, findings: &mut Findings) {
    subject.report(&RULE, "Classifier", &["R041"], findings);
}

pub(super) fn check_pyproject(subject: &PyprojectSubject, findings: &mut Findings) {
    for value in subject.pyproject.strings_at(&project(&["classifiers"])) {
        let Standing::Deprecated { instead } = standing(value.text) else {
            continue;
        };
        let message = format!("classifier is deprecated: `{}`", value.text);
        let next = match instead.first() {
            Some(instead) => format!("replace it by `{instead}`"),
            None => "remove it".to_owned(),
        };
        let mut finding = subject.finding(&RULE, &value.path, message).next(next);
        if let [instead] = instead.as_slice() {
            finding.fix = subject.replace_value(&value.path, instead);
        }
        findings.add(finding);
    }
}

#[cfg(test)]
mod tests {
    use super::{check_metadata, check_pyproject};
    use crate::check::probe::{fixed, metadata, pyproject};

    #[test]
    fn fires() {
        assert_eq!(
            metadata(check_metadata, "Classifier: Natural Language :: Ukranian\n"),
            ["Classifier 4: `Classifier` is refused: `Natural Language :: Ukranian`"]
        );
        assert_eq!(
            pyproject(
                check_pyproject,
                "[project]\nclassifiers = [\n'Natural Language :: Ukranian']"
            ),
            ["project.classifiers[0] 3: classifier is deprecated: `Natural Language :: Ukranian`"]
        );
    }

    #[test]
    fn the_fix_writes_the_replacement() {
        assert_eq!(
            fixed(
                check_pyproject,
                "[project]\nclassifiers = ['Natural Language :: Ukranian']\n"
            ),
            "[project]\nclassifiers = [\"Natural Language :: Ukrainian\"]\n"
        );
    }

    #[test]
    fn stays_quiet() {
        assert!(metadata(check_metadata, "Classifier: Topic :: Utilities\n").is_empty());
        let good = "[project]\nclassifiers = ['Topic :: Utilities', 'Nope']";
        assert!(pyproject(check_pyproject, good).is_empty());
    }
}
