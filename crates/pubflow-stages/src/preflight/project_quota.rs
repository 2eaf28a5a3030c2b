//! P1510: the project's files would be more than the index keeps for it.

use pubflow_finding::{Check, Finding, Findings, Refuser, Rule, Severity};

use super::Situation;

pub(super) const CHECK: Check<Situation> = Check { rule: &RULE, run };

static RULE: Rule = Rule {
    code: "P1510",
    name: "project-quota",
    severity: Severity::Error,
    source: "R085",
    refused_by: &[Refuser::Pypi],
    about: "All files of the project together, those that are there and those of this release, are larger than 10 GiB.",
    why: "PyPI refuses the file that crosses the limit, in the middle of a release, and a raised limit takes days.",
    cure: "Ask for a higher limit on the project's page before the release, or remove old pre-releases. Where the limit was raised already, overrule this with --ignore P1510=REASON.",
    bad: "9.9 GiB there, 60 wheels of 4 MiB to come\n",
    good: "a limit of 20 GiB, asked for before\n",
};

const LIMIT_BYTES: u64 = 10 << 30;

fn run(situation: &Situation, findings: &mut Findings) {
    let (true, Some(page)) = (situation.follows_pypi(), &situation.page) else {
        return;
    };
    let there: u64 = page.files.iter().filter_map(|file| file.size).sum();
    let coming: u64 = situation.missing().map(|file| file.size).sum();
    // More than the usual limit is there already: it was raised, and nobody here knows to what.
    if coming == 0 || there > LIMIT_BYTES || there + coming <= LIMIT_BYTES {
        return;
    }
    let mib = |bytes: u64| bytes >> 20;
    let message = format!(
        "{} MiB are there and {} MiB are to come, more than the {} MiB that a project has unless its limit was raised",
        mib(there),
        mib(coming),
        mib(LIMIT_BYTES)
    );
    findings.add(Finding::new(&RULE, message).next(
        "ask for a higher limit on the project's page, or overrule this with --ignore P1510=REASON where it was raised",
    ));
}
