//! P1504: where the bytes of a large distribution are.

use std::collections::BTreeMap;

use pubflow_finding::{Finding, Findings, Rule, Severity};

use super::Subject;

pub(super) static RULE: Rule = Rule {
    code: "P1504",
    name: "largest-members",
    severity: Severity::Note,
    source: "advice",
    refused_by: &[],
    about: "The distribution unpacks to more than 10 MiB; this tells its largest members, \
            directories and kinds of file.",
    why: "It says nothing about right or wrong: it shows where to look when the file should be \
            smaller.",
    cure: "Run `pubflow inspect` for the whole tree.",
    bad: "demo/data/model.bin   60 % of the wheel, and nobody knew",
    good: "demo/data/model.bin   fetched at first use",
};

const FROM_BYTES: u64 = 10 << 20;
/// Rows of each list.
const SHOWN: usize = 3;

pub(super) fn check<S: Subject>(subject: &S, findings: &mut Findings) {
    let archive = subject.archive();
    let mut members: BTreeMap<&str, u64> = BTreeMap::new();
    let mut directories: BTreeMap<&str, u64> = BTreeMap::new();
    let mut kinds: BTreeMap<String, u64> = BTreeMap::new();
    let mut total = 0u64;
    let add = |sum: &mut u64, bytes: u64| *sum = sum.saturating_add(bytes);
    for entry in archive.entries().iter().filter(|entry| entry.is_file()) {
        let path = entry.path.as_str();
        let directory = path
            .rsplit_once('/')
            .map_or(".", |(directory, _)| directory);
        let kind = entry.path.extension().unwrap_or("no extension");
        add(members.entry(path).or_default(), entry.size);
        add(directories.entry(directory).or_default(), entry.size);
        add(kinds.entry(kind.to_lowercase()).or_default(), entry.size);
        add(&mut total, entry.size);
    }
    if total < FROM_BYTES {
        return;
    }
    let message = format!(
        "largest members: {}; directories: {}; kinds: {}",
        largest(members, total),
        largest(directories, total),
        largest(kinds, total)
    );
    findings.add(Finding::new(&RULE, message).next("run `pubflow inspect` for the whole tree"));
}

/// The first rows by size, each with its share.
fn largest<K: AsRef<str> + Ord>(sizes: BTreeMap<K, u64>, total: u64) -> String {
    let mut rows: Vec<(K, u64)> = sizes.into_iter().collect();
    rows.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let rows: Vec<String> = rows
        .iter()
        .take(SHOWN)
        .map(|(name, bytes)| {
            let share = u128::from(*bytes) * 100 / u128::from(total.max(1));
            format!("`{}` {share} %", name.as_ref())
        })
        .collect();
    rows.join(", ")
}

#[cfg(test)]
mod tests {
    use super::super::testing::{expect, in_wheel, wheel};
    use super::*;

    #[test]
    fn small_wheels_are_quiet() {
        expect(&in_wheel(&wheel(), check), &[]);
    }

    #[test]
    fn the_parts_of_a_large_wheel_are_told() {
        let builder = wheel()
            .file("demo/a.bin", vec![1; 8 << 20])
            .file("demo/data/b.BIN", vec![2; 4 << 20]);
        let found = in_wheel(&builder, check);
        expect(
            &found,
            &[
                "note -: largest members: `demo/a.bin` 66 %, `demo/data/b.BIN` 33 %, `demo-1.0.dist-info/RECORD` 0 %; \
               directories: `demo` 66 %, `demo/data` 33 %, `demo-1.0.dist-info` 0 %; kinds: `bin` 99 %, `no extension` 0 %, `py` 0 %",
            ],
        );
    }
}
