//! P916: members whose paths differ by letter case only.

use std::collections::HashMap;

use pubflow_finding::{Finding, Findings, Rule, Severity};

use super::{Subject, report};

pub(super) static RULE: Rule = Rule {
    code: "P916",
    name: "case-collision",
    severity: Severity::Warning,
    source: "advice",
    refused_by: &[],
    about: "Two members have paths that differ by letter case only.",
    why: "On Windows and on most Macs they are one file: the second overwrites the first, and \
            imports find either.",
    cure: "Rename one of them in the project.",
    bad: "demo/Data.py\ndemo/data.py",
    good: "demo/data.py",
};

pub(super) fn check<S: Subject>(subject: &S, findings: &mut Findings) {
    let mut seen: HashMap<String, &str> = HashMap::new();
    let mut found = Vec::new();
    for entry in subject.archive().entries() {
        let path = entry.path.as_str();
        if let Some(other) = seen.insert(path.to_lowercase(), path)
            && other != path
        {
            found.push(
                Finding::new(
                    &RULE,
                    format!("`{path}` and `{other}` differ by letter case only"),
                )
                .member(path)
                .next("rename one of the two in the project and build again"),
            );
        }
    }
    report::capped(&RULE, found, findings);
}

#[cfg(test)]
mod tests {
    use super::super::testing::{expect, in_sdist, in_wheel, sdist, wheel};
    use super::*;

    #[test]
    fn different_names_are_quiet() {
        expect(&in_wheel(&wheel(), check), &[]);
    }

    #[test]
    fn names_that_fall_together_are_found() {
        expect(
            &in_sdist(&sdist().file("demo/A.py", "").file("demo/a.py", ""), check),
            &[
                "warning -: `demo-1.0/demo/a.py` and `demo-1.0/demo/A.py` differ by letter case only (demo-1.0/demo/a.py)",
            ],
        );
    }
}
