//! Distributions against those of the last release: what grew, what vanished, what is new and runs.

use std::path::PathBuf;

use pubflow_dist::check::{CHECKS_COMPARISON, CHECKS_SUCCESSION, Succession};
use pubflow_dist::comparison::{Comparison, closest};
use pubflow_dist::{Distribution, Limits, OpenError};
use pubflow_finding::Findings;
use pubflow_spec::{DistributionFilename, WheelFilename};

use crate::subject::Checked;
use crate::{CheckError, shown};

/// The release to compare with.
#[derive(Debug, Clone, Default)]
pub struct Predecessor {
    /// Its files, or the one file that is known of it.
    pub files: Vec<PathBuf>,
    /// The names of all its files, where they are known: what had a wheel then and has none now can
    /// be told only by the whole list.
    pub all_names: Vec<String>,
}

/// Compares every distribution with the most similar file of the release before, and adds what is
/// found to its report.
pub(crate) fn check(subjects: &mut [Checked], predecessor: &Predecessor) -> Result<(), CheckError> {
    let names: Vec<String> = predecessor
        .files
        .iter()
        .map(|path| {
            path.file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    for subject in subjects.iter_mut() {
        let Some(new) = &subject.distribution else {
            continue;
        };
        let filename = new.path().file_name().unwrap_or_default().to_string_lossy();
        let Some(place) = closest(&filename, &names) else {
            continue;
        };
        let old = Distribution::open(&predecessor.files[place], &Limits::default())
            .map_err(unreadable)?;
        let comparison = Comparison::of(&old, new).map_err(unreadable)?;
        let mut findings = Findings::for_path(shown(&subject.report.path));
        for check in CHECKS_COMPARISON {
            (check.run)(&comparison, &mut findings);
        }
        add(subject, findings);
    }
    check_matrix(subjects, predecessor);
    Ok(())
}

/// Wheels of the whole release; the findings stand with its first file.
fn check_matrix(subjects: &mut [Checked], predecessor: &Predecessor) {
    let wheels = |names: &mut dyn Iterator<Item = String>| -> Vec<WheelFilename> {
        names
            .filter_map(|name| WheelFilename::parse(&name).ok())
            .collect()
    };
    let old = wheels(&mut predecessor.all_names.iter().cloned());
    let filenames: Vec<DistributionFilename> = subjects
        .iter()
        .filter_map(|subject| subject.distribution.as_ref()?.filename())
        .collect();
    let (Some(first), Some(before)) = (filenames.first(), old.first()) else {
        return;
    };
    let succession = Succession {
        old_version: before.version.to_string(),
        new: wheels(&mut filenames.iter().map(ToString::to_string)),
        requires_python: subjects
            .iter()
            .filter_map(|subject| {
                subject
                    .distribution
                    .as_ref()?
                    .metadata()?
                    .first("Requires-Python")
            })
            .map(str::to_owned)
            .next(),
        old,
    };
    let first = first.clone();
    let subject = subjects.iter_mut().find(|subject| {
        let filename = subject
            .distribution
            .as_ref()
            .and_then(Distribution::filename);
        filename.as_ref() == Some(&first)
    });
    if let Some(subject) = subject {
        let mut findings = Findings::for_path(shown(&subject.report.path));
        for check in CHECKS_SUCCESSION {
            (check.run)(&succession, &mut findings);
        }
        add(subject, findings);
    }
}

fn add(subject: &mut Checked, mut findings: Findings) {
    for finding in std::mem::take(&mut subject.report.findings) {
        findings.add(finding);
    }
    subject.report.findings = findings.into_sorted();
}

fn unreadable(error: OpenError) -> CheckError {
    CheckError {
        path: error.path,
        source: error.source,
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use pubflow_testkit::WheelBuilder;

    use super::*;
    use crate::{CheckOptions, check_paths};

    fn wheel(version: &str, tag: &str) -> WheelBuilder {
        WheelBuilder::new("demo", version)
            .tag(tag)
            .file("demo/__init__.py", "x = 1\n")
    }

    /// Codes and messages that the comparison adds.
    fn found(paths: &[PathBuf], files: Vec<PathBuf>, all_names: &[&str]) -> Vec<(String, String)> {
        let options = CheckOptions {
            against: Some(Predecessor {
                files,
                all_names: all_names.iter().map(|name| (*name).to_owned()).collect(),
            }),
            ..CheckOptions::default()
        };
        check_paths(paths, &options)
            .unwrap()
            .iter()
            .flat_map(|subject| &subject.findings)
            .filter(|finding| ["P216", "P1212", "P1503"].contains(&finding.rule.code))
            .map(|finding| (finding.rule.code.to_owned(), finding.message.clone()))
            .collect()
    }

    #[test]
    fn each_file_is_compared_with_the_one_most_like_it() {
        let (old, new) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let linux = "cp312-cp312-manylinux_2_28_x86_64";
        let windows = "cp312-cp312-win_amd64";
        let olds = [
            wheel("1.0", linux)
                .requires("only-linux")
                .build_in(old.path()),
            wheel("1.0", windows).build_in(old.path()),
        ];
        let news = [
            wheel("1.1", linux)
                .requires("only-linux")
                .build_in(new.path()),
            wheel("1.1", windows).requires("odd").build_in(new.path()),
        ];
        assert_eq!(
            found(&news, olds.to_vec(), &[]),
            [(
                "P1503".to_owned(),
                "new since 1.0: dependency `odd`".to_owned()
            )]
        );
    }

    #[test]
    fn holes_are_told_once_with_the_first_file() {
        let new = tempfile::tempdir().unwrap();
        let only = wheel("1.1", "cp312-cp312-win_amd64").build_in(new.path());
        let names = ["demo-1.0-cp312-cp312-win_arm64.whl", "demo-1.0.tar.gz"];
        assert_eq!(
            found(std::slice::from_ref(&only), Vec::new(), &names),
            [(
                "P1212".to_owned(),
                "no wheel for Windows ARM64 any more; 1.0 had one".to_owned()
            )]
        );
        assert_eq!(found(&[only], Vec::new(), &[]), []);
    }

    #[test]
    fn a_predecessor_that_is_gone_is_an_error_with_its_path() {
        let new = tempfile::tempdir().unwrap();
        let path = wheel("1.1", "py3-none-any").build_in(new.path());
        let options = CheckOptions {
            against: Some(Predecessor {
                files: vec![Path::new("gone/demo-1.0-py3-none-any.whl").to_owned()],
                all_names: Vec::new(),
            }),
            ..CheckOptions::default()
        };
        let error = check_paths(&[path], &options).unwrap_err();
        assert!(error.path.starts_with("gone"));
    }
}
