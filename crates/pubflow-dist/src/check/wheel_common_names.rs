//! P912: top-level names that many projects use by mistake.

use std::collections::BTreeSet;

use pubflow_finding::{Finding, Findings, Rule, Severity};

use crate::wheel::Wheel;

pub(super) static RULE: Rule = Rule {
    code: "P912",
    name: "wheel-common-names",
    severity: Severity::Warning,
    source: "advice",
    refused_by: &[],
    about: "The wheel installs a top-level directory such as `tests`, `docs` or `src`.",
    why: "All projects that do so share it: they overwrite each other's files, and one \
            uninstallation takes the files of the others. python-engineio#151, portalocker#56, \
            caio#75 and cdflib#273 are reports of it.",
    cure: "Exclude the directory from the wheel, or tell the backend that the package lies in \
            `src`.",
    bad: "tests/test_demo.py\ndemo/__init__.py",
    good: "demo/__init__.py",
};

const COMMON: &[&str] = &[
    "benchmark",
    "benchmarks",
    "bin",
    "build",
    "data",
    "dist",
    "doc",
    "docs",
    "example",
    "examples",
    "scripts",
    "src",
    "test",
    "testing",
    "tests",
    "tools",
];

pub(super) fn check(wheel: &Wheel, findings: &mut Findings) {
    // A project may own its own name, whatever it is.
    let own = wheel
        .filename()
        .ok()
        .map(|filename| filename.name.underscored());
    let tops: BTreeSet<&str> = wheel
        .entries()
        .iter()
        .filter(|entry| entry.is_file())
        .filter_map(|entry| wheel.installed_path(&entry.path)?.split_once('/'))
        .map(|(top, _)| top)
        .collect();
    for top in tops {
        let lower = top.to_ascii_lowercase();
        if COMMON.contains(&lower.as_str()) && own.as_deref() != Some(top) {
            findings.add(
                Finding::new(
                    &RULE,
                    format!("the wheel installs the top-level directory `{top}`"),
                )
                .member(top)
                .next(format!("exclude `{top}` from the wheel")),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{expect, in_wheel, wheel};
    use super::*;

    #[test]
    fn tests_inside_of_the_package_are_quiet() {
        expect(
            &in_wheel(&wheel().file("demo/tests/test_a.py", ""), check),
            &[],
        );
    }

    #[test]
    fn tests_at_the_top_are_found() {
        expect(
            &in_wheel(&wheel().file("tests/test_a.py", ""), check),
            &["warning -: the wheel installs the top-level directory `tests` (tests)"],
        );
    }
}
