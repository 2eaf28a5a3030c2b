//! P1404: symbolic links in a ZIP archive.

use pubflow_finding::{Findings, Rule, Severity};

use super::{Subject, report};
use crate::problem::Family;

pub(super) static RULE: Rule = Rule {
    code: "P1404",
    name: "wheel-link",
    severity: Severity::Error,
    source: "advice",
    refused_by: &[],
    about: "A member of the wheel is marked as a symbolic link.",
    why: "Installers know no links in wheels: they write a small text file with the target in it, \
            so whatever relied on the link breaks after installation.",
    cure: "Ship a copy of the file instead.",
    bad: "demo/data -> ../data (a link)",
    good: "demo/data/table.csv",
};

pub(super) fn check<S: Subject>(subject: &S, findings: &mut Findings) {
    let next = "ship a copy of the file instead of a link";
    report::family(subject.archive(), Family::WheelLink, &RULE, next, findings);
}

#[cfg(test)]
mod tests {
    use pubflow_testkit::ZipMember;

    use super::super::testing::{expect, in_wheel, wheel};
    use super::*;

    #[test]
    fn files_are_quiet() {
        expect(&in_wheel(&wheel(), check), &[]);
    }

    #[test]
    fn a_link_is_found_by_its_mode() {
        let mut member = ZipMember::new("demo/link.py", b"__init__.py");
        member.mode = 0o120_777;
        expect(
            &in_wheel(&wheel().member(member), check),
            &[
                "warning -: the member is a symbolic link to `__init__.py`; installers write a text file instead (demo/link.py)",
            ],
        );
    }
}
