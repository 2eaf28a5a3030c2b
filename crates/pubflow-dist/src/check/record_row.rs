//! P1005: the form of RECORD's rows.

use std::collections::HashSet;

use pubflow_finding::{Finding, Findings, Refuser, Rule, Severity};

use super::report;
use crate::entry::{EntryPath, PathFault};
use crate::wheel::{RecordRow, Wheel};

pub(super) static RULE: Rule = Rule {
    code: "P1005",
    name: "record-row",
    severity: Severity::Error,
    source: "R129, R131, PEP 376",
    refused_by: &[Refuser::Spec],
    about: "RECORD is not UTF-8, has an empty line, a row without three fields, a size that is no \
            number, a row twice, a directory, a backslash or a path out of the wheel.",
    why: "Readers stumble over each of these in another way: an empty line is a server error of \
            the index, uv refuses a size that is no number, and nobody can read other encodings.",
    cure: "Let the build backend write RECORD.",
    bad: "demo\\core.py,sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU,0\ndemo/,,",
    good: "demo/core.py,sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU,0",
};

pub(super) fn check(wheel: &Wheel, findings: &mut Findings) {
    let member = wheel.member("RECORD");
    let next = "build the wheel with a current build backend";
    if wheel.record_is_unreadable() {
        findings.add(
            Finding::new(&RULE, "RECORD is not UTF-8")
                .refused_by(&[Refuser::Pypi, Refuser::Pip, Refuser::Uv, Refuser::Spec])
                .member(&member)
                .next(next),
        );
        return;
    }
    let Some(record) = wheel.record() else {
        return;
    };
    let empty = record.empty_lines().iter().map(|line| {
        Finding::new(&RULE, "a line of RECORD is empty")
            .refused_by(&[Refuser::Pypi])
            .why("the index answers with a server error")
            .member(&member)
            .line(*line)
            .next(next)
    });
    report::capped(&RULE, empty, findings);
    let mut seen = HashSet::new();
    let mut found = Vec::new();
    for row in record.rows() {
        for (message, severity, refused_by) in faults(row, seen.insert(row.slashed_path())) {
            found.push(
                Finding::new(&RULE, message)
                    .severity(severity)
                    .refused_by(refused_by)
                    .member(&member)
                    .line(row.line)
                    .next(next),
            );
        }
    }
    report::capped(&RULE, found, findings);
}

type Fault = (String, Severity, &'static [Refuser]);

fn faults(row: &RecordRow, is_first: bool) -> Vec<Fault> {
    let path = &row.path;
    let mut found: Vec<Fault> = Vec::new();
    if !is_first {
        let message = format!("RECORD lists `{path}` twice");
        found.push((message, Severity::Error, &[Refuser::Spec]));
    }
    if row.n_fields != 3 {
        let message = format!("the row of `{path}` has {} fields, not 3", row.n_fields);
        found.push((message, Severity::Warning, &[]));
    }
    if !row.size.is_empty() && row.size.parse::<u64>().is_err() {
        let message = format!("the size of `{path}` is `{}`, no number", row.size);
        found.push((message, Severity::Error, &[Refuser::Uv, Refuser::Spec]));
    }
    if path.ends_with('/') {
        let message = format!("`{path}` is a directory");
        found.push((message, Severity::Warning, &[]));
    }
    for fault in EntryPath::new(path).faults() {
        let message = format!("the path `{path}` {}", fault.as_str());
        match fault {
            PathFault::Backslash => found.push((message, Severity::Warning, &[])),
            // What begins with `..` is how installed files outside of the packages' directory are
            // listed after installation; a wheel has none of them.
            _ => found.push((message, Severity::Error, &[Refuser::Spec])),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::testing::{expect, in_wheel, wheel};
    use super::*;

    #[test]
    fn well_formed_rows_are_quiet() {
        expect(
            &in_wheel(&wheel().file("demo/a,\"b\".txt", "x"), check),
            &[],
        );
    }

    #[test]
    fn other_encodings_are_refused_by_everybody() {
        expect(
            &in_wheel(&wheel().record(b"caf\xe9.py,,\n"), check),
            &["error pypi,pip,uv,spec: RECORD is not UTF-8 (demo-1.0.dist-info/RECORD)"],
        );
    }

    #[test]
    fn odd_rows_are_found() {
        let rows = "path,hash,size\n\na.py\na.py,,\nb\\c.py,,\nd/,,\n../e.py,,\n/f.py,,\n";
        expect(
            &in_wheel(&wheel().record(rows), check),
            &[
                "error uv,spec: the size of `path` is `size`, no number (demo-1.0.dist-info/RECORD)",
                "error pypi: a line of RECORD is empty (demo-1.0.dist-info/RECORD)",
                "warning -: the row of `a.py` has 1 fields, not 3 (demo-1.0.dist-info/RECORD)",
                "error spec: RECORD lists `a.py` twice (demo-1.0.dist-info/RECORD)",
                "warning -: the path `b\\c.py` holds a backslash (demo-1.0.dist-info/RECORD)",
                "warning -: `d/` is a directory (demo-1.0.dist-info/RECORD)",
                "error spec: the path `../e.py` climbs out with `..` (demo-1.0.dist-info/RECORD)",
                "error spec: the path `/f.py` is absolute (demo-1.0.dist-info/RECORD)",
            ],
        );
    }
}
