//! P1308: test data that make up most of a distribution.

use pubflow_finding::{Finding, Findings, Rule, Severity};

use super::Subject;

pub(super) static RULE: Rule = Rule {
    code: "P1308",
    name: "large-test-data",
    severity: Severity::Warning,
    source: "advice",
    refused_by: &[],
    about: "Most of the distribution is one file below a directory of tests, examples or \
            documentation.",
    why: "Everybody who installs the project downloads it, and the project's quota on the index \
            pays for it with every release.",
    cure: "Exclude the file and let the tests fetch or generate it, or make it smaller.",
    bad: "demo-1.0/tests/data/planet.bin   60 MB",
    good: "demo-1.0/tests/data/village.bin   40 kB",
};

const DIRECTORIES: &[&str] = &[
    "benchmarks",
    "doc",
    "docs",
    "example",
    "examples",
    "fixtures",
    "notebooks",
    "test",
    "testdata",
    "testing",
    "tests",
];

/// Smaller files hurt nobody.
const FROM_BYTES: u64 = 100_000;

pub(super) fn check<S: Subject>(subject: &S, findings: &mut Findings) {
    let archive = subject.archive();
    let files = || archive.entries().iter().filter(|entry| entry.is_file());
    let total = files().fold(0u64, |sum, entry| sum.saturating_add(entry.size));
    let largest = files()
        .filter(|entry| {
            let mut parts: Vec<&str> = entry.path.components().collect();
            parts.pop();
            parts
                .iter()
                .any(|part| DIRECTORIES.contains(&part.to_ascii_lowercase().as_str()))
        })
        .max_by_key(|entry| entry.size);
    let Some(entry) = largest else {
        return;
    };
    if entry.size >= FROM_BYTES && entry.size > total / 2 {
        let path = entry.path.as_str();
        let message = format!(
            "`{path}` makes up {} % of the unpacked distribution",
            u128::from(entry.size) * 100 / u128::from(total.max(1))
        );
        findings.add(
            Finding::new(&RULE, message)
                .member(path)
                .next("exclude the file, or make it smaller"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{expect, in_sdist, in_wheel, sdist, wheel};
    use super::*;

    #[test]
    fn sources_and_small_data_are_quiet() {
        let text = "x".repeat(200_000);
        expect(&in_wheel(&wheel().file("demo/data.bin", &text), check), &[]);
        let small = sdist().file("tests/data.bin", "x".repeat(50_000));
        expect(&in_sdist(&small, check), &[]);
        let one_of_many = sdist()
            .file("tests/data.bin", &text)
            .file("demo/table.py", text.repeat(2));
        expect(&in_sdist(&one_of_many, check), &[]);
    }

    #[test]
    fn data_that_outweigh_the_rest_are_found() {
        let builder = sdist().file("tests/data.bin", "x".repeat(200_000));
        expect(
            &in_sdist(&builder, check),
            &[
                "warning -: `demo-1.0/tests/data.bin` makes up 99 % of the unpacked distribution (demo-1.0/tests/data.bin)",
            ],
        );
    }
}
