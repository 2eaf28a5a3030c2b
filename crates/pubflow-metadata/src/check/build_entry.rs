//! P004: a project without pyproject.toml.

use pubflow_finding::{Finding, Findings, Refuser, Rule, Severity};

use super::ProjectTree;

pub(super) static RULE: Rule = Rule {
    code: "P004",
    name: "build-entry",
    severity: Severity::Warning,
    source: "PEP 517 and 518",
    refused_by: &[],
    about: "The directory has a `setup.py` or a `setup.cfg`, but no pyproject.toml. `setup.cfg` \
            alone is an error.",
    why: "A project with `setup.py` alone is built by whatever setuptools is newest, and tools \
            that read a project's metadata without running code find nothing. With `setup.cfg` \
            alone no installer takes it for a project, which is an error.",
    cure: "Add a pyproject.toml with `[build-system]`; the other files can stay.",
    bad: "setup.py",
    good: "setup.py\npyproject.toml",
};

pub(super) fn check(tree: &ProjectTree, findings: &mut Findings) {
    if tree.files.contains("pyproject.toml") {
        return;
    }
    let next = "add a pyproject.toml with [build-system], requires = [\"setuptools>=77\"] and \
                build-backend = \"setuptools.build_meta\"";
    let finding = if tree.files.contains("setup.py") {
        Finding::new(&RULE, "project has setup.py but no pyproject.toml")
    } else {
        let message = "project has neither pyproject.toml nor setup.py";
        let finding = Finding::new(&RULE, message).severity(Severity::Error);
        finding.refused_by(&[Refuser::Pip, Refuser::Uv])
    };
    findings.add(finding.next(next));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(files: &[&str]) -> Vec<(String, Severity)> {
        let tree = ProjectTree {
            files: files.iter().map(|name| (*name).to_owned()).collect(),
            ..ProjectTree::default()
        };
        let mut findings = Findings::default();
        check(&tree, &mut findings);
        let findings = findings.into_sorted().into_iter();
        findings.map(|f| (f.message, f.severity)).collect()
    }

    #[test]
    fn fires() {
        let legacy = "project has setup.py but no pyproject.toml".to_owned();
        assert_eq!(
            found(&["setup.cfg", "setup.py"]),
            [(legacy, Severity::Warning)]
        );
        let none = "project has neither pyproject.toml nor setup.py".to_owned();
        assert_eq!(found(&["setup.cfg"]), [(none, Severity::Error)]);
    }

    #[test]
    fn stays_quiet() {
        assert_eq!(found(&["pyproject.toml"]), []);
    }
}
