//! A project and the files in its `dist`: what only both together tell.

use std::path::Path;

use pubflow_dist::Distribution;
use pubflow_finding::Findings;
use pubflow_metadata::pyproject::Pyproject;
use pubflow_spec::ProjectName;

use crate::path::SubjectKind;
use crate::subject::Checked;
use crate::{folder, readme_agreement, shown, stale};

/// Judges every file in the `dist` of every project; the findings are the file's.
pub(crate) fn check(subjects: &mut [Checked]) {
    let projects: Vec<_> = subjects
        .iter()
        .filter(|subject| subject.report.kind == SubjectKind::Project)
        .map(|subject| subject.report.path.clone())
        .collect();
    for project in projects {
        let dist = project.join("dist");
        let name = name_of(&project);
        let is_there = |subject: &&Checked| subject.report.path.parent() == Some(&dist);
        let all: Vec<&Distribution> = subjects
            .iter()
            .filter(is_there)
            .filter_map(|subject| subject.distribution.as_ref())
            .collect();
        let judge = |subject: &Checked| {
            let mut findings = Findings::for_path(shown(&subject.report.path));
            if let Some(distribution) = &subject.distribution {
                folder::check(distribution, &all, name.as_ref(), &mut findings);
                stale::check(&project, distribution, &mut findings);
                readme_agreement::check_tree(&project, distribution, &mut findings);
            }
            findings
        };
        let found: Vec<(usize, Findings)> = subjects
            .iter()
            .enumerate()
            .filter(|(_, subject)| is_there(subject))
            .map(|(index, subject)| (index, judge(subject)))
            .collect();
        for (index, findings) in found {
            subjects[index].add(findings);
        }
    }
}

/// The name that the project's pyproject.toml gives.
fn name_of(project: &Path) -> Option<ProjectName> {
    let bytes = std::fs::read(project.join("pyproject.toml")).ok()?;
    let pyproject = Pyproject::from_bytes(&bytes);
    ProjectName::parse(pyproject.project_name()?).ok()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use pubflow_testkit::{SdistBuilder, WheelBuilder};

    use crate::{CheckOptions, check_paths};

    /// Codes and messages of the rules that look at a project and its `dist`.
    fn found(project: &std::path::Path) -> Vec<String> {
        let reports = check_paths(&[project.to_owned()], &CheckOptions::default()).unwrap();
        let findings = reports.iter().flat_map(|report| &report.findings);
        findings
            .filter(|finding| matches!(finding.rule.code, "P922" | "P1605"))
            .map(|finding| format!("{}: {}", finding.rule.code, finding.message))
            .collect()
    }

    fn project() -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        let pyproject = "[project]\nname = \"demo\"\nversion = \"1.0\"\n";
        fs::write(dir.path().join("pyproject.toml"), pyproject).unwrap();
        for folder in ["dist", "src/demo", "build/lib/demo"] {
            fs::create_dir_all(dir.path().join(folder)).unwrap();
        }
        fs::write(dir.path().join("src/demo/__init__.py"), "").unwrap();
        fs::write(dir.path().join("build/lib/demo/__init__.py"), "").unwrap();
        fs::write(dir.path().join("build/lib/demo/old.py"), "").unwrap();
        dir
    }

    #[test]
    fn one_release_from_the_tree_is_quiet() {
        let dir = project();
        let dist = dir.path().join("dist");
        let wheel = WheelBuilder::new("demo", "1.0").file("demo/__init__.py", "");
        // Written by the build: in no tree, and not left over either.
        let wheel = wheel.file("demo/_version.py", "");
        wheel.build_in(&dist);
        SdistBuilder::new("demo", "1.0").build_in(&dist);
        assert!(found(dir.path()).is_empty());
    }

    #[test]
    fn what_is_left_over_is_found() {
        let dir = project();
        let dist = dir.path().join("dist");
        let wheel = WheelBuilder::new("demo", "1.0").file("demo/__init__.py", "");
        wheel.file("demo/old.py", "").build_in(&dist);
        SdistBuilder::new("demo", "0.9").build_in(&dist);
        SdistBuilder::new("other", "1.0").build_in(&dist);
        assert_eq!(
            found(dir.path()),
            [
                "P1605: `demo-0.9.tar.gz` is older than `demo-1.0-py3-none-any.whl` beside it",
                "P922: `demo/old.py` is in `build/lib`, but not in the project any more",
                "P1605: `other-1.0.tar.gz` is of another project than `demo`",
            ]
        );
    }
}
