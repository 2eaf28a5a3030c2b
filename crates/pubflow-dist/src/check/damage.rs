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
    about: "The file is no ZIP archive, is cut off, or a member does not unpack to the content \
            that its headers promise.",
    why: "Everybody refuses it.",
    cure: "Build the wheel again; where it is good on the machine that built it, compare digests \
            after each copy.",
    bad: "demo/__init__.py   CRC-32 1a2b3c4d in its header, 00000000 of its bytes",
    good: "demo/__init__.py   CRC-32 alike in both",
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
        let mut member = ZipMember::new("demo/a.py", b"xy");
        member.size_shift = 1;
        expect(
            &in_wheel(&wheel().member(member), check),
            &["error -: the member claims 3 bytes and holds fewer (demo/a.py)"],
        );
        let mut member = ZipMember::new("demo/a.py", b"xy");
        member.size_shift = u32::MAX;
        expect(
            &in_wheel(&wheel().member(member), check),
            &["error pypi,pip,uv: the member claims 1 bytes and holds more (demo/a.py)"],
        );
    }

    #[test]
    fn content_hidden_behind_a_right_checksum_is_found() {
        let mut member = ZipMember::new("demo/a.py", b"x = 1\nevil()\n");
        member.size_shift = 0u32.wrapping_sub(7);
        let crc = |bytes: &[u8]| {
            let mut crc = flate2::Crc::new();
            crc.update(bytes);
            crc.sum()
        };
        member.crc_shift = crc(b"x = 1\n").wrapping_sub(crc(b"x = 1\nevil()\n"));
        expect(
            &in_wheel(&wheel().member(member), check),
            &[
                "error -: the member claims 6 bytes, has their checksum, and hides more behind them (demo/a.py)",
            ],
        );
    }

    #[test]
    fn the_index_does_not_see_damage_in_members_that_it_does_not_read() {
        let mut member = ZipMember::new("demo/data.bin", b"x");
        member.crc_shift = 1;
        expect(
            &in_wheel(&wheel().member(member), check),
            &["error pip,uv: the member's checksum (CRC-32) is wrong (demo/data.bin)"],
        );
    }

    #[test]
    fn an_sdist_that_is_a_wheel_too_is_refused_by_the_index() {
        use super::super::testing::{in_sdist, sdist};
        expect(&in_sdist(&sdist(), check), &[]);
        let both = sdist().gzip_suffix(&wheel().to_bytes());
        expect(
            &in_sdist(&both, check),
            &["error pypi: the file is a ZIP archive and a TAR archive at once"],
        );
    }
}
