//! P309: names of extras.

use std::collections::BTreeMap;

use pubflow_finding::{Findings, Refuser, Rule, Severity};
use pubflow_spec::ProjectName;

use super::pyproject::project;
use super::{MetadataSubject, PyprojectSubject};

pub(super) static RULE: Rule = Rule {
    code: "P309",
    name: "extra-name",
    severity: Severity::Error,
    source: "PEP 508 and 685; R052",
    refused_by: &[Refuser::Pypi, Refuser::Spec],
    about: "The name of an extra follows the rules of project names: letters, digits, `.`, `-` \
            and `_`, with a letter or digit at either end.",
    why: "Names are compared after normalisation, so that two extras such as `a-b` and `a_b` are \
            one and the same, which build backends refuse.",
    cure: "Rename the extra.",
    bad: "[project.optional-dependencies]\n\"a_b\" = []\n\"a-b\" = []",
    good: "[project.optional-dependencies]\na-b = []",
};

pub(super) fn check_metadata(subject: &MetadataSubject, findings: &mut Findings) {
    subject.report(&RULE, "Provides-Extra", &["R052"], findings);
}

pub(super) fn check_pyproject(subject: &PyprojectSubject, findings: &mut Findings) {
    let Some(extras) = subject.pyproject.table("project.optional-dependencies") else {
        return;
    };
    let path = project(&["optional-dependencies"]);
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    for (extra, _) in extras.iter() {
        let Ok(name) = ProjectName::parse(extra) else {
            let message = format!("`{extra}` is no name of an extra");
            findings.add(subject.finding(&RULE, &path.key(extra), message));
            continue;
        };
        let before = seen.insert(name.normalized().to_owned(), extra.to_owned());
        if let Some(before) = before {
            let message = format!("extras `{before}` and `{extra}` have the same normalised name");
            let finding = subject.finding(&RULE, &path.key(extra), message);
            findings.add(finding.refused_by(&[Refuser::Spec]));
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
            metadata(check_metadata, "Provides-Extra: te st\n"),
            ["Provides-Extra 4: `Provides-Extra` is refused: `te st`"]
        );
        let text = "[project.optional-dependencies]\n-x = []\na-b = []\nA_b = []\n";
        assert_eq!(
            pyproject(check_pyproject, text),
            [
                "project.optional-dependencies.-x 2: `-x` is no name of an extra",
                "project.optional-dependencies.A_b 4: extras `a-b` and `A_b` have the same \
                 normalised name"
            ]
        );
    }

    #[test]
    fn stays_quiet() {
        assert!(metadata(check_metadata, "Provides-Extra: My_Extra\n").is_empty());
        let good = "[project.optional-dependencies]\nA = []\nb = []\n";
        assert!(pyproject(check_pyproject, good).is_empty());
    }
}
