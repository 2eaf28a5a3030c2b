//! P1410: damaged ZIP archives.

use pubflow_finding::{Findings, Refuser, Rule, Severity};

use super::{Subject, report};
use crate::problem::Family;

pub(super) static RULE: Rule = Rule {
    code: "P1410",
    name: "archive-damage",
    severity: Severity::Error,
    source: "R093, R094",
    refused_by: &[Refuser::Pypi, Refuser::Pip, Refuser::Uv],
    about: "The file is no ZIP archive, is cut off, or a member does not unpack to the content that its headers promise. \
            Everybody refuses it. \
            Build the wheel again; where it is good on the machine that built it, compare digests after each copy.",
};

pub(super) fn check<S: Subject>(subject: &S, findings: &mut Findings) {
    let next = "build the wheel again and compare its digest after copying";
    report::family(subject.archive(), Family::Damage, &RULE, next, findings);
}

#[cfg(test)]
mod tests {
    use pubflow_testkit::ZipMember;

    use super::super::testing::{expect, in_wheel, wheel};
    use super::*;

    #[test]
    fn a_whole_archive_is_quiet() {
        expect(&in_wheel(&wheel(), check), &[]);
    }

    #[test]
    fn a_cut_off_file_is_no_archive() {
        let builder = wheel().zip(|mut writer| {
            writer.cut = 10;
            writer
        });
        expect(
            &in_wheel(&builder, check),
            &["error pypi,pip,uv: the file is not a ZIP archive or is cut off"],
        );
    }

    #[test]
    fn content_is_compared_with_its_headers() {
        let mut member = ZipMember::new("demo/a.py", b"x");
        member.crc_shift = 1;
        expect(
            &in_wheel(&wheel().member(member), check),
            &["error pypi,pip,uv: the member's checksum (CRC-32) is wrong (demo/a.py)"],
        );
        let mut member = ZipMember::new("demo/a.py", b"x");
        member.size_shift = 1;
        expect(
            &in_wheel(&wheel().member(member), check),
            &["error pypi,pip,uv: the member claims 2 bytes and holds another number (demo/a.py)"],
        );
    }
}
