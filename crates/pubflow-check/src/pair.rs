//! Files of one call that lie in one directory: do sdist and wheels agree?

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use pubflow_dist::Distribution;
use pubflow_dist::agreement::{check_pair, check_wheels};
use pubflow_finding::Findings;
use pubflow_spec::DistributionKind;

use crate::subject::Checked;
use crate::{readme_agreement, shown};

/// Compares every wheel with the sdist beside it, and with the first wheel of its release there;
/// adds the findings to the wheel's.
pub(crate) fn check(subjects: &mut [Checked]) {
    check_wheels_beside(subjects);
    let pairs: Vec<(usize, usize)> = (0..subjects.len())
        .filter_map(|wheel| Some((wheel, sdist_beside(subjects, wheel)?)))
        .collect();
    for (wheel, sdist) in pairs {
        let (Some(first), Some(second)) =
            (&subjects[sdist].distribution, &subjects[wheel].distribution)
        else {
            continue;
        };
        let (Distribution::Sdist(a), Distribution::Wheel(b)) = (first, second) else {
            continue;
        };
        let mut findings = Findings::for_path(shown(&subjects[wheel].report.path));
        check_pair(a, b, &mut findings);
        readme_agreement::check_pair(first, second, &mut findings);
        subjects[wheel].add(findings);
    }
}

fn check_wheels_beside(subjects: &mut [Checked]) {
    let mut first: HashMap<(Option<PathBuf>, String, String), usize> = HashMap::new();
    for this in 0..subjects.len() {
        let Some(Distribution::Wheel(wheel)) = &subjects[this].distribution else {
            continue;
        };
        let Ok(filename) = wheel.filename() else {
            continue;
        };
        let directory = subjects[this].report.path.parent().map(Path::to_owned);
        let name = filename.name.normalized().to_owned();
        let release = (directory, name, filename.version.canonical());
        let first = *first.entry(release).or_insert(this);
        let Some(Distribution::Wheel(other)) = &subjects[first].distribution else {
            continue;
        };
        if first != this {
            let mut findings = Findings::for_path(shown(&subjects[this].report.path));
            check_wheels(other, wheel, &mut findings);
            subjects[this].add(findings);
        }
    }
}

/// The sdist in the directory of a wheel: of the same release if there is one, else any.
fn sdist_beside(subjects: &[Checked], wheel: usize) -> Option<usize> {
    let this = &subjects[wheel];
    let release = |checked: &Checked| {
        let filename = checked.distribution.as_ref()?.filename()?;
        Some((filename.name().clone(), filename.version().clone()))
    };
    let kind = |checked: &Checked| checked.distribution.as_ref().and_then(Distribution::kind);
    if kind(this) != Some(DistributionKind::Wheel) {
        return None;
    }
    let beside = |other: &usize| {
        let other = &subjects[*other];
        kind(other) == Some(DistributionKind::Sdist)
            && other.report.path.parent() == this.report.path.parent()
    };
    let mut candidates = (0..subjects.len()).filter(beside);
    let same = candidates
        .clone()
        .find(|other| release(&subjects[*other]) == release(this));
    same.or_else(|| candidates.next().filter(|_| candidates.next().is_none()))
}
