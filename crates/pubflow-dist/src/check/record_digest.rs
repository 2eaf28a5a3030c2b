//! P1002: digests and sizes in RECORD are those of the files.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use pubflow_finding::{Finding, Findings, Refuser, Rule, Severity};

use super::report;
use crate::entry::Entry;
use crate::wheel::{RecordRow, Wheel};

pub(super) static RULE: Rule = Rule {
    code: "P1002",
    name: "record-digest",
    severity: Severity::Error,
    source: "PEP 427",
    refused_by: &[Refuser::Spec],
    about: "RECORD gives a file another SHA-256 or another size than it has in the wheel.",
    why: "pip and uv install such a wheel without a word, other installers refuse it, and whoever \
            checks an installation later finds damaged files. Nothing but a check finds it: \
            pip#3513 is open since 2016.",
    cure: "A file was changed after the wheel was made, often by signing or stripping native \
            code: let that step rewrite RECORD.",
    bad: "demo/core.so,sha256=(of the file before it was stripped),9000",
    good: "demo/core.so,sha256=(of the file as it is),4000",
};

pub(super) fn check(wheel: &Wheel, findings: &mut Findings) {
    let Some(record) = wheel.record() else {
        return;
    };
    let record_member = wheel.member("RECORD");
    let found = record.rows().iter().filter_map(|row| {
        let entry = wheel.archive().entry(&row.slashed_path())?;
        let message = difference(row, entry)?;
        Some(
            Finding::new(&RULE, message)
                .member(&record_member)
                .line(row.line)
                .next("build the wheel again and do not change it afterwards"),
        )
    });
    report::capped(&RULE, found, findings);
}

fn difference(row: &RecordRow, entry: &Entry) -> Option<String> {
    let path = &row.path;
    if let Some(("sha256", told)) = row.digest_parts()
        && let Some(sha256) = entry.sha256
    {
        let is = URL_SAFE_NO_PAD.encode(sha256.as_bytes());
        if told.trim_end_matches('=') != is {
            return Some(format!(
                "`{path}` has the SHA-256 `{is}`, RECORD says `{told}`"
            ));
        }
    }
    // What is no number is a malformed row.
    let told: u64 = row.size.parse().ok()?;
    let is = entry.size;
    (told != is).then(|| format!("`{path}` has {is} bytes, RECORD says {told}"))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{in_wheel, lines, wheel};
    use super::*;

    #[test]
    fn right_digests_are_quiet() {
        assert!(in_wheel(&wheel(), check).is_empty());
    }

    #[test]
    fn wrong_digests_and_sizes_are_found() {
        let found = in_wheel(&wheel().record_edit("sha256=", "sha256=A"), check);
        assert_eq!(found.len(), 3, "{:?}", lines(&found));
        assert!(
            found[0].message.contains("RECORD says `A"),
            "{}",
            found[0].message
        );
        assert_eq!(found[0].place.line, Some(1));
        let found = in_wheel(&wheel().record_edit(",6\n", ",7\n"), check);
        assert_eq!(
            lines(&found),
            [
                "error spec: `demo/__init__.py` has 6 bytes, RECORD says 7 (demo-1.0.dist-info/RECORD)"
            ]
        );
    }
}
