//! One subject: read it once, run every check that looks at its kind.

use std::fs;
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Arc;

use pubflow_dist::{Distribution, Limits, sha256_file};
use pubflow_finding::{Finding, Findings};
use pubflow_metadata::check::{CHECKS_METADATA, MetadataSubject};
use pubflow_metadata::core_metadata::CoreMetadata;

use crate::description;
use crate::path::SubjectKind;
use crate::project::{check_project, check_pyproject, check_sdist};
use crate::{CheckError, SubjectReport, shown};

/// A checked subject, with what comparing it with others needs.
pub(crate) struct Checked {
    /// What was found.
    pub(crate) report: SubjectReport,
    /// The distribution, where it is one.
    pub(crate) distribution: Option<Distribution>,
}

impl Checked {
    /// Adds what was found by comparing it with others.
    pub(crate) fn add(&mut self, found: Findings) {
        let mut all = Findings::default();
        let before = std::mem::take(&mut self.report.findings);
        for finding in found.into_sorted().into_iter().chain(before) {
            all.add(finding);
        }
        self.report.findings = all.into_sorted();
    }
}

/// Checks one subject on at most `threads` threads.
pub(crate) fn check(
    path: &Path,
    kind: SubjectKind,
    threads: NonZeroUsize,
) -> Result<Checked, CheckError> {
    let wrong = |source| CheckError {
        path: path.to_owned(),
        source,
    };
    let mut findings = Findings::for_path(shown(path));
    let (mut sha256, mut distribution) = (None, None);
    match kind {
        SubjectKind::Project => {
            check_project(path, &mut findings).map_err(wrong)?;
        }
        SubjectKind::Pyproject => {
            let bytes = fs::read(path).map_err(wrong)?;
            let in_a_project = path
                .file_name()
                .is_some_and(|name| name == "pyproject.toml");
            let tree = path.parent().filter(|_| in_a_project);
            check_pyproject(&bytes, tree, &mut findings);
        }
        SubjectKind::Metadata => {
            let bytes = fs::read(path).map_err(wrong)?;
            check_metadata(
                &MetadataSubject::bare(CoreMetadata::parse(&bytes)),
                &mut findings,
            );
        }
        SubjectKind::Wheel | SubjectKind::Sdist | SubjectKind::Unknown => {
            let opened =
                Distribution::open_on(path, &Limits::default(), threads).map_err(|error| {
                    CheckError {
                        path: path.to_owned(),
                        source: error.source,
                    }
                })?;
            sha256 = Some(sha256_file(path).map_err(wrong)?);
            run_checks(&opened, &mut findings);
            distribution = Some(opened);
        }
    }
    let report = SubjectReport {
        path: path.to_owned(),
        kind,
        sha256,
        findings: with_edited_paths(findings.into_sorted()),
        n_ignored: 0,
    };
    Ok(Checked {
        report,
        distribution,
    })
}

/// Everything that is found in a distribution which is open already, sorted.
#[must_use]
pub fn check_distribution(distribution: &Distribution) -> Vec<Finding> {
    let mut findings = Findings::for_path(shown(distribution.path()));
    run_checks(distribution, &mut findings);
    with_edited_paths(findings.into_sorted())
}

fn run_checks(distribution: &Distribution, findings: &mut Findings) {
    distribution.check(findings);
    if let Some(metadata) = distribution.metadata() {
        let subject = MetadataSubject {
            metadata: Arc::new(metadata.clone()),
            member: distribution.metadata_member(),
        };
        check_metadata(&subject, findings);
    }
    if let Distribution::Sdist(sdist) = distribution {
        check_sdist(sdist, findings);
    }
}

/// Says which file each fix edits: checks look at a text and do not know where it is.
pub(crate) fn with_edited_paths(mut findings: Vec<Finding>) -> Vec<Finding> {
    for finding in &mut findings {
        let edits = finding.fix.iter_mut().flat_map(|fix| &mut fix.edits);
        for edit in edits.filter(|edit| edit.path.is_empty()) {
            edit.path.clone_from(&finding.place.path);
        }
    }
    findings
}

fn check_metadata(subject: &MetadataSubject, findings: &mut Findings) {
    for check in CHECKS_METADATA {
        (check.run)(subject, findings);
    }
    description::check_field(subject, findings);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fixes_know_their_file() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("pyproject.toml");
        fs::write(&path, "[project]\nlicense = 'mit'\n").unwrap();
        let checked = check(dir.path(), SubjectKind::Project, NonZeroUsize::MIN).unwrap();
        let findings = checked.report.findings.iter();
        let mut fixes = findings
            .filter(|finding| finding.rule.code == "P402")
            .filter_map(|finding| finding.fix.as_ref());
        let edit = &fixes.next().unwrap().edits[0];
        assert_eq!(edit.path, shown(&path));
        assert_eq!(
            (edit.range.clone(), edit.text.as_str()),
            (20..25, "\"MIT\"")
        );
    }
}
