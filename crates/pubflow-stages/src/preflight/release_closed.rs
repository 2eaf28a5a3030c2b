//! P1607: the release is too old for another file, or has its sdist.

use jiff::{SignedDuration, Timestamp};
use pubflow_finding::{Check, Finding, Findings, Refuser, Rule, Severity};
use pubflow_spec::{DistributionFilename, DistributionKind};

use super::Situation;

pub(super) const CHECK: Check<Situation> = Check { rule: &RULE, run };

static RULE: Rule = Rule {
    code: "P1607",
    name: "release-closed",
    severity: Severity::Error,
    source: "R091, R092",
    refused_by: &[Refuser::Pypi],
    about: "The release was begun more than 14 days ago, or has another sdist.",
    why: "PyPI takes new files for 14 days after a release was begun, and one sdist for each release. Whoever adds wheels later gets a refusal.",
    cure: "Raise the version (a post release will do) and publish all its files within the 14 days.",
    bad: "demo-1.0.tar.gz uploaded on 1 March, a wheel added on 20 March\n",
    good: "demo-1.0.post1 with all its files on 20 March\n",
};

/// How long a release takes files after it was begun.
const WINDOW: SignedDuration = SignedDuration::from_hours(14 * 24);

fn run(situation: &Situation, findings: &mut Findings) {
    if !situation.follows_pypi() || situation.missing().next().is_none() {
        return;
    }
    let (project, version) = (&situation.project, &situation.version);
    let next =
        format!("raise the version, such as {version}.post1, then build and publish all its files");
    let uploaded = situation
        .listed()
        .filter_map(|file| file.upload_time.as_deref()?.parse::<Timestamp>().ok());
    if let Some(begun) = uploaded.min()
        && situation.now.duration_since(begun) > WINDOW
    {
        let message = format!(
            "{project} {version} was begun on {begun}, and takes new files for 14 days only"
        );
        findings.add(Finding::new(&RULE, message).next(next.clone()));
    }
    let there = situation.listed().find(|file| {
        DistributionFilename::parse(&file.filename)
            .is_ok_and(|name| name.kind() == DistributionKind::Sdist)
    });
    let ours = situation
        .missing()
        .find(|file| file.filename.kind() == DistributionKind::Sdist);
    if let (Some(there), Some(ours)) = (there, ours)
        && there.filename != ours.filename.as_str()
    {
        let message = format!(
            "{project} {version} has the sdist `{}` already, and takes no other",
            there.filename
        );
        findings.add(Finding::new(&RULE, message).next(next));
    }
}
