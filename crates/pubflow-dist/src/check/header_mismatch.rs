//! P1406: local headers and central directory disagree.

use pubflow_finding::{Findings, Refuser, Rule, Severity};

use super::{Subject, report};
use crate::problem::Family;

pub(super) static RULE: Rule = Rule {
    code: "P1406",
    name: "zip-header-mismatch",
    severity: Severity::Error,
    source: "R104, R106, R107",
    refused_by: &[Refuser::Pypi],
    about: "A ZIP archive lists its members twice, in front of each and at the end; here the two \
            differ, or a member's size stands behind its content.",
    why: "Programs that read only one of the two lists see other files than those that read the \
            other, so the index refuses the archive.",
    cure: "Build the wheel again with a current build backend, and do not write it to a pipe.",
    bad: "demo/a.py in front of the member, demo/b.py in the central directory",
    good: "demo/a.py in both",
};

pub(super) fn check<S: Subject>(subject: &S, findings: &mut Findings) {
    let next = "build the wheel again with a current build backend";
    report::family(subject.archive(), Family::Mismatch, &RULE, next, findings);
}

#[cfg(test)]
mod tests {
    use pubflow_testkit::ZipMember;

    use super::super::testing::{expect, in_wheel, wheel};
    use super::*;

    fn member() -> ZipMember {
        ZipMember::new("demo/a.py", b"x = 1\n")
    }

    #[test]
    fn agreeing_headers_are_quiet() {
        expect(&in_wheel(&wheel().member(member()), check), &[]);
    }

    #[test]
    fn a_streamed_member_is_refused_by_the_index() {
        let mut streamed = member();
        streamed.streamed = true;
        expect(
            &in_wheel(&wheel().member(streamed), check),
            &["error pypi: the member was written as a stream, with a data descriptor (demo/a.py)"],
        );
    }

    #[test]
    fn members_on_one_side_only_are_found() {
        let mut unlisted = member();
        unlisted.in_directory = false;
        expect(
            &in_wheel(&wheel().member(unlisted), check),
            &[
                "error pypi: the member has a local header but is not in the central directory (demo/a.py)",
            ],
        );
        let mut renamed = member();
        renamed.local_name = Some(b"demo/b.py".to_vec());
        expect(
            &in_wheel(&wheel().member(renamed), check),
            &["error pypi,pip,uv: the local header calls the member `demo/b.py` (demo/a.py)"],
        );
    }
}
