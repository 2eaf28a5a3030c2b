//! P911: files at the root of a wheel that are no modules.

use pubflow_finding::{Finding, Findings, Rule, Severity};

use super::report;
use crate::wheel::Wheel;

pub(super) static RULE: Rule = Rule {
    code: "P911",
    name: "wheel-root-files",
    severity: Severity::Warning,
    source: "advice",
    refused_by: &[],
    about: "A file at the root of the wheel is no module, for example README or LICENSE.",
    why: "It lands directly in `site-packages`, where files of other projects overwrite it and \
            are overwritten by it.",
    cure: "Put it inside of the package, below `.dist-info/licenses`, or leave it to the sdist.",
    bad: "README.md\ndemo/__init__.py",
    good: "demo/__init__.py\ndemo/README.md",
};

/// What belongs at the root: modules, stubs, and files that configure the import system.
const RIGHT: &[&str] = &["py", "pyi", "so", "pyd", "pth"];

pub(super) fn check(wheel: &Wheel, findings: &mut Findings) {
    let found = wheel
        .entries()
        .iter()
        .filter(|entry| entry.is_file())
        .filter_map(|entry| {
            let path = wheel.installed_path(&entry.path)?;
            let is_right = entry.path.extension().is_some_and(|e| RIGHT.contains(&e));
            (!path.contains('/') && !is_right).then(|| {
                Finding::new(
                    &RULE,
                    format!("`{path}` would lie directly in `site-packages`"),
                )
                .member(entry.path.as_str())
                .next("move the file into the package, or exclude it from the wheel")
            })
        });
    report::capped(&RULE, found, findings);
}

#[cfg(test)]
mod tests {
    use super::super::testing::{expect, in_wheel, wheel};
    use super::*;

    #[test]
    fn modules_at_the_root_are_quiet() {
        let builder = wheel().file("single.py", "").file("demo/README.md", "");
        expect(&in_wheel(&builder, check), &[]);
    }

    #[test]
    fn other_files_are_found() {
        expect(
            &in_wheel(&wheel().file("LICENSE", "x"), check),
            &["warning -: `LICENSE` would lie directly in `site-packages` (LICENSE)"],
        );
    }
}
