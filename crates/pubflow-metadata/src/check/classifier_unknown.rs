//! P219: classifiers that PyPI does not know.

use pubflow_finding::{Findings, Refuser, Rule, Severity};

use super::metadata::shown;
use super::pyproject::project;
use super::{MetadataSubject, PyprojectSubject};
use crate::classifier::{LIST_DATE, Standing, nearest, respelt, standing};

pub(super) static RULE: Rule = Rule {
    code: "P219",
    name: "classifier-unknown",
    severity: Severity::Error,
    source: "trove classifiers; R040",
    refused_by: &[Refuser::Pypi],
    about: "A classifier is not on PyPI's list. Where a known classifier is like the one used, it \
            is named.",
    why: "PyPI takes only classifiers of its list, letter by letter: another case, a missing \
            blank around `::` or a typing error makes the upload fail. The answer comes with the \
            upload only: twine#330, twine#976, warehouse#3430.",
    cure: "Copy the classifier from the list, letter by letter. One that was added after the date \
            of the embedded list passes with `--ignore` and a reason.",
    bad: "classifiers = [\"License :: OSI Approved :: MIT\"]",
    good: "classifiers = [\"License :: OSI Approved :: MIT License\"]",
};

/// Findings of one file that look for a similar classifier, which takes a while.
const SUGGESTED: usize = 20;

pub(super) fn check_metadata(subject: &MetadataSubject, findings: &mut Findings) {
    let mut n_found = 0;
    for (objection, field) in subject.objections("Classifier") {
        let Some(field) = field.filter(|field| standing(&field.value) == Standing::Unknown) else {
            continue;
        };
        let mut finding = subject.finding(&RULE, "Classifier", Some(field), &objection);
        finding.message = format!("classifier is unknown: `{}`", shown(&field.value));
        if n_found < SUGGESTED {
            finding.next = Some(cure(&field.value));
        }
        n_found += 1;
        findings.add(finding);
    }
}

pub(super) fn check_pyproject(subject: &PyprojectSubject, findings: &mut Findings) {
    let mut n_found = 0;
    for value in subject.pyproject.strings_at(&project(&["classifiers"])) {
        if standing(value.text) == Standing::Unknown {
            let message = format!("classifier is unknown: `{}`", shown(value.text));
            let mut finding = subject.finding(&RULE, &value.path, message);
            if n_found < SUGGESTED {
                finding.next = Some(cure(value.text));
                finding.fix =
                    respelt(value.text).and_then(|known| subject.replace_value(&value.path, known));
            }
            n_found += 1;
            findings.add(finding);
        }
    }
}

fn cure(classifier: &str) -> String {
    match nearest(classifier) {
        Some(known) => format!("write `{known}`"),
        None => format!("remove it, it is not in the list of {LIST_DATE}"),
    }
}

#[cfg(test)]
mod tests {
    use super::{check_metadata, check_pyproject, cure};
    use crate::check::probe::{fixed, metadata, pyproject};

    #[test]
    fn fires() {
        assert_eq!(
            metadata(
                check_metadata,
                "Classifier: Topic :: Utilities\nClassifier: topic :: utilities\n"
            ),
            ["Classifier 5: classifier is unknown: `topic :: utilities`"]
        );
        assert_eq!(
            pyproject(
                check_pyproject,
                "[project]\nclassifiers = ['Topic ::Utilities']"
            ),
            ["project.classifiers[0] 2: classifier is unknown: `Topic ::Utilities`"]
        );
        assert_eq!(cure("Topic ::Utilities"), "write `Topic :: Utilities`");
    }

    #[test]
    fn a_fix_is_offered_for_other_spellings_only() {
        assert_eq!(
            fixed(
                check_pyproject,
                "[project]\nclassifiers = ['topic::utilities', 'x']\n"
            ),
            "[project]\nclassifiers = [\"Topic :: Utilities\", 'x']\n"
        );
    }

    #[test]
    fn stays_quiet() {
        assert!(metadata(check_metadata, "Classifier: Private :: x\n").is_empty());
        let good = "[project]\nclassifiers = ['Topic :: Utilities', 'Private :: x', 3]";
        assert!(pyproject(check_pyproject, good).is_empty());
    }
}
