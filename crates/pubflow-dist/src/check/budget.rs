//! P1502: sizes that users feel.

use pubflow_finding::{Finding, Findings, Rule, Severity};

use super::Subject;

pub(super) static RULE: Rule = Rule {
    code: "P1502",
    name: "size-budget",
    severity: Severity::Warning,
    source: "advice",
    refused_by: &[],
    about: "The file has more than 50 MiB, unpacks to more than 250 MiB, or holds more than \
            5,000 files.",
    why: "Every installation in every container and every CI job pays for it, and some \
            services have no room for more.",
    cure: "Look at what is large (P1504) and leave out what users do not need; where the size \
            is meant, ignore this finding with a reason.",
    bad: "demo-1.0-py3-none-any.whl, 80 MiB, 70 of them test data",
    good: "demo-1.0-py3-none-any.whl, 10 MiB",
};

const MOST_BYTES: u64 = 50 << 20;
/// What a function of the large cloud services may have in all.
const MOST_UNPACKED: u64 = 250 << 20;
const MOST_FILES: usize = 5000;

pub(super) fn check<S: Subject>(subject: &S, findings: &mut Findings) {
    let archive = subject.archive();
    let mut files = 0usize;
    let mut bytes = 0u64;
    for entry in archive.entries().iter().filter(|entry| entry.is_file()) {
        files += 1;
        bytes = bytes.saturating_add(entry.size);
    }
    for message in messages(archive.size(), bytes, files) {
        findings.add(Finding::new(&RULE, message).next("leave out what users do not need"));
    }
}

fn messages(packed: u64, unpacked: u64, files: usize) -> Vec<String> {
    let mib = |bytes: u64| bytes.div_ceil(1 << 20);
    let mut messages = Vec::new();
    if packed > MOST_BYTES {
        messages.push(format!("the file has {} MiB", mib(packed)));
    }
    if unpacked > MOST_UNPACKED {
        messages.push(format!("the file unpacks to {} MiB", mib(unpacked)));
    }
    if files > MOST_FILES {
        messages.push(format!("the file holds {files} files"));
    }
    messages
}

#[cfg(test)]
mod tests {
    use super::super::testing::{expect, in_sdist, sdist};
    use super::*;

    #[test]
    fn small_files_are_quiet() {
        expect(&in_sdist(&sdist(), check), &[]);
        assert!(messages(MOST_BYTES, MOST_UNPACKED, MOST_FILES).is_empty());
    }

    #[test]
    fn each_budget_is_told() {
        let found = messages(MOST_BYTES + 1, MOST_UNPACKED + 1, MOST_FILES + 1);
        assert_eq!(
            found,
            [
                "the file has 51 MiB",
                "the file unpacks to 251 MiB",
                "the file holds 5001 files"
            ]
        );
        let mut builder = sdist();
        for n in 0..=MOST_FILES {
            builder = builder.file(&format!("data/{n}"), "");
        }
        let found = in_sdist(&builder, check);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].message, "the file holds 5004 files");
    }
}
