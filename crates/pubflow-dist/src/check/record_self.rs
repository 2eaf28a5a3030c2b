//! P1004: RECORD says nothing about its own digest.

use pubflow_finding::{Finding, Findings, Rule, Severity};

use crate::wheel::Wheel;

pub(super) static RULE: Rule = Rule {
    code: "P1004",
    name: "record-self",
    severity: Severity::Warning,
    source: "PEP 427",
    refused_by: &[],
    about: "RECORD gives a digest or a size of itself, or lists its own signature file.",
    why: "A file cannot hold its own digest, so the value is wrong, and installers that check \
            refuse the wheel.",
    cure: "The row of RECORD must end in two commas; signatures must not be listed.",
    bad: "demo-1.0.dist-info/RECORD,sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU,0",
    good: "demo-1.0.dist-info/RECORD,,",
};

pub(super) fn check(wheel: &Wheel, findings: &mut Findings) {
    let Some(record) = wheel.record() else {
        return;
    };
    let own = wheel.member("RECORD");
    let signatures = ["RECORD.jws", "RECORD.p7s"].map(|file| wheel.member(file));
    for row in record.rows() {
        let path = row.slashed_path();
        let message = if path == own && !(row.digest.is_empty() && row.size.is_empty()) {
            "RECORD gives a digest or a size of itself".to_owned()
        } else if signatures.contains(&path) {
            format!("RECORD lists its own signature `{}`", row.path)
        } else {
            continue;
        };
        findings.add(
            Finding::new(&RULE, message)
                .member(&own)
                .line(row.line)
                .next("build the wheel with a current build backend"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{expect, in_wheel, wheel};
    use super::*;

    #[test]
    fn an_empty_row_for_itself_is_quiet() {
        expect(&in_wheel(&wheel(), check), &[]);
    }

    #[test]
    fn a_digest_of_itself_and_a_listed_signature_are_found() {
        let builder = wheel()
            .info_file("RECORD.jws", "{}")
            .record_edit("RECORD,,", "RECORD,sha256=abc,3");
        expect(
            &in_wheel(&builder, check),
            &[
                "warning -: RECORD lists its own signature `demo-1.0.dist-info/RECORD.jws` (demo-1.0.dist-info/RECORD)",
                "warning -: RECORD gives a digest or a size of itself (demo-1.0.dist-info/RECORD)",
            ],
        );
    }
}
