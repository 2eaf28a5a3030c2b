//! P1408: compression methods and encryption.

use pubflow_finding::{Findings, Refuser, Rule, Severity};

use super::{Subject, report};
use crate::problem::Family;

pub(super) static RULE: Rule = Rule {
    code: "P1408",
    name: "zip-method",
    severity: Severity::Error,
    source: "R096",
    refused_by: &[Refuser::Pypi, Refuser::Uv],
    about: "A member is compressed with something else than deflate, or encrypted.",
    why: "The index takes stored and deflated members only, and uv reads no others.",
    cure: "Build the wheel with the default compression.",
    bad: "demo/__init__.py   LZMA",
    good: "demo/__init__.py   Deflate",
};

pub(super) fn check<S: Subject>(subject: &S, findings: &mut Findings) {
    let next = "build the wheel with deflate compression";
    report::family(subject.archive(), Family::Method, &RULE, next, findings);
}

#[cfg(test)]
mod tests {
    use pubflow_testkit::ZipMember;

    use super::super::testing::{expect, in_wheel, wheel};
    use super::*;

    fn with(method: u16, flags: u16) -> ZipMember {
        let mut member = ZipMember::new("demo/a.py", b"x");
        member.method = method;
        member.flags = flags;
        member
    }

    #[test]
    fn stored_and_deflated_members_are_quiet() {
        expect(&in_wheel(&wheel().member(with(0, 0)), check), &[]);
    }

    #[test]
    fn other_methods_are_refused() {
        expect(
            &in_wheel(&wheel().member(with(12, 0)), check),
            &["error pypi,uv: the member is compressed with method 12 (bzip2) (demo/a.py)"],
        );
        expect(
            &in_wheel(&wheel().member(with(99, 0)), check),
            &["error pypi,pip,uv: the member is compressed with method 99 (demo/a.py)"],
        );
        expect(
            &in_wheel(&wheel().member(with(0, 1)), check),
            &["error pypi,pip,uv: the member is encrypted (demo/a.py)"],
        );
    }
}
