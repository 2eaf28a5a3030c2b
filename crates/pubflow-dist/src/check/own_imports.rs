//! P1712: imports of modules of the wheel's own packages that are not in the wheel.

use std::collections::{HashMap, HashSet};

use pubflow_finding::{Finding, Findings, Rule, Severity};

use super::entry_point_module::{modules, sources};
use super::{report, secrets};
use crate::content::python::{Import, Source};
use crate::wheel::Wheel;

pub(super) static RULE: Rule = Rule {
    code: "P1712",
    name: "own-import-missing",
    severity: Severity::Warning,
    source: "advice",
    refused_by: &[],
    about: "A module imports another one of its own package, and that one is not in the wheel. \
            Imports under `if`, `try` and `with` are taken for optional. In the `__init__.py` of \
            a package at the top it is an error: nobody can import the package.",
    why: "It works in the source tree, where the file is, and fails for everybody who installs \
            the wheel.",
    cure: "Usually the backend was not told about a subpackage: check its list of packages.",
    bad: "demo/__init__.py: import demo.core, and no demo/core.py in the wheel",
    good: "demo/__init__.py: import demo.core\ndemo/core.py",
};

pub(super) fn check(wheel: &Wheel, findings: &mut Findings) {
    if !wheel.archive().is_complete() {
        return;
    }
    let tree = Tree::of(wheel);
    let found = wheel.entries().iter().flat_map(|entry| {
        let member = entry.path.as_str();
        let path = wheel.installed_path(&entry.path).unwrap_or_default();
        let source = wheel.archive().content(member);
        let source = source.and_then(|content| content.source.as_ref());
        let imports = match source {
            Some(source) if !secrets::is_aside(&entry.path) => source.imports.as_slice(),
            _ => &[],
        };
        let is_top = path.matches('/').count() == 1 && path.ends_with("/__init__.py");
        let tree = &tree;
        imports.iter().filter_map(move |import| {
            let missing = tree.missing(path, import)?;
            let severity = if is_top && !import.is_in_function {
                Severity::Error
            } else {
                Severity::Warning
            };
            let message = format!("`{member}` imports `{missing}`, which is not in the wheel");
            Some(
                Finding::new(&RULE, message)
                    .severity(severity)
                    .member(member)
                    .line(import.line)
                    .next("include the module: check the backend's list of packages"),
            )
        })
    });
    report::capped(&RULE, found, findings);
}

/// The modules of the wheel and what their sources tell.
struct Tree<'a> {
    modules: HashSet<String>,
    /// Modules that have others below them. A plain one may have bound its names in any way.
    packages: HashSet<String>,
    sources: HashMap<String, &'a Source>,
}

impl<'a> Tree<'a> {
    fn of(wheel: &'a Wheel) -> Self {
        let modules = modules(wheel);
        let packages = modules.iter().filter_map(|module| module.rsplit_once('.'));
        Self {
            packages: packages.map(|(package, _)| package.to_owned()).collect(),
            modules,
            sources: sources(wheel),
        }
    }

    /// The module that the import in the file at `path` needs and that is not there.
    fn missing(&self, path: &str, import: &Import) -> Option<String> {
        let package = path.rsplit_once('/')?.0.replace('/', ".");
        let mut base = if import.level == 0 {
            String::new()
        } else {
            let mut parts: Vec<&str> = package.split('.').collect();
            // Above the top: another fault, and not certain for namespace packages.
            let above = import.level - 1;
            if above >= parts.len() {
                return None;
            }
            parts.truncate(parts.len() - above);
            parts.join(".")
        };
        if !base.is_empty() && !import.module.is_empty() {
            base.push('.');
        }
        base.push_str(&import.module);
        if !self.modules.contains(&base) {
            return self.is_certain(&base).then_some(base);
        }
        // `from package import name`: a name that the package binds, or a submodule.
        let source = self.sources.get(&base)?;
        if source.is_dynamic || source.fault.is_some() || !self.packages.contains(&base) {
            return None;
        }
        let name = import.names.iter().find(|name| {
            let is_bound = source.names.contains(*name) || is_special(name);
            !is_bound && !self.modules.contains(&format!("{base}.{name}"))
        })?;
        let module = format!("{base}.{name}");
        self.is_certain(&module).then_some(module)
    }

    /// Whether nobody but the wheel can bring the module along: the packages above it are no
    /// namespaces and play no tricks.
    fn is_certain(&self, module: &str) -> bool {
        let mut above = module;
        let mut has_package = false;
        while let Some((package, _)) = above.rsplit_once('.') {
            above = package;
            if self.modules.contains(package) {
                let Some(source) = self.sources.get(package) else {
                    return false;
                };
                if source.is_dynamic || source.fault.is_some() {
                    return false;
                }
                has_package = true;
            }
        }
        has_package
    }
}

/// Names that every module has.
fn is_special(name: &str) -> bool {
    name.starts_with("__") || name == "*" || name.is_empty()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{expect, in_wheel, wheel};
    use super::*;

    #[test]
    fn modules_that_are_there_or_optional_are_quiet() {
        let builder = wheel()
            .file(
                "demo/a.py",
                "from . import b, x\nfrom .b import c\nimport demo.n, os\nfrom . import __doc__\n",
            )
            .file(
                "demo/b.py",
                "try:\n    from . import gone\nexcept ImportError: pass\n",
            )
            .file("demo/n.abi3.so", "x")
            .file(
                "space/a.py",
                "from space.elsewhere import x\nfrom .elsewhere import x\n",
            )
            .file("lazy/__init__.py", "def __getattr__(name): pass\n")
            .file("lazy/a.py", "from .gone import x\n")
            .file("demo/tests/t.py", "from . import gone\n");
        expect(&in_wheel(&builder, check), &[]);
    }

    #[test]
    fn modules_that_are_left_out_are_found() {
        let builder = wheel()
            .file("demo/a.py", "def f():\n    from .sub.x import y\n")
            .file("demo/b.py", "from demo import gone\n")
            .file("other/__init__.py", "import other.core\n");
        expect(
            &in_wheel(&builder, check),
            &[
                "warning -: `demo/a.py` imports `demo.sub.x`, which is not in the wheel (demo/a.py)",
                "warning -: `demo/b.py` imports `demo.gone`, which is not in the wheel (demo/b.py)",
                "error -: `other/__init__.py` imports `other.core`, which is not in the wheel (other/__init__.py)",
            ],
        );
    }
}
