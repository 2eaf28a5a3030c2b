//! P710: descriptions that are not the project's README, or not each other.

use std::path::Path;

use pubflow_dist::Distribution;
use pubflow_dist::agreement::promises_static;
use pubflow_finding::{Finding, Findings, Refuser, Rule, Severity};
use pubflow_metadata::pyproject::Pyproject;

use crate::description;

const NOBODY: &[Refuser] = &[];

pub(crate) static RULE: Rule = Rule {
    code: "P710",
    name: "readme-differs",
    severity: Severity::Warning,
    source: "PEP 643; advice",
    refused_by: NOBODY,
    about: "The description in a file of `dist` is not the README that the project has now, or the \
            wheel has another description than the sdist beside it.",
    why: "PyPI shows the description of the first file that is uploaded, and nobody can change it \
          afterwards: a README that was corrected after the build stays wrong for good.",
    cure: "Build again after the last change of the README, both files in one run.",
    bad: "README.md changed today, dist/demo-1.0.tar.gz built yesterday",
    good: "pubflow build",
};

/// Compares the description of a file with the README of the project that it was built from.
pub(crate) fn check_tree(project: &Path, distribution: &Distribution, findings: &mut Findings) {
    let Ok(bytes) = std::fs::read(project.join("pyproject.toml")) else {
        return;
    };
    let pyproject = Pyproject::from_bytes(&bytes);
    let Some(metadata) = distribution.metadata() else {
        return;
    };
    // Files of another version have another README, and are told for themselves.
    let is_other = pyproject
        .project_version()
        .is_some_and(|version| metadata.first("Version") != Some(version));
    let readme = description::readme_of(project, &pyproject);
    let (false, Some((name, readme)), Some(description)) =
        (is_other, readme, metadata.description())
    else {
        return;
    };
    if let Some(line) = first_difference(&readme, description) {
        let message = format!("its description is not `{name}` as it is now");
        let finding = Finding::new(&RULE, message)
            .field("Description")
            .why(format!("they differ from line {line} on"))
            .next("build again, so that PyPI shows the README of this release");
        findings.add(match distribution.metadata_member() {
            Some(member) => finding.member(member),
            None => finding,
        });
    }
}

/// Compares the descriptions of a wheel and the sdist beside it, where the sdist promises nothing: what it promises is
/// compared by P1601.
pub(crate) fn check_pair(sdist: &Distribution, wheel: &Distribution, findings: &mut Findings) {
    let (Some(first), Some(second)) = (sdist.metadata(), wheel.metadata()) else {
        return;
    };
    let (Some(a), Some(b)) = (first.description(), second.description()) else {
        return;
    };
    if promises_static(first) {
        return;
    }
    if let Some(line) = first_difference(a, b) {
        let finding = Finding::new(&RULE, "sdist and wheel have different descriptions")
            .field("Description")
            .why(format!("they differ from line {line} on"))
            .next("build both in one run");
        findings.add(finding);
    }
}

/// The first line in which two texts differ in more than blanks at the end, from 1.
fn first_difference(a: &str, b: &str) -> Option<usize> {
    let lines = |text: &str| -> Vec<String> {
        let lines = text.trim_end().lines().map(str::trim_end);
        lines.map(str::to_owned).collect()
    };
    let (a, b) = (lines(a), lines(b));
    let n_same = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    (n_same < a.len().max(b.len())).then_some(n_same + 1)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use pubflow_testkit::{SdistBuilder, WheelBuilder};

    use crate::{CheckOptions, check_paths};

    const README: &str = "# Demo\n\nReads maps of any size and draws them.\n";

    /// Messages of P710 for a project with this README and these descriptions in its `dist`.
    fn found(readme: &str, [sdist, wheel]: [&str; 2], metadata_version: &str) -> Vec<String> {
        let dir = tempfile::tempdir().unwrap();
        let pyproject = "[project]\nname = 'demo'\nversion = '1.0'\nreadme = 'README.md'\n";
        fs::write(dir.path().join("pyproject.toml"), pyproject).unwrap();
        fs::write(dir.path().join("README.md"), readme).unwrap();
        let dist = dir.path().join("dist");
        fs::create_dir(&dist).unwrap();
        SdistBuilder::new("demo", "1.0")
            .metadata_version(metadata_version)
            .description(sdist)
            .build_in(&dist);
        WheelBuilder::new("demo", "1.0")
            .metadata_version(metadata_version)
            .description(wheel)
            .build_in(&dist);
        let reports = check_paths(&[dir.path().to_owned()], &CheckOptions::default()).unwrap();
        let findings = reports.iter().flat_map(|report| &report.findings);
        findings
            .filter(|finding| finding.rule.code == "P710")
            .map(|finding| finding.message.clone())
            .collect()
    }

    #[test]
    fn fires() {
        let stale = "its description is not `README.md` as it is now";
        let old = "# Demo\n\nReads maps.\n";
        assert_eq!(found(README, [README, old], "2.4"), [stale]);
        assert_eq!(
            found(README, [README, old], "2.1"),
            ["sdist and wheel have different descriptions", stale]
        );
        assert_eq!(found("# New\n", [README, README], "2.4"), [stale, stale]);
    }

    #[test]
    fn stays_quiet() {
        let blanks = README.replace('\n', "  \n") + "\n\n";
        assert_eq!(found(README, [README, &blanks], "2.1"), [""; 0]);
    }
}
