//! P229: import names of PEP 794.

use std::collections::BTreeSet;

use pubflow_finding::{Findings, Refuser, Rule, Severity};

use super::pyproject::project;
use super::{MetadataSubject, PyprojectSubject};
use crate::pyproject::StringValue;
use crate::upload_rule::import_name_fault;

pub(super) static RULE: Rule = Rule {
    code: "P229",
    name: "import-name",
    severity: Severity::Error,
    source: "PEP 794; R053",
    refused_by: &[Refuser::Pypi, Refuser::Spec],
    about: "`Import-Name` and `Import-Namespace` say which modules a distribution installs. Each \
            must be a dotted name of Python identifiers, none of them a keyword, optionally \
            followed by `; private`. In pyproject.toml no name may stand in both lists, and the \
            parents of a dotted name must be listed too.",
    why: "PyPI refuses names that are none. Tools that answer \"which distribution brings this \
            module\" rely on the names.",
    cure: "List each module as it is imported, and the parents of dotted names.",
    bad: "import-names = [\"demo-core\"]",
    good: "import-names = [\"demo_core\"]",
};

pub(super) fn check_metadata(subject: &MetadataSubject, findings: &mut Findings) {
    subject.report(&RULE, "Import-Name", &["R053"], findings);
    subject.report(&RULE, "Import-Namespace", &["R053"], findings);
}

pub(super) fn check_pyproject(subject: &PyprojectSubject, findings: &mut Findings) {
    let mut listed: Vec<(&str, StringValue<'_>)> = Vec::new();
    for key in ["import-names", "import-namespaces"] {
        for value in subject.pyproject.strings_at(&project(&[key])) {
            if let Some(fault) = import_name_fault(value.text, key) {
                findings.add(subject.finding(&RULE, &value.path, fault));
                continue;
            }
            let (name, _) = value.text.split_once(';').unwrap_or((value.text, ""));
            listed.push((name.trim_end(), value));
        }
    }
    let names: BTreeSet<&str> = listed.iter().map(|(name, _)| *name).collect();
    let mut seen = BTreeSet::new();
    for (name, value) in &listed {
        let lost = name
            .match_indices('.')
            .map(|(at, _)| &name[..at])
            .find(|parent| !names.contains(parent));
        let message = if !seen.insert(*name) {
            format!("`{name}` is listed twice")
        } else if let Some(parent) = lost {
            format!("`{name}` is listed without its parent `{parent}`")
        } else {
            continue;
        };
        let finding = subject.finding(&RULE, &value.path, message);
        findings.add(finding.refused_by(&[Refuser::Spec]));
    }
}

#[cfg(test)]
mod tests {
    use super::{check_metadata, check_pyproject};
    use crate::check::probe::{metadata, pyproject};

    #[test]
    fn fires() {
        assert_eq!(
            metadata(check_metadata, "Import-Name: class\n"),
            ["Import-Name 4: `Import-Name` is refused: `class`"]
        );
        assert_eq!(
            metadata(check_metadata, "Import-Namespace: a-b\n"),
            ["Import-Namespace 4: `Import-Namespace` is refused: `a-b`"]
        );
    }

    #[test]
    fn fires_on_lists() {
        let text = "[project]\nimport-names = ['a', 'b.c', 'is']\nimport-namespaces = ['a']\n";
        assert_eq!(
            pyproject(check_pyproject, text),
            [
                "project.import-names[1] 2: `b.c` is listed without its parent `b`",
                "project.import-names[2] 2: 'is' is invalid for 'import-names'; 'is' is a keyword",
                "project.import-namespaces[0] 3: `a` is listed twice",
            ]
        );
    }

    #[test]
    fn stays_quiet() {
        let good = "[project]\nimport-names = ['a.b', '_a; private']\nimport-namespaces = ['a']\n";
        assert!(pyproject(check_pyproject, good).is_empty());
        assert!(
            metadata(
                check_metadata,
                "Import-Name: a.b; private\nImport-Namespace: c\n"
            )
            .is_empty()
        );
    }
}
