//! P1001: RECORD lists exactly the files of the wheel.

use std::collections::HashSet;

use pubflow_finding::{Finding, Findings, Refuser, Rule, Severity};

use super::report;
use crate::wheel::Wheel;

pub(super) static RULE: Rule = Rule {
    code: "P1001",
    name: "record-list",
    severity: Severity::Error,
    source: "R130, PEP 427",
    refused_by: &[Refuser::Spec],
    about: "A file of the wheel is not in RECORD, or RECORD lists a file that is not there.",
    why: "Installers that check refuse it, files outside of RECORD stay behind after an \
            uninstallation, and the index writes a mail to the owners and has announced that it \
            will refuse. furo's users could not install a release for this (poetry#7691); \
            FMPy#544 and drake#23290 are others.",
    cure: "Never add files to a finished wheel; where a tool must, let it rewrite RECORD.",
    bad: "demo/extra.py in the archive, and not in RECORD",
    good: "demo/extra.py,sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU,0",
};

/// Signatures of RECORD cannot be in it.
const SIGNATURES: [&str; 2] = ["RECORD.jws", "RECORD.p7s"];

pub(super) fn check(wheel: &Wheel, findings: &mut Findings) {
    let Some(record) = wheel.record() else {
        return;
    };
    if !wheel.archive().is_complete() {
        return;
    }
    let signatures = SIGNATURES.map(|file| wheel.member(file));
    let listed: HashSet<String> = record.rows().iter().map(|row| row.slashed_path()).collect();
    // Backslashes are a finding of their own.
    let present: HashSet<String> = wheel
        .entries()
        .iter()
        .filter(|entry| entry.kind != crate::EntryKind::Directory)
        .map(|entry| entry.path.as_str().replace('\\', "/"))
        .collect();
    let next = "build the wheel again and do not change it afterwards";
    let missing = wheel
        .entries()
        .iter()
        .filter(|entry| entry.kind != crate::EntryKind::Directory)
        .filter(|entry| {
            let path = entry.path.as_str().replace('\\', "/");
            !listed.contains(&path) && !signatures.contains(&path)
        })
        .map(|entry| {
            let path = entry.path.as_str();
            Finding::new(&RULE, format!("`{path}` is in the wheel but not in RECORD"))
                .member(path)
                .next(next)
        });
    report::capped(&RULE, missing, findings);
    let record_member = wheel.member("RECORD");
    let absent = record
        .rows()
        .iter()
        .filter(|row| !present.contains(&row.slashed_path()) && !row.path.ends_with('/'))
        .map(|row| {
            let message = format!("RECORD lists `{}`, which is not in the wheel", row.path);
            Finding::new(&RULE, message)
                .member(&record_member)
                .line(row.line)
                .next(next)
        });
    report::capped(&RULE, absent, findings);
}

#[cfg(test)]
mod tests {
    use super::super::testing::{expect, in_wheel, wheel};
    use super::*;
    use pubflow_testkit::ZipMember;

    #[test]
    fn equal_lists_are_quiet() {
        let builder = wheel()
            .file("demo/a,b.txt", "x")
            .member(ZipMember::new("demo/sub/", b""));
        expect(&in_wheel(&builder, check), &[]);
    }

    #[test]
    fn files_on_one_side_only_are_found() {
        let builder = wheel()
            .file("demo/a.py", "x")
            .record_edit("demo/a.py", "demo/b.py");
        expect(
            &in_wheel(&builder, check),
            &[
                "error spec: RECORD lists `demo/b.py`, which is not in the wheel (demo-1.0.dist-info/RECORD)",
                "error spec: `demo/a.py` is in the wheel but not in RECORD (demo/a.py)",
            ],
        );
    }

    #[test]
    fn record_lists_itself_and_signatures_may_be_missing() {
        let builder = wheel().record_edit("demo-1.0.dist-info/RECORD,,\n", "");
        let found = in_wheel(&builder, check);
        assert_eq!(found.len(), 1);
        let jws = ZipMember::new("demo-1.0.dist-info/RECORD.jws", b"{}");
        let rows = "demo/__init__.py,,\ndemo-1.0.dist-info/METADATA,,\n\
                    demo-1.0.dist-info/WHEEL,,\ndemo-1.0.dist-info/RECORD,,\n";
        expect(&in_wheel(&wheel().member(jws).record(rows), check), &[]);
    }
}
