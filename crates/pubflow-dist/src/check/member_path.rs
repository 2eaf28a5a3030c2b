//! P1401: member paths that must not be unpacked.

use pubflow_finding::{Findings, Refuser, Rule, Severity};

use super::{Subject, report};
use crate::problem::Family;

pub(super) static RULE: Rule = Rule {
    code: "P1401",
    name: "member-path",
    severity: Severity::Error,
    source: "PEP 706, PEP 721",
    refused_by: &[Refuser::Pip, Refuser::Uv, Refuser::Spec],
    about: "A member's path is absolute, climbs out with `..`, begins with a drive, or holds a \
            backslash, a control character or an empty component.",
    why: "Unpacked by a careless program it lands outside of its directory, on Windows perhaps \
            somewhere else than on Linux.",
    cure: "Find out which file of the project has this name and rename it.",
    bad: "demo-1.0/../../etc/profile",
    good: "demo-1.0/etc/profile",
};

pub(super) fn check<S: Subject>(subject: &S, findings: &mut Findings) {
    let next = "rename the file in the project and build again";
    report::family(subject.archive(), Family::Path, &RULE, next, findings);
}

#[cfg(test)]
mod tests {
    use pubflow_testkit::TarMember;

    use super::super::testing::{expect, in_sdist, in_wheel, sdist, wheel};
    use super::*;

    #[test]
    fn ordinary_paths_are_quiet() {
        expect(&in_wheel(&wheel().file("demo/a b,c.txt", "x"), check), &[]);
        expect(&in_sdist(&sdist(), check), &[]);
    }

    #[test]
    fn pip_refuses_a_wheel_that_climbs_out() {
        expect(
            &in_wheel(&wheel().file("../evil.py", "x"), check),
            &["error pip,spec: the member path climbs out with `..` (../evil.py)"],
        );
        expect(
            &in_wheel(&wheel().file("C:/evil.py", "x"), check),
            &["warning -: the member path begins with a Windows drive (C:/evil.py)"],
        );
        expect(
            &in_wheel(&wheel().file("demo/a\nb", "x"), check),
            &["error pypi,uv: the member path holds a control character (demo/a\nb)"],
        );
    }

    #[test]
    fn installers_refuse_an_sdist_that_climbs_out() {
        let member = TarMember::file("demo-1.0/../../evil.py", b"x");
        expect(
            &in_sdist(&sdist().member(member), check),
            &["error pip,uv,spec: the member path climbs out with `..` (demo-1.0/../../evil.py)"],
        );
    }
}
