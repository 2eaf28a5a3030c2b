//! P809: tests that the sdist is set up to run, and does not hold.

use pubflow_finding::{Finding, Findings, Rule, Severity};

use crate::sdist::Sdist;

pub(super) static RULE: Rule = Rule {
    code: "P809",
    name: "sdist-without-tests",
    severity: Severity::Note,
    source: "advice",
    refused_by: &[],
    about: "The sdist holds the settings of a test runner and no tests.",
    why: "Distributions of Linux build from the sdist and run its tests; without them they take \
          the repository instead, or leave the project out.",
    cure: "Include the tests in the sdist, not in the wheel.",
    bad: "demo-1.0/tox.ini\ndemo-1.0/demo.py",
    good: "demo-1.0/tox.ini\ndemo-1.0/demo.py\ndemo-1.0/tests/test_demo.py",
};

/// Files that say how tests are run.
const SETTINGS: &[&str] = &["tox.ini", "noxfile.py", "pytest.ini", "conftest.py"];

pub(super) fn check(sdist: &Sdist, findings: &mut Findings) {
    let archive = sdist.archive();
    let Some(root) = sdist.root().filter(|_| archive.is_complete()) else {
        return;
    };
    let in_pyproject = sdist
        .pyproject()
        .is_some_and(|text| text.contains("[tool.pytest"));
    let in_files = SETTINGS
        .iter()
        .find(|name| archive.file(&sdist.member(name)).is_some());
    let settings = match (in_files, in_pyproject) {
        (Some(name), _) => name,
        (None, true) => "pyproject.toml",
        (None, false) => return,
    };
    let is_test = |path: &str| {
        path.split('/').any(|part| {
            let stem = part.split('.').next().unwrap_or_default().to_lowercase();
            stem == "tests" || stem.starts_with("test") || stem.ends_with("_test")
        })
    };
    let has_tests = sdist
        .entries()
        .iter()
        .filter_map(|entry| entry.path.below(root))
        .any(is_test);
    if !has_tests {
        findings.add(
            Finding::new(
                &RULE,
                format!("`{settings}` runs tests that are not in the sdist"),
            )
            .member(sdist.member(settings))
            .next("include the tests in the sdist"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{expect, in_sdist, sdist};
    use super::*;

    #[test]
    fn without_settings_or_with_tests_is_quiet() {
        expect(&in_sdist(&sdist(), check), &[]);
        let builder = sdist().file("tox.ini", "").file("tests/test_x.py", "");
        expect(&in_sdist(&builder, check), &[]);
    }

    #[test]
    fn settings_without_tests_are_found() {
        expect(
            &in_sdist(&sdist().file("tox.ini", ""), check),
            &["note -: `tox.ini` runs tests that are not in the sdist (demo-1.0/tox.ini)"],
        );
    }
}
