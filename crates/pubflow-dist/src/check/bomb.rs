//! P1409: more content than the size of the file explains.

use pubflow_finding::{Findings, Refuser, Rule, Severity};

use super::{Subject, report};
use crate::problem::Family;

pub(super) static RULE: Rule = Rule {
    code: "P1409",
    name: "archive-bomb",
    severity: Severity::Error,
    source: "R095",
    refused_by: &[Refuser::Pypi],
    about: "The archive unpacks to far more than its size, its members overlap, or it was given \
            up because a limit was reached.",
    why: "The index refuses wheels that unpack to more than 64 MiB and more than 50 times their \
            size.",
    cure: "Ship large generated data in another way, or generate it at first use.",
    bad: "zeros.bin   100 kB packed, 100 MB unpacked",
    good: "zeros.bin   made at the first use",
};

pub(super) fn check<S: Subject>(subject: &S, findings: &mut Findings) {
    let next = "take generated or repetitive data out of the archive";
    report::family(subject.archive(), Family::Bomb, &RULE, next, findings);
}

#[cfg(test)]
mod tests {
    use super::super::testing::{expect, in_sdist, in_wheel, sdist, wheel};
    use super::*;

    #[test]
    fn ordinary_compression_is_quiet() {
        expect(
            &in_wheel(&wheel().file("demo/zeros", vec![0; 1 << 20]), check),
            &[],
        );
    }

    #[test]
    fn a_high_ratio_over_64_mib_is_found() {
        let zeros = vec![0; (64 << 20) + 1];
        let found = in_wheel(&wheel().file("demo/zeros", &zeros), check);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].refused_by, [Refuser::Pypi]);
        let found = in_sdist(&sdist().file("zeros", &zeros), check);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].severity, Severity::Warning);
    }
}
