//! P922: modules that come from an old `build` directory.

use std::path::Path;

use pubflow_dist::Distribution;
use pubflow_finding::{Finding, Findings, Refuser, Rule, Severity};

const NOBODY: &[Refuser] = &[];

pub(crate) static RULE: Rule = Rule {
    code: "P922",
    name: "stale-modules",
    severity: Severity::Error,
    source: "advice",
    refused_by: NOBODY,
    about: "A module of the wheel is not in the project any more, but it lies in `build/lib`, \
            where an earlier build left it.",
    why: "setuptools packs whatever it finds there: modules that were deleted or renamed come back \
          to life for every user.",
    cure: "Remove the `build` directory and build again; `pubflow build --clean` does both.",
    bad: "build/lib/demo/old.py   from last year, packed again",
    good: "no build directory when the build begins",
};

/// Modules beyond this say nothing more.
const MOST: usize = 20;

/// Looks for modules of the wheel that only `build/lib` of the project can have brought.
pub(crate) fn check(project: &Path, distribution: &Distribution, findings: &mut Findings) {
    let Distribution::Wheel(wheel) = distribution else {
        return;
    };
    let left_over = project.join("build").join("lib");
    if !left_over.is_dir() {
        return;
    }
    let stale = wheel.entries().iter().filter(|entry| {
        let path = wheel.installed_path(&entry.path).unwrap_or_default();
        let is_module = path.ends_with(".py") && entry.path.faults().is_empty();
        let is_source = || {
            ["", "src", "lib", "python"]
                .iter()
                .any(|top| project.join(top).join(path).is_file())
        };
        is_module && left_over.join(path).is_file() && !is_source()
    });
    for entry in stale.take(MOST) {
        let path = entry.path.as_str();
        let message = format!("`{path}` is in `build/lib`, but not in the project any more");
        findings.add(
            Finding::new(&RULE, message)
                .member(path)
                .next("remove the `build` directory and build again"),
        );
    }
}
