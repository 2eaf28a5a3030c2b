//! P1104: the modules and attributes of entry points are in the wheel.

use std::collections::{HashMap, HashSet};

use pubflow_finding::{Finding, Findings, Rule, Severity};

use super::report;
use crate::content::python::Source;
use crate::wheel::{ObjectReference, Wheel};

pub(super) static RULE: Rule = Rule {
    code: "P1104",
    name: "entry-point-module",
    severity: Severity::Warning,
    source: "entry points specification",
    refused_by: &[],
    about: "An entry point refers to a module that is not in the wheel, or to an attribute that \
            its source never names. A module of a dependency is taken for granted.",
    why: "Installation succeeds, but the command or plugin fails as soon as it is used.",
    cure: "Correct the reference in pyproject.toml, or include the module.",
    bad: "demo = demo.cli:main, and no demo/cli.py in the wheel",
    good: "demo = demo.cli:main, and demo/cli.py with \"def main():\"",
};

pub(super) fn check(wheel: &Wheel, findings: &mut Findings) {
    let Some(points) = wheel.entry_points() else {
        return;
    };
    if !wheel.archive().is_complete() {
        return;
    }
    let modules = modules(wheel);
    let sources = sources(wheel);
    let has_dependencies = wheel
        .metadata()
        .is_some_and(|metadata| metadata.first("Requires-Dist").is_some());
    let found = points.points().iter().filter_map(|point| {
        let reference = ObjectReference::parse(&point.value)?;
        let module = reference.module;
        let top = module.split('.').next()?;
        let is_foreign = has_dependencies && !modules.contains(top);
        let name = &point.name;
        let message = if !modules.contains(module) && !is_foreign {
            format!(
                "the entry point `{name}` needs the module `{module}`, which is not in the wheel"
            )
        } else {
            let attribute = reference.attribute?.split('.').next()?;
            let source = sources.get(module)?;
            let is_there = source.is_dynamic
                || source.fault.is_some()
                || source.names.contains(attribute)
                || modules.contains(&format!("{module}.{attribute}"));
            if is_there {
                return None;
            }
            format!(
                "the entry point `{name}` needs `{attribute}`, which `{module}` does not define"
            )
        };
        Some(
            Finding::new(&RULE, message)
                .member(wheel.member("entry_points.txt"))
                .line(point.line)
                .next("correct the reference in pyproject.toml and build again"),
        )
    });
    report::capped(&RULE, found, findings);
}

/// What the sources of the wheel tell, by module.
pub(super) fn sources(wheel: &Wheel) -> HashMap<String, &Source> {
    let mut sources = HashMap::new();
    for entry in wheel.entries() {
        let content = wheel.archive().content(entry.path.as_str());
        let source = content.and_then(|content| content.source.as_ref());
        let path = wheel.installed_path(&entry.path);
        if let (Some(source), Some(stem)) = (source, path.and_then(|p| p.strip_suffix(".py"))) {
            let module = stem.strip_suffix("/__init__").unwrap_or(stem);
            sources.insert(module.replace('/', "."), source);
        }
    }
    sources
}

/// Deeper files are no modules of anybody: the cost of a path grows with the square of its depth.
const DEEPEST: usize = 50;

/// Every module and package of the wheel, dotted. A directory is a package, whatever lies in it.
pub(super) fn modules(wheel: &Wheel) -> HashSet<String> {
    let mut modules = HashSet::new();
    for entry in wheel.entries().iter().filter(|entry| entry.is_file()) {
        let Some(path) = wheel.installed_path(&entry.path) else {
            continue;
        };
        if path.split('/').count() > DEEPEST {
            continue;
        }
        let (directory, file) = path.rsplit_once('/').unwrap_or(("", path));
        let is_module = matches!(entry.path.extension(), Some("py" | "so" | "pyd"));
        let stem = file.split('.').next().unwrap_or_default();
        let mut module = directory.replace('/', ".");
        if is_module && stem != "__init__" {
            if !module.is_empty() {
                module.push('.');
            }
            module.push_str(stem);
        }
        while !module.is_empty() && modules.insert(module.clone()) {
            match module.rsplit_once('.') {
                Some((above, _)) => module.truncate(above.len()),
                None => break,
            }
        }
    }
    modules
}

#[cfg(test)]
mod tests {
    use super::super::testing::{expect, in_wheel, wheel};
    use super::*;

    #[test]
    fn modules_of_the_wheel_and_of_dependencies_are_quiet() {
        let text = "[console_scripts]\na = demo:main\nb = demo.sub.x:main\nc = demo._n:f\n\
                    [pkg_config]\nd = demo.data\n";
        let builder = wheel()
            .file("demo/__init__.py", "from .sub.x import main\n")
            .file("demo/sub/x.py", "def main(): pass\n")
            .file("demo/data/demo.pc", "")
            .file("demo/_n.cpython-312-x86_64-linux-gnu.so", "")
            .entry_points(text);
        expect(&in_wheel(&builder, check), &[]);
        let foreign = wheel()
            .requires("other")
            .entry_points("[console_scripts]\na = other:main\n");
        expect(&in_wheel(&foreign, check), &[]);
    }

    #[test]
    fn missing_attributes_are_found() {
        let builder = wheel().entry_points("[console_scripts]\na = demo:gone.x\nb = demo:x\n");
        expect(
            &in_wheel(&builder, check),
            &[
                "warning -: the entry point `a` needs `gone`, which `demo` does not define (demo-1.0.dist-info/entry_points.txt)",
            ],
        );
        let lazy = wheel()
            .file("demo/lazy.py", "from other import *\n")
            .entry_points("[console_scripts]\na = demo.lazy:gone\n");
        expect(&in_wheel(&lazy, check), &[]);
    }

    #[test]
    fn missing_modules_are_found() {
        let builder = wheel().entry_points("[console_scripts]\na = demo.gone:main\n");
        expect(
            &in_wheel(&builder, check),
            &[
                "warning -: the entry point `a` needs the module `demo.gone`, which is not in the wheel (demo-1.0.dist-info/entry_points.txt)",
            ],
        );
        let builder = wheel().entry_points("[console_scripts]\na = gone:main\n");
        assert_eq!(in_wheel(&builder, check).len(), 1);
    }
}
