//! P802: the gzip stream and the end of the TAR archive.

use pubflow_finding::{Findings, Refuser, Rule, Severity};

use super::{Subject, report};
use crate::problem::Family;

pub(super) static RULE: Rule = Rule {
    code: "P802",
    name: "sdist-stream",
    severity: Severity::Error,
    source: "R112, PEP 625",
    refused_by: &[Refuser::Pypi, Refuser::Pip, Refuser::Uv],
    about: "The file is not gzip, is cut off or damaged, has a wrong checksum, or goes on behind \
            the end of its archive.",
    why: "A cut-off sdist is refused by everybody; bytes behind the end are passed over in \
            silence by most readers and can hide a second archive.",
    cure: "Build the sdist again and compare its size after copying it.",
    bad: "demo-1.0.tar.gz: 12 kB, cut off while it was copied",
    good: "demo-1.0.tar.gz: 20 kB, one gzip stream to its end",
};

pub(super) fn check<S: Subject>(subject: &S, findings: &mut Findings) {
    let next = "build the sdist again";
    report::family(subject.archive(), Family::Gzip, &RULE, next, findings);
}

#[cfg(test)]
mod tests {
    use super::super::testing::{expect, in_sdist, sdist};
    use super::*;

    #[test]
    fn a_whole_stream_is_quiet() {
        expect(&in_sdist(&sdist(), check), &[]);
    }

    #[test]
    fn damage_is_told_apart_from_oddities() {
        expect(
            &in_sdist(&sdist().cut(200), check),
            &[
                "error pypi,pip,uv: the TAR archive is cut off",
                "error pypi,pip,uv: the gzip stream is damaged or cut off before the archive ends",
            ],
        );
        expect(
            &in_sdist(&sdist().wrong_gzip_crc(), check),
            &["warning -: the checksum at the end of the gzip stream is wrong or missing"],
        );
        expect(
            &in_sdist(&sdist().gzip_suffix(b"junk"), check),
            &["warning -: other bytes follow the gzip stream"],
        );
        let second = pubflow_testkit::sdist::gzip(b"");
        expect(
            &in_sdist(&sdist().gzip_suffix(&second), check),
            &["warning -: a second gzip stream follows the first"],
        );
        expect(
            &in_sdist(&sdist().tar_suffix(b"hidden"), check),
            &["error -: other data follow the end mark of the TAR archive"],
        );
        expect(
            &in_sdist(&sdist().without_end_mark(), check),
            &["warning -: the TAR archive lacks its end mark"],
        );
    }
}
