//! Sdist and wheel of one call that lie in one directory: do they agree?

use pubflow_dist::Distribution;
use pubflow_dist::agreement::check_pair;
use pubflow_finding::Findings;
use pubflow_spec::DistributionKind;

use crate::shown;
use crate::subject::Checked;

/// Compares every wheel with the sdist beside it and adds the findings to the wheel's.
pub(crate) fn check(subjects: &mut [Checked]) {
    let pairs: Vec<(usize, usize)> = (0..subjects.len())
        .filter_map(|wheel| Some((wheel, sdist_beside(subjects, wheel)?)))
        .collect();
    for (wheel, sdist) in pairs {
        let (Some(Distribution::Sdist(a)), Some(Distribution::Wheel(b))) =
            (&subjects[sdist].distribution, &subjects[wheel].distribution)
        else {
            continue;
        };
        let mut findings = Findings::for_path(shown(&subjects[wheel].report.path));
        check_pair(a, b, &mut findings);
        for finding in std::mem::take(&mut subjects[wheel].report.findings) {
            findings.add(finding);
        }
        subjects[wheel].report.findings = findings.into_sorted();
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
