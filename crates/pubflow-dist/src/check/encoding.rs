//! P1413: member names that are not plain UTF-8.

use pubflow_finding::{Findings, Refuser, Rule, Severity};

use super::{Subject, report};
use crate::problem::Family;

pub(super) static RULE: Rule = Rule {
    code: "P1413",
    name: "member-name-encoding",
    severity: Severity::Error,
    source: "R105",
    refused_by: &[Refuser::Pypi, Refuser::Uv],
    about: "A member's name is not UTF-8, is not marked as UTF-8, or an extra field gives it a \
            second name.",
    why: "Readers then see different names, and RECORD fits at most one of them; the index and uv \
            refuse names that are not UTF-8.",
    cure: "Rename the file in the project, or build with a tool that marks names as UTF-8.",
    bad: "caf\\xe9.txt (Latin-1, without the mark)",
    good: "café.txt (UTF-8, marked as such)",
};

pub(super) fn check<S: Subject>(subject: &S, findings: &mut Findings) {
    let next = "rename the file in plain ASCII and build again";
    report::family(
        subject.archive(),
        Family::NameEncoding,
        &RULE,
        next,
        findings,
    );
}

#[cfg(test)]
mod tests {
    use pubflow_testkit::{TarMember, ZipMember};

    use super::super::testing::{expect, in_sdist, in_wheel, sdist, wheel};
    use super::*;

    #[test]
    fn ascii_and_marked_names_are_quiet() {
        expect(&in_wheel(&wheel().file("demo/\u{e9}.txt", "x"), check), &[]);
        expect(&in_sdist(&sdist().file("demo/\u{e9}.txt", "x"), check), &[]);
    }

    #[test]
    fn other_names_are_found() {
        let mut member = ZipMember::new("demo/x", b"x");
        member.name = b"demo/\xe9.txt".to_vec();
        let found = in_wheel(&wheel().member(member), check);
        expect(
            &found,
            &["error pypi,uv: the member name is not UTF-8 (demo/\u{fffd}.txt)"],
        );
        let mut member = ZipMember::new("demo/\u{e9}", b"x");
        member.flags = 0;
        let found = in_wheel(&wheel().member(member), check);
        assert_eq!(found[0].severity, Severity::Warning);
        let mut member = TarMember::file("demo-1.0/x", b"x");
        member.name = b"demo-1.0/\xe9.txt".to_vec();
        let found = in_sdist(&sdist().member(member), check);
        expect(
            &found,
            &["error uv: the member name is not UTF-8 (demo-1.0/\u{fffd}.txt)"],
        );
    }
}
