//! P1307: files of continuous integration in an sdist.

use std::collections::BTreeSet;

use pubflow_finding::{Finding, Findings, Rule, Severity};

use crate::sdist::Sdist;

pub(super) static RULE: Rule = Rule {
    code: "P1307",
    name: "ci-files",
    severity: Severity::Note,
    source: "advice",
    refused_by: &[],
    about: "The sdist holds the configuration of a continuous integration service.",
    why: "Nobody who builds from the sdist needs it.",
    cure: "Exclude it in the backend's settings, or leave it: it does no harm.",
    bad: "demo-1.0/.github/workflows/test.yml\ndemo-1.0/demo.py",
    good: "demo-1.0/demo.py",
};

/// Directories and files at the top of the tree.
const NAMES: &[&str] = &[
    ".appveyor.yml",
    ".azure-pipelines",
    ".buildkite",
    ".circleci",
    ".cirrus.yml",
    ".drone.yml",
    ".forgejo",
    ".gitea",
    ".github",
    ".gitlab-ci.yml",
    ".readthedocs.yaml",
    ".readthedocs.yml",
    ".travis.yml",
    ".woodpecker.yml",
    "Jenkinsfile",
    "appveyor.yml",
    "azure-pipelines.yml",
    "bitbucket-pipelines.yml",
    "codecov.yml",
];

pub(super) fn check(sdist: &Sdist, findings: &mut Findings) {
    let Some(root) = sdist.root() else {
        return;
    };
    let found: BTreeSet<&str> = sdist
        .entries()
        .iter()
        .filter_map(|entry| entry.path.below(root)?.split('/').next())
        .filter(|top| NAMES.contains(top))
        .collect();
    if let Some(first) = found.first() {
        let names: Vec<String> = found.iter().map(|name| format!("`{name}`")).collect();
        findings.add(
            Finding::new(
                &RULE,
                format!("the sdist holds files of CI services: {}", names.join(", ")),
            )
            .member(sdist.member(first))
            .next("exclude them in the backend's settings"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{expect, in_sdist, sdist};
    use super::*;

    #[test]
    fn sources_are_quiet() {
        let builder = sdist().file("demo/.github/x", "");
        expect(&in_sdist(&builder, check), &[]);
    }

    #[test]
    fn ci_files_are_found_once() {
        let builder = sdist()
            .file(".github/workflows/a.yml", "")
            .file(".github/workflows/b.yml", "")
            .file(".travis.yml", "");
        expect(
            &in_sdist(&builder, check),
            &[
                "note -: the sdist holds files of CI services: `.github`, `.travis.yml` (demo-1.0/.github)",
            ],
        );
    }
}
