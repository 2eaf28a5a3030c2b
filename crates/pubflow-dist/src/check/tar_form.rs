//! P811: forms of TAR that readers disagree about.

use pubflow_finding::{Findings, Refuser, Rule, Severity};

use super::{Subject, report};
use crate::problem::Family;

pub(super) static RULE: Rule = Rule {
    code: "P811",
    name: "tar-form",
    severity: Severity::Error,
    source: "R113, PEP 517",
    refused_by: &[Refuser::Pypi],
    about: "A member is sparse, a pax header gives it another size than its own header, or a \
            global header changes members.",
    why: "The index refuses sparse members; the other forms are read differently by different \
            programs, so that what was checked need not be what gets installed.",
    cure: "Build the sdist with a current build backend.",
    bad: "demo-1.0/data.bin as a sparse member",
    good: "demo-1.0/data.bin as a plain member",
};

pub(super) fn check<S: Subject>(subject: &S, findings: &mut Findings) {
    let next = "build the sdist with a current build backend";
    report::family(subject.archive(), Family::TarForm, &RULE, next, findings);
}

#[cfg(test)]
mod tests {
    use pubflow_testkit::TarMember;

    use super::super::testing::{expect, in_sdist, sdist};
    use super::*;

    #[test]
    fn plain_and_pax_members_are_quiet() {
        let long = format!("demo/{}.py", "x".repeat(150));
        expect(&in_sdist(&sdist().file(&long, "x"), check), &[]);
    }

    #[test]
    fn sparse_members_are_refused_by_the_index() {
        let mut member = TarMember::file("demo-1.0/sparse", b"");
        member.kind = b'S';
        expect(
            &in_sdist(&sdist().member(member), check),
            &["error pypi: the member is sparse (demo-1.0/sparse)"],
        );
    }

    #[test]
    fn two_sizes_for_one_member_are_an_error() {
        let builder = sdist()
            .member(TarMember::pax(&[("size", "600")]))
            .member(TarMember {
                size: Some(512),
                ..TarMember::file("demo-1.0/a", &[b'x'; 600])
            });
        expect(
            &in_sdist(&builder, check),
            &["error -: pax header and TAR header disagree about the member's size (demo-1.0/a)"],
        );
    }
}
