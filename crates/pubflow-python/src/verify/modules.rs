//! Which modules of a wheel a smoke test imports: every top-level module and every public submodule,
//! told from the paths in the wheel and never from `top_level.txt`, which is what its author hoped.
//!
//! Spec: "Binary distribution format" (contents of a wheel); import system of the Python reference.

use std::collections::BTreeSet;

/// Endings of files that are modules, the longest first.
const SOURCE: &str = ".py";
const EXTENSION_MODULES: &[&str] = &[".so", ".pyd"];

/// Parts of module names that are not imported below a top-level module: they run as programs, need
/// a test runner, or are material for making other files. Several to a row.
const PASSED_OVER: &[&str] = &[
    "__main__ setup conftest tests test testdata examples example samples benchmarks benchmark",
    "templates template skeleton fixtures docs doc migrations",
];

/// Where a module stands, which decides what its failure costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Standing {
    /// Everybody who uses the distribution imports it.
    TopLevel,
    /// A public submodule of a regular package.
    Inner,
    /// It lies in a directory of a regular package that has no `__init__.py`, which may be a
    /// directory of data.
    Loose,
}

/// The modules of one wheel.
#[derive(Debug, Default)]
pub(super) struct Modules {
    /// What is imported, top-level modules first, parents before children.
    pub(super) imported: Vec<(String, Standing)>,
    /// Modules that are there and are not imported.
    pub(super) n_passed_over: usize,
    /// Every module by dotted name, private ones and regular packages too.
    own: BTreeSet<String>,
}

impl Modules {
    /// The modules among the paths that a wheel's files have below site-packages.
    pub(super) fn among<'a>(paths: impl IntoIterator<Item = &'a str>) -> Self {
        let mut own = BTreeSet::new();
        let mut packages = BTreeSet::new();
        for path in paths {
            if let Some((name, is_package)) = module_at(path) {
                if is_package {
                    packages.insert(name.clone());
                }
                own.insert(name);
            }
        }
        let mut imported = Vec::new();
        let mut n_passed_over = 0;
        for name in &own {
            match standing(name, &packages) {
                Some(standing) => imported.push((name.clone(), standing)),
                None => n_passed_over += 1,
            }
        }
        // A top-level module must not find its work done by a submodule of another one.
        imported.sort_by_key(|(name, standing)| (*standing, name.clone()));
        Self {
            imported,
            n_passed_over,
            own,
        }
    }

    /// The same with other modules to be imported, where some are named; each is as good as top-level.
    pub(super) fn only(mut self, named: &[String]) -> Self {
        if !named.is_empty() {
            let named = named.iter();
            self.imported = named
                .map(|name| (name.clone(), Standing::TopLevel))
                .collect();
            self.n_passed_over = 0;
        }
        self
    }

    /// Whether nobody but this wheel can provide the module `name`: it lies in one of its regular
    /// packages, or is one of its modules. What lies in a namespace may be another distribution's.
    pub(super) fn must_provide(&self, name: &str) -> bool {
        let mut prefix = name;
        loop {
            if self.own.contains(prefix) {
                return true;
            }
            match prefix.rsplit_once('.') {
                Some((parent, _)) => prefix = parent,
                None => return false,
            }
        }
    }

    /// Whether the top-level name of `module` is a namespace that the wheel shares with others.
    pub(super) fn shares_namespace(&self, module: &str) -> bool {
        let top = module.split('.').next().unwrap_or(module);
        !self.own.contains(top)
            && self.own.iter().any(|own| {
                own.strip_prefix(top)
                    .is_some_and(|rest| rest.starts_with('.'))
            })
    }

    /// Modules whose `__version__` speaks for the distribution: the one named like the project, else
    /// the only top-level package or module there is.
    pub(super) fn speaking_for(&self, underscored_project: &str) -> Option<&str> {
        let tops = || {
            self.imported
                .iter()
                .filter(|(_, standing)| *standing == Standing::TopLevel)
                .map(|(name, _)| name.as_str())
        };
        let alike = |name: &&str| {
            name.replace('.', "_")
                .eq_ignore_ascii_case(underscored_project)
        };
        let public: Vec<&str> = tops().filter(|name| !name.starts_with('_')).collect();
        tops().find(alike).or(match public.as_slice() {
            [only] => Some(only),
            _ => None,
        })
    }
}

/// The dotted name of the module in the file at `path`, and whether it is a regular package.
fn module_at(path: &str) -> Option<(String, bool)> {
    let (directory, file) = path.rsplit_once('/').unwrap_or(("", path));
    let stem = match file.strip_suffix(SOURCE) {
        Some(stem) => stem,
        None => {
            let ending = EXTENSION_MODULES.iter().find(|e| file.ends_with(**e))?;
            let stem = file.strip_suffix(ending)?;
            // The ABI of an extension module stands between its name and its ending.
            stem.split('.').next().unwrap_or(stem)
        }
    };
    let mut parts: Vec<&str> = directory
        .split('/')
        .filter(|part| !part.is_empty())
        .collect();
    let is_package = stem == "__init__" && !parts.is_empty();
    if !is_package {
        parts.push(stem);
    }
    parts
        .iter()
        .all(|part| is_identifier(part))
        .then(|| (parts.join("."), is_package))
}

fn is_identifier(text: &str) -> bool {
    let mut characters = text.chars();
    characters
        .next()
        .is_some_and(|c| c == '_' || c.is_alphabetic())
        && characters.all(|c| c == '_' || c.is_alphanumeric())
}

/// Where a module stands; none for one that is not imported.
fn standing(name: &str, packages: &BTreeSet<String>) -> Option<Standing> {
    let parts: Vec<&str> = name.split('.').collect();
    let (last, parents) = parts.split_last()?;
    let prefix = |n: usize| parts[..n].join(".");
    // Directories above the first regular package are a namespace shared with others; the module
    // or package right below them is as good as top-level.
    let n_namespace = (1..=parents.len())
        .take_while(|n| !packages.contains(&prefix(*n)))
        .count();
    if *last == "__main__" || parts.iter().any(|part| is_test(part)) {
        return None;
    }
    let is_private = parts.iter().any(|part| part.starts_with('_'));
    if n_namespace == parents.len() {
        let is_program = ["setup", "conftest"].contains(last);
        // A private module right at the top is still the only one some distributions have.
        let is_hidden = is_private && n_namespace > 0;
        return (!is_program && !is_hidden).then_some(Standing::TopLevel);
    }
    let below = &parts[n_namespace + 1..];
    if is_private || below.iter().any(|part| is_passed_over(part)) {
        return None;
    }
    let is_regular = (n_namespace + 1..=parents.len()).all(|n| packages.contains(&prefix(n)));
    Some(if is_regular {
        Standing::Inner
    } else {
        Standing::Loose
    })
}

fn is_passed_over(part: &str) -> bool {
    PASSED_OVER
        .iter()
        .flat_map(|row| row.split_whitespace())
        .any(|word| word == part)
}

fn is_test(part: &str) -> bool {
    part == "tests" || part == "test" || part.starts_with("test_") || part.ends_with("_test")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(paths: &[&str], expected: &[(&str, Standing)]) {
        let modules = Modules::among(paths.iter().copied());
        let found: Vec<_> = modules
            .imported
            .iter()
            .map(|(name, standing)| (name.as_str(), *standing))
            .collect();
        assert_eq!(found, expected, "{paths:?}");
    }

    #[test]
    fn top_level_modules_come_first_and_public_submodules_after_them() {
        check(
            &[
                "demo/a.py",
                "demo/__init__.py",
                "zeta.py",
                "demo/b/__init__.py",
                "demo/b/c.py",
            ],
            &[
                ("demo", Standing::TopLevel),
                ("zeta", Standing::TopLevel),
                ("demo.a", Standing::Inner),
                ("demo.b", Standing::Inner),
                ("demo.b.c", Standing::Inner),
            ],
        );
    }

    #[test]
    fn extension_modules_count() {
        check(
            &["_fast.cpython-312-x86_64-linux-gnu.so", "demo.abi3.so"],
            &[("_fast", Standing::TopLevel), ("demo", Standing::TopLevel)],
        );
    }

    #[test]
    fn what_is_no_public_module_is_left_alone() {
        check(
            &[
                "demo/__init__.py",
                "demo/__main__.py",
                "demo/_private.py",
                "demo/_win/a.py",
                "demo/tests/__init__.py",
                "demo/tests/test_a.py",
                "demo/templates/new.py",
                "demo/conftest.py",
                "demo/data.json",
                "demo/stub.pyi",
                "demo/not-a-name.py",
                "demo-1.0.dist-info/METADATA",
                "demo-1.0.data/scripts/run.py",
                "tests/__init__.py",
                "setup.py",
            ],
            &[("demo", Standing::TopLevel)],
        );
    }

    #[test]
    fn modules_of_a_namespace_are_as_good_as_top_level() {
        check(
            &["ns/one/__init__.py", "ns/one/sub.py", "ns/two.py"],
            &[
                ("ns.one", Standing::TopLevel),
                ("ns.two", Standing::TopLevel),
                ("ns.one.sub", Standing::Inner),
            ],
        );
        check(
            &["ns/_v2/__init__.py", "ns/_v2/a.py", "_top/__init__.py"],
            &[("_top", Standing::TopLevel)],
        );
        let modules = Modules::among(["ns/one/__init__.py"]);
        assert!(modules.must_provide("ns.one.gone"));
        assert!(!modules.must_provide("ns.other"));
    }

    #[test]
    fn a_directory_without_init_below_a_package_is_loose() {
        check(
            &["demo/__init__.py", "demo/extra/tool.py"],
            &[
                ("demo", Standing::TopLevel),
                ("demo.extra.tool", Standing::Loose),
            ],
        );
    }

    #[test]
    fn one_module_speaks_for_the_distribution() {
        let modules = Modules::among(["demo_pkg/__init__.py", "six.py"]);
        assert_eq!(modules.speaking_for("demo_pkg"), Some("demo_pkg"));
        assert_eq!(modules.n_passed_over, 0);
        assert_eq!(modules.speaking_for("other"), None);
        assert_eq!(
            Modules::among(["only.py"]).speaking_for("other"),
            Some("only")
        );
        assert_eq!(
            Modules::among(["ns/one/__init__.py"]).speaking_for("ns_one"),
            Some("ns.one")
        );
    }
}
