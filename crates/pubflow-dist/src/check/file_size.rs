//! P1501: the index's limit for one file.

use pubflow_finding::{Finding, Findings, Refuser, Rule, Severity};

use super::Subject;

/// Without a raised limit the index takes files up to 100 MiB.
const LIMIT: u64 = 100 << 20;

pub(super) static RULE: Rule = Rule {
    code: "P1501",
    name: "file-size",
    severity: Severity::Error,
    source: "R084",
    refused_by: &[Refuser::Pypi],
    about: "The file is larger than 100 MiB.",
    why: "The index refuses it unless the project was given a higher limit.",
    cure: "Ask for a higher limit on the project's settings page before the release, or move \
            large data out of the distribution. With a raised limit, ignore this finding.",
    bad: "demo-1.0-py3-none-any.whl   140 MB",
    good: "demo-1.0-py3-none-any.whl   4 MB",
};

pub(super) fn check<S: Subject>(subject: &S, findings: &mut Findings) {
    if let Some(message) = message(subject.archive().size()) {
        findings.add(
            Finding::new(&RULE, message)
                .why("the index refuses it: File too large")
                .next("ask the index for a higher limit, or make the file smaller"),
        );
    }
}

fn message(size: u64) -> Option<String> {
    (size > LIMIT).then(|| format!("the file has {} MiB, more than 100", size.div_ceil(1 << 20)))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{expect, in_wheel, wheel};
    use super::*;

    #[test]
    fn small_files_are_quiet() {
        expect(&in_wheel(&wheel(), check), &[]);
        assert_eq!(message(LIMIT), None);
    }

    #[test]
    fn a_file_over_the_limit_is_found() {
        let found = message(LIMIT + 1);
        assert_eq!(
            found.as_deref(),
            Some("the file has 101 MiB, more than 100")
        );
    }
}
