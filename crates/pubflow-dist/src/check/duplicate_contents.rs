//! P917: files of one content under several names.

use std::collections::BTreeMap;

use pubflow_finding::{Finding, Findings, Rule, Severity};

use super::report;
use crate::wheel::Wheel;

/// Copies that cost less are nobody's trouble: empty `__init__.py`, short licences.
const FROM_BYTES: u64 = 64 << 10;

pub(super) static RULE: Rule = Rule {
    code: "P917",
    name: "duplicate-contents",
    severity: Severity::Note,
    source: "advice",
    refused_by: &[],
    about: "Several members of the wheel hold the same content, and the copies take 64 KiB or \
            more once installed.",
    why: "Every user downloads and stores each copy; a shared library that is copied under \
            each of its version names is the usual cause, data that is packed twice another.",
    cure: "Load the file from one place, or leave the copies out.",
    bad: "demo/libx.so      4 MiB\ndemo/libx.so.1    4 MiB, the same",
    good: "demo/libx.so      4 MiB",
};

pub(super) fn check(wheel: &Wheel, findings: &mut Findings) {
    let mut by_content: BTreeMap<([u8; 32], u64), Vec<&str>> = BTreeMap::new();
    for entry in wheel.entries().iter().filter(|entry| entry.is_file()) {
        if let Some(sha256) = entry.sha256 {
            let same = by_content.entry((*sha256.as_bytes(), entry.size));
            same.or_default().push(entry.path.as_str());
        }
    }
    let mut found: Vec<(u64, Vec<&str>)> = by_content
        .into_iter()
        .map(|((_, size), paths)| (size.saturating_mul(paths.len() as u64 - 1), paths))
        .filter(|(wasted, _)| *wasted >= FROM_BYTES)
        .collect();
    found.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    let found = found.into_iter().map(|(wasted, paths)| {
        let shown: Vec<String> = paths.iter().take(3).map(|p| format!("`{p}`")).collect();
        let more = match paths.len() - shown.len() {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let message = format!(
            "{}{more} have the same content; the copies take {} KiB",
            shown.join(", "),
            wasted >> 10
        );
        Finding::new(&RULE, message)
            .member(paths[0])
            .next("keep one of them and load it from there")
    });
    report::capped(&RULE, found, findings);
}

#[cfg(test)]
mod tests {
    use super::super::testing::{expect, in_wheel, wheel};
    use super::*;

    #[test]
    fn small_copies_are_quiet() {
        let builder = wheel().file("demo/a.txt", "x").file("demo/b.txt", "x");
        expect(&in_wheel(&builder, check), &[]);
    }

    #[test]
    fn large_copies_are_found() {
        let library = vec![7; 40 << 10];
        let builder = wheel()
            .file("demo/libx.so", &library)
            .file("demo/libx.so.1", &library)
            .file("demo/libx.so.1.2", &library);
        expect(
            &in_wheel(&builder, check),
            &[
                "note -: `demo/libx.so`, `demo/libx.so.1`, `demo/libx.so.1.2` have the same content; the copies take 80 KiB (demo/libx.so)",
            ],
        );
    }
}
