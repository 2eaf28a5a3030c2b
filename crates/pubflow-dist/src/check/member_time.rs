//! P813: times of members that not every system can keep.

use pubflow_finding::{Findings, Rule, Severity};

use super::{Subject, report};
use crate::problem::Family;

pub(super) static RULE: Rule = Rule {
    code: "P813",
    name: "member-time",
    severity: Severity::Warning,
    source: "advice",
    refused_by: &[],
    about: "A member of the sdist was changed after January 2038, as far as its header tells.",
    why: "Systems that count seconds in 32 bits cannot keep such a time, `make` and caches take \
            the file for newer than everything made from it, and the sdist cannot be built twice \
            with equal bytes.",
    cure: "Correct the clock of the machine that builds, and set `SOURCE_DATE_EPOCH`.",
    bad: "demo-1.0/setup.py   2106-02-07",
    good: "demo-1.0/setup.py   2026-08-01",
};

pub(super) fn check<S: Subject>(subject: &S, findings: &mut Findings) {
    let next = "correct the clock or `SOURCE_DATE_EPOCH` and build again";
    report::family(subject.archive(), Family::Time, &RULE, next, findings);
}

#[cfg(test)]
mod tests {
    use pubflow_testkit::TarMember;

    use super::super::testing::{expect, in_sdist, sdist};
    use super::*;

    #[test]
    fn usual_times_are_quiet() {
        expect(&in_sdist(&sdist(), check), &[]);
    }

    #[test]
    fn times_after_2038_are_found() {
        let builder = sdist().member(TarMember {
            mtime: 4_070_908_800,
            ..TarMember::file("demo-1.0/a", b"x")
        });
        expect(
            &in_sdist(&builder, check),
            &[
                "warning -: the member's time, 4070908800 seconds after 1970, lies after 2038 (demo-1.0/a)",
            ],
        );
    }
}
