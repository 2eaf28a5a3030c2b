//! P918: the marker of packages with type hints.

use std::collections::{BTreeSet, HashSet};

use pubflow_finding::{Finding, Findings, Rule, Severity};

use crate::wheel::Wheel;

pub(super) static RULE: Rule = Rule {
    code: "P918",
    name: "typing-marker",
    severity: Severity::Warning,
    source: "PEP 561",
    refused_by: &[],
    about: "The project says that it is typed (`Typing :: Typed`, or stub files beside its \
            modules), but no package of the wheel holds `py.typed`, or the marker lies where no \
            package is.",
    why: "Type checkers then ignore all hints of the installed package.",
    cure: "Put an empty `py.typed` into each package at the top, and tell the backend to include \
            it.",
    bad: "classifiers = [\"Typing :: Typed\"], and no demo/py.typed in the wheel",
    good: "demo/__init__.py\ndemo/py.typed",
};

pub(super) fn check(wheel: &Wheel, findings: &mut Findings) {
    let files: Vec<&str> = wheel
        .entries()
        .iter()
        .filter(|entry| entry.is_file())
        .filter_map(|entry| wheel.installed_path(&entry.path))
        .collect();
    if !wheel.archive().is_complete() || files.iter().any(|path| path.ends_with("/py.typed")) {
        return;
    }
    let says_typed = wheel.metadata().is_some_and(|metadata| {
        metadata
            .all("Classifier")
            .any(|classifier| classifier.trim() == "Typing :: Typed")
    });
    let has_modules = files
        .iter()
        .any(|path| path.ends_with(".py") && path.contains('/'));
    let add = |message: String, findings: &mut Findings| {
        findings.add(
            Finding::new(&RULE, message)
                .next("put an empty `py.typed` into each package and include it in the wheel"),
        );
    };
    if says_typed && has_modules {
        let message = "the project is classified as typed, but no package holds `py.typed`";
        add(message.to_owned(), findings);
        return;
    }
    let module = |path: &&str| path.split_once('.').map(|(module, _)| module.to_owned());
    let modules: HashSet<String> = files
        .iter()
        .filter(|path| [".py", ".so", ".pyd"].iter().any(|end| path.ends_with(end)))
        .filter_map(module)
        .collect();
    // Stubs without their modules are data, or the purpose of packages called `x-stubs`.
    let stubbed: BTreeSet<&str> = files
        .iter()
        .filter(|path| path.ends_with(".pyi"))
        .filter(|path| module(path).is_some_and(|module| modules.contains(&module)))
        .filter_map(|path| path.split_once('/'))
        .map(|(top, _)| top)
        .filter(|top| !top.ends_with("-stubs"))
        .collect();
    if let Some(top) = stubbed.first() {
        add(
            format!("the package `{top}` holds stubs, but no `py.typed`"),
            findings,
        );
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{expect, in_wheel, wheel};
    use super::*;

    #[test]
    fn marked_untyped_and_stub_packages_are_quiet() {
        expect(&in_wheel(&wheel(), check), &[]);
        let marked = wheel()
            .metadata_line("Classifier: Typing :: Typed")
            .file("demo/py.typed", "");
        expect(&in_wheel(&marked, check), &[]);
        let stubs = wheel()
            .file("demo-stubs/__init__.pyi", "")
            .file("demo/typeshed/a.pyi", "");
        expect(&in_wheel(&stubs, check), &[]);
    }

    #[test]
    fn a_missing_marker_is_found() {
        let typed = wheel().metadata_line("Classifier: Typing :: Typed");
        expect(
            &in_wheel(&typed, check),
            &["warning -: the project is classified as typed, but no package holds `py.typed`"],
        );
        expect(
            &in_wheel(&wheel().file("demo/__init__.pyi", ""), check),
            &["warning -: the package `demo` holds stubs, but no `py.typed`"],
        );
    }
}
