//! P914: modules that cannot be imported as they lie.

use std::collections::{BTreeMap, BTreeSet};

use pubflow_finding::{Finding, Findings, Rule, Severity};

use super::report;
use crate::wheel::Wheel;

pub(super) static RULE: Rule = Rule {
    code: "P914",
    name: "wheel-modules",
    severity: Severity::Warning,
    source: "advice",
    refused_by: &[],
    about: "`__init__.py` lies at the root, the wheel installs several top-level packages, a \
            top-level directory holds no module, or a module has a name that no `import` can \
            spell.",
    why: "Each is a sign that the backend packed something else than was meant.",
    cure: "Check the backend's settings for packages; where it is meant, ignore this finding with \
            a reason.",
    bad: "__init__.py\ncli.py",
    good: "demo/__init__.py\ndemo/cli.py",
};

pub(super) fn check(wheel: &Wheel, findings: &mut Findings) {
    let mut tops: BTreeMap<&str, bool> = BTreeMap::new();
    let mut unspellable = Vec::new();
    for entry in wheel.entries().iter().filter(|entry| entry.is_file()) {
        let Some(path) = wheel.installed_path(&entry.path) else {
            continue;
        };
        let is_module = matches!(entry.path.extension(), Some("py" | "pyi" | "so" | "pyd"));
        if let Some((top, _)) = path.split_once('/')
            && !top.ends_with(".dist-info")
            && !top.ends_with(".data")
            // Where auditwheel puts the libraries that it copies.
            && !top.ends_with(".libs")
        {
            *tops.entry(top).or_default() |= is_module;
        }
        if path == "__init__.py" {
            findings.add(
                Finding::new(&RULE, "`__init__.py` lies at the root of the wheel")
                    .member(entry.path.as_str())
                    .next("pack the directory of the package, not its content"),
            );
        } else if is_unspellable(path) {
            unspellable.push(entry.path.as_str());
        }
    }
    let found = unspellable.into_iter().map(|path| {
        Finding::new(&RULE, format!("no `import` can spell the module `{path}`"))
            .member(path)
            .next("rename the module, or exclude the file from the wheel")
    });
    report::capped(&RULE, found, findings);
    for (top, _) in tops.iter().filter(|(_, has_module)| !**has_module) {
        findings.add(
            Finding::new(
                &RULE,
                format!("the top-level directory `{top}` holds no module"),
            )
            .member(*top)
            .next("move the data into the package"),
        );
    }
    let names: BTreeSet<String> = wheel
        .top_level_modules()
        .into_iter()
        .filter(|name| !name.starts_with('_'))
        .collect();
    if names.len() > 1 {
        let shown: Vec<String> = names
            .iter()
            .take(3)
            .map(|name| format!("`{name}`"))
            .collect();
        let message = format!(
            "the wheel installs several top-level names: {}",
            shown.join(", ")
        );
        findings.add(Finding::new(&RULE, message).next("check which of them are meant"));
    }
}

/// Whether the file of a module has a name that is no identifier. Sources below directories that
/// are no packages, such as templates, are data.
fn is_unspellable(path: &str) -> bool {
    let Some(stem) = path.strip_suffix(".py") else {
        return false;
    };
    let mut parts = stem.split('/').rev();
    let name = parts.next().unwrap_or_default();
    // Tools that find such files by their names: database migrations, hooks of PyInstaller.
    let directory = parts.clone().next().unwrap_or_default();
    if matches!(directory, "migrations" | "versions") || name.starts_with("hook-") {
        return false;
    }
    let is_name = |text: &str| {
        let mut chars = text.chars();
        chars.next().is_some_and(|c| c == '_' || c.is_alphabetic())
            && chars.all(|c| c == '_' || c.is_alphanumeric())
    };
    parts.all(is_name) && !is_name(name)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{expect, in_wheel, wheel};
    use super::*;

    #[test]
    fn one_package_is_quiet() {
        let builder = wheel()
            .file("demo/a.py", "")
            .file("demo/migrations/0001_initial.py", "")
            .file("demo.libs/libx.so.1", "")
            .file("_demo.py", "");
        expect(&in_wheel(&builder, check), &[]);
    }

    #[test]
    fn odd_layouts_are_found() {
        let builder = wheel()
            .file("__init__.py", "")
            .file("other/__init__.py", "")
            .file("demo/my-tool.py", "")
            .file("share/x.txt", "");
        expect(
            &in_wheel(&builder, check),
            &[
                "warning -: the wheel installs several top-level names: `demo`, `other`",
                "warning -: `__init__.py` lies at the root of the wheel (__init__.py)",
                "warning -: no `import` can spell the module `demo/my-tool.py` (demo/my-tool.py)",
                "warning -: the top-level directory `share` holds no module (share)",
            ],
        );
    }
}
