//! P1003: every file in RECORD has a digest, and a strong one.

use pubflow_finding::{Finding, Findings, Refuser, Rule, Severity};

use super::report;
use crate::wheel::{RecordRow, Wheel};

pub(super) static RULE: Rule = Rule {
    code: "P1003",
    name: "record-missing-digest",
    severity: Severity::Error,
    source: "PEP 427",
    refused_by: &[Refuser::Spec],
    about: "A row of RECORD has no digest, or one of a kind that the specification does not \
            allow: it must be SHA-256 or better.",
    why: "Nobody can then tell whether the file is the one that was built.",
    cure: "Build with a current backend.",
    bad: "demo/__init__.py,,",
    good: "demo/__init__.py,sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU,0",
};

const STRONG: &[&str] = &[
    "sha256", "sha384", "sha512", "sha3_256", "sha3_384", "sha3_512", "blake2b", "blake2s",
];

pub(super) fn check(wheel: &Wheel, findings: &mut Findings) {
    let Some(record) = wheel.record() else {
        return;
    };
    let record_member = wheel.member("RECORD");
    let exempt = ["RECORD", "RECORD.jws", "RECORD.p7s"].map(|file| wheel.member(file));
    let found = record
        .rows()
        .iter()
        .filter(|row| !exempt.contains(&row.slashed_path()) && !row.path.ends_with('/'))
        .filter_map(|row| {
            Some(
                Finding::new(&RULE, weakness(row)?)
                    .member(&record_member)
                    .line(row.line)
                    .next("build the wheel with a current build backend"),
            )
        });
    report::capped(&RULE, found, findings);
}

fn weakness(row: &RecordRow) -> Option<String> {
    let path = &row.path;
    match row.digest_parts() {
        None => Some(format!("`{path}` has no digest")),
        Some((algorithm, _)) if !STRONG.contains(&algorithm.to_ascii_lowercase().as_str()) => {
            Some(format!("`{path}` has a digest of the kind `{algorithm}`"))
        }
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{expect, in_wheel, wheel};
    use super::*;

    #[test]
    fn sha256_is_quiet() {
        expect(&in_wheel(&wheel(), check), &[]);
    }

    #[test]
    fn no_digest_and_weak_ones_are_found() {
        let rows = "demo/__init__.py,,\ndemo-1.0.dist-info/METADATA,md5=abc,3\n\
                    demo-1.0.dist-info/RECORD,,\n";
        expect(
            &in_wheel(&wheel().record(rows), check),
            &[
                "error spec: `demo/__init__.py` has no digest (demo-1.0.dist-info/RECORD)",
                "error spec: `demo-1.0.dist-info/METADATA` has a digest of the kind `md5` (demo-1.0.dist-info/RECORD)",
            ],
        );
    }
}
