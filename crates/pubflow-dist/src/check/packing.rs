//! P1505: members that are packed badly, and kinds of file under two endings.

use std::collections::BTreeSet;

use pubflow_finding::{Finding, Findings, Rule, Severity};

use super::{Subject, report};
use crate::problem::Family;

pub(super) static RULE: Rule = Rule {
    code: "P1505",
    name: "packing",
    severity: Severity::Note,
    source: "advice",
    refused_by: &[],
    about: "Members are stored although compression would save 64 KiB or more, or one kind of \
            file stands in the archive under two endings, such as `.yml` and `.yaml`.",
    why: "Every user downloads the difference; patterns for package data that name one ending \
          leave out the files with the other.",
    cure: "Build with a backend that compresses; give files of one kind one ending.",
    bad: "demo/table.csv   stored, 900 KiB",
    good: "demo/table.csv   deflated, 120 KiB",
};

/// Endings of one kind of file.
const PAIRS: &[(&str, &str)] = &[
    ("htm", "html"),
    ("jpeg", "jpg"),
    ("markdown", "md"),
    ("tif", "tiff"),
    ("yaml", "yml"),
];

pub(super) fn check<S: Subject>(subject: &S, findings: &mut Findings) {
    let archive = subject.archive();
    let next = "let the build backend compress the members";
    report::family(archive, Family::Packing, &RULE, next, findings);
    let files = archive.entries().iter().filter(|entry| entry.is_file());
    let endings: BTreeSet<String> = files
        .filter_map(|entry| entry.path.extension())
        .map(str::to_lowercase)
        .collect();
    for (one, other) in PAIRS {
        if endings.contains(*one) && endings.contains(*other) {
            let message = format!("files of one kind end in `.{one}` and in `.{other}`");
            findings.add(Finding::new(&RULE, message).next("give them one ending"));
        }
    }
}

#[cfg(test)]
mod tests {
    use pubflow_testkit::ZipMember;

    use super::super::testing::{expect, in_sdist, in_wheel, sdist, wheel};
    use super::*;

    fn stored(content: &[u8]) -> ZipMember {
        let mut member = ZipMember::new("demo/table.csv", content);
        member.method = 0;
        member
    }

    #[test]
    fn compressed_small_and_random_members_are_quiet() {
        let builder = wheel().file("demo/table.csv", "1,2,3\n".repeat(100_000));
        expect(&in_wheel(&builder, check), &[]);
        expect(&in_wheel(&wheel().member(stored(b"1,2,3\n")), check), &[]);
        let mut state = 1u32;
        let random: Vec<u8> = std::iter::repeat_with(|| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        })
        .take(300_000)
        .collect();
        expect(&in_wheel(&wheel().member(stored(&random)), check), &[]);
    }

    #[test]
    fn stored_texts_and_mixed_endings_are_found() {
        let table = "1,2,3\n".repeat(100_000);
        let found = in_wheel(&wheel().member(stored(table.as_bytes())), check);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].severity, Severity::Note);
        let message = &found[0].message;
        assert!(
            message.starts_with("stored members (1) would be about 58"),
            "{message}"
        );
        let builder = sdist().file("a.yml", "").file("b.YAML", "");
        expect(
            &in_sdist(&builder, check),
            &["note -: files of one kind end in `.yaml` and in `.yml`"],
        );
    }
}
