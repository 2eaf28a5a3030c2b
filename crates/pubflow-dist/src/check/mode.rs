//! P1411: odd file modes.

use pubflow_finding::{Findings, Rule, Severity};

use super::{Subject, report};
use crate::problem::Family;

pub(super) static RULE: Rule = Rule {
    code: "P1411",
    name: "member-mode",
    severity: Severity::Error,
    source: "PEP 721",
    refused_by: &[],
    about: "A member has the setuid or setgid bit, may be written by everybody, or may not be \
            read by its owner.",
    why: "Installers clean some of this and leave the rest, so files may end up unreadable or \
            open to other users of the machine.",
    cure: "Correct the modes in the project, and check the umask of the machine that builds.",
    bad: "-rwsrwxrwx demo-1.0/run.sh",
    good: "-rwxr-xr-x demo-1.0/run.sh",
};

pub(super) fn check<S: Subject>(subject: &S, findings: &mut Findings) {
    let next = "correct the file's mode and build again";
    report::family(subject.archive(), Family::Mode, &RULE, next, findings);
}

#[cfg(test)]
mod tests {
    #[test]
    fn bits_that_windows_wrote_are_quiet() {
        let mut member = ZipMember::new("demo/a.txt", b"x");
        member.mode = 0o666;
        let builder = wheel().member(member);
        assert_eq!(in_wheel(&builder, check).len(), 1);
        let builder = builder.tag("cp312-cp312-win_amd64");
        expect(&in_wheel(&builder, check), &[]);
    }

    use pubflow_testkit::{TarMember, ZipMember};

    use super::super::testing::{expect, in_sdist, in_wheel, sdist, wheel};
    use super::*;

    #[test]
    fn usual_modes_are_quiet() {
        let mut member = ZipMember::new("demo/run.sh", b"x");
        member.mode = 0o100_755;
        expect(&in_wheel(&wheel().member(member), check), &[]);
    }

    #[test]
    fn modes_that_say_little_are_noted() {
        let mut without = ZipMember::new("demo/a.txt", b"x");
        without.mode = 0;
        let mut unusual = ZipMember::new("demo/b.txt", b"x");
        unusual.mode = 0o100_654;
        expect(
            &in_wheel(&wheel().member(without).member(unusual), check),
            &[
                "note -: the member's attributes hold no mode, although other members have one (demo/a.txt)",
                "note -: the member has the unusual mode 0654 (demo/b.txt)",
            ],
        );
    }

    #[test]
    fn odd_modes_are_warned_about() {
        let mut member = TarMember::file("demo-1.0/run", b"x");
        member.mode = 0o4755;
        expect(
            &in_sdist(&sdist().member(member), check),
            &["warning -: the member has mode 4755 (demo-1.0/run)"],
        );
        let mut member = ZipMember::new("demo/a.txt", b"x");
        member.mode = 0o100_000;
        expect(
            &in_wheel(&wheel().member(member), check),
            &["warning -: the member has mode 0000 (demo/a.txt)"],
        );
    }
}
