//! P1407: bytes that belong to no record, and odd records.

use pubflow_finding::{Findings, Refuser, Rule, Severity};

use super::{Subject, report};
use crate::problem::Family;

pub(super) static RULE: Rule = Rule {
    code: "P1407",
    name: "zip-framing",
    severity: Severity::Error,
    source: "R103, R108 to R111",
    refused_by: &[Refuser::Pypi, Refuser::Uv],
    about: "Bytes stand in front of, between or behind the records of the ZIP archive, a comment \
            or an extra field is malformed, or the end record does not describe what is there.",
    why: "Such archives can be read in two ways, and some are two archives in one; the index \
            refuses them, uv most of them.",
    cure: "Build the wheel again, and do not append anything to it afterwards.",
    bad: "120 bytes of a signature behind the end record",
    good: "nothing behind the end record",
};

pub(super) fn check<S: Subject>(subject: &S, findings: &mut Findings) {
    let next = "build the wheel again and do not change it afterwards";
    report::family(subject.archive(), Family::Framing, &RULE, next, findings);
}

#[cfg(test)]
mod tests {
    use pubflow_testkit::{ZipMember, ZipWriter};

    use super::super::testing::{expect, in_wheel, wheel};
    use super::*;

    #[test]
    fn a_tight_archive_is_quiet() {
        expect(&in_wheel(&wheel(), check), &[]);
    }

    #[track_caller]
    fn check_writer(change: fn(&mut ZipWriter), expected: &[&str]) {
        let builder = wheel().zip(|mut writer| {
            change(&mut writer);
            writer
        });
        expect(&in_wheel(&builder, check), expected);
    }

    #[test]
    fn bytes_around_the_archive_are_found() {
        check_writer(
            |writer| writer.prefix = b"junk".to_vec(),
            &[
                "error pypi,uv: 4 bytes at offset 0 belong to no record of the ZIP archive",
                "error pypi: the end record of the ZIP archive does not fit its central directory",
            ],
        );
        check_writer(
            |writer| writer.suffix = b"junk".to_vec(),
            &["error pypi,uv: 4 bytes follow the end of the ZIP archive"],
        );
        check_writer(
            |writer| writer.comment = b"hello".to_vec(),
            &["warning -: the ZIP archive has a comment of 5 bytes"],
        );
        check_writer(
            |writer| writer.count_shift = 1,
            &["error pypi: the end record of the ZIP archive does not fit its central directory"],
        );
    }

    #[test]
    fn odd_fields_of_members_are_found() {
        let mut member = ZipMember::new("demo/a.py", b"x");
        member.comment = b"hello".to_vec();
        member.local_extra = b"\x01\0\x09\0".to_vec();
        expect(
            &in_wheel(&wheel().member(member), check),
            &[
                "error pypi: the extra fields in the local header are malformed (demo/a.py)",
                "error pypi: the member has a comment in the central directory (demo/a.py)",
            ],
        );
    }
}
