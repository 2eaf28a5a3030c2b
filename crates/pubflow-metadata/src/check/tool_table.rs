//! P006: tables of known tools below `tool`.
//!
//! What a table may hold is data in the files below this one; here it is compared with the file.

mod backends;
mod module_name;
mod schema;
mod setuptools;

use pubflow_finding::{Findings, Rule, Severity};
use pubflow_spec::ProjectName;
use toml_edit::{Array, Item, TableLike, Value};

use super::PyprojectSubject;
use super::metadata::shown;
use crate::pyproject::TomlPath;
use crate::spelling::nearest;
use module_name::is_package;
use pubflow_spec::is_dotted_name;
use schema::{Names, Shape, Table};

/// Bytes from which a key is like no known one.
const LONGEST_KEY: usize = 60;

/// The tools whose tables are known.
static TOOLS: [(&str, &Table); 8] = [
    ("distutils", &setuptools::DISTUTILS),
    ("flit", &backends::FLIT),
    ("hatch", &backends::HATCH),
    ("pdm", &backends::PDM),
    ("poetry", &backends::POETRY),
    ("setuptools", &setuptools::SETUPTOOLS),
    ("setuptools_scm", &backends::SETUPTOOLS_SCM),
    ("uv", &backends::UV),
];

/// Names so unlike other words that a near miss is one.
const DISTINCT: [&str; 4] = ["distutils", "poetry", "setuptools", "setuptools_scm"];

pub(super) static RULE: Rule = Rule {
    code: "P006",
    name: "tool-table",
    severity: Severity::Warning,
    source: "documentation of the tools",
    refused_by: &[],
    about: "A key of `[tool.setuptools]` or of another known build tool is misspelt, unknown, \
            missing or of the wrong type. Tables of tools that take plugins are searched for near \
            misses only.",
    why: "Setuptools refuses to build then; most other tools pass over what they do not know, so \
            that the setting has no effect.",
    cure: "Use the spelling and type of the tool's documentation, or remove the key.",
    bad: "[tool.setuptools]\npackage = [\"demo\"]",
    good: "[tool.setuptools]\npackages = [\"demo\"]",
};

pub(super) fn check(subject: &PyprojectSubject, findings: &mut Findings) {
    let Some(tools) = subject.pyproject.table("tool") else {
        return;
    };
    let path = TomlPath::of(&["tool"]);
    let mut walk = Walk { subject, findings };
    for (name, item) in tools.iter() {
        let path = path.key(name);
        match TOOLS.iter().find(|(known, _)| *known == name) {
            Some((_, table)) => walk.item(&path, item, Shape::Table(table)),
            None => {
                if let Some(known) = near(name, &DISTINCT) {
                    walk.report(&path, format!("no tool reads `{path}`"), known);
                }
            }
        }
    }
}

fn near<'a>(key: &str, known: &[&'a str]) -> Option<&'a str> {
    let candidates = known.iter().copied();
    (key.len() <= LONGEST_KEY)
        .then(|| nearest(key, candidates))
        .flatten()
}

struct Walk<'a> {
    subject: &'a PyprojectSubject,
    findings: &'a mut Findings,
}

impl Walk<'_> {
    fn item(&mut self, path: &TomlPath, item: &Item, shape: Shape) {
        let fits = match shape {
            Shape::Any => true,
            Shape::Text => item.is_str(),
            Shape::Flag => item.is_bool(),
            Shape::TextOrFlag => item.is_str() || item.is_bool(),
            Shape::TextOrTexts if item.is_str() => true,
            Shape::Texts | Shape::TextOrTexts => match item.as_array() {
                None => false,
                Some(array) => return self.texts(path, array.iter()),
            },
            Shape::Reference => match item.as_str() {
                None => false,
                Some(text) => return self.name(path, text, is_dotted_name),
            },
            Shape::Package => match item.as_str() {
                None => false,
                Some(text) => return self.name(path, text, is_package),
            },
            Shape::Packages => match item.as_array() {
                None => false,
                Some(array) => return self.packages(path, array),
            },
            Shape::Map(names, shape) => match item.as_table_like() {
                None => false,
                Some(table) => return self.map(path, table, (names, shape)),
            },
            Shape::Table(known) => match item.as_table_like() {
                None => false,
                Some(table) => return self.table(path, table, known),
            },
            Shape::PackagesOrTable(known) => match item.as_table_like() {
                None => return self.item(path, item, Shape::Packages),
                Some(table) => return self.table(path, table, known),
            },
            Shape::Tables(known) => match tables(item) {
                None => false,
                Some(tables) => {
                    for (at, table) in tables.into_iter().enumerate() {
                        self.table(&path.index(at), table, known);
                    }
                    return;
                }
            },
        };
        if !fits {
            self.wrong(path, shape.words(), item.type_name());
        }
    }

    fn texts<'v>(&mut self, path: &TomlPath, values: impl Iterator<Item = &'v Value>) {
        for (at, value) in values.enumerate().filter(|(_, value)| !value.is_str()) {
            self.wrong(&path.index(at), "a string", value.type_name());
        }
    }

    fn packages(&mut self, path: &TomlPath, array: &Array) {
        self.texts(path, array.iter());
        for (at, value) in array.iter().enumerate() {
            if let Some(text) = value.as_str() {
                self.name(&path.index(at), text, is_package);
            }
        }
    }

    fn name(&mut self, path: &TomlPath, text: &str, is_it: fn(&str) -> bool) {
        if !is_it(text) {
            let message = format!("`{path}` is no name in Python: `{}`", shown(text));
            self.add(path, message);
        }
    }

    fn map(&mut self, path: &TomlPath, table: &dyn TableLike, of: (Names, &'static Shape)) {
        let (names, shape) = of;
        for (key, item) in table.iter() {
            let path = path.key(key);
            let (fits, wanted) = match names {
                Names::Any => (true, ""),
                Names::Extras => (ProjectName::parse(key).is_ok(), "an extra"),
                Names::Packages => (key.is_empty() || is_package(key), "a package"),
                Names::PackagesOrStar => (matches!(key, "" | "*") || is_package(key), "a package"),
            };
            if !fits {
                self.add(&path, format!("`{}` is no name of {wanted}", shown(key)));
            }
            self.item(&path, item, *shape);
        }
    }

    fn table(&mut self, path: &TomlPath, table: &dyn TableLike, known: &'static Table) {
        for (key, item) in table.iter() {
            let path_of_key = path.key(key);
            match known.keys.iter().find(|(name, _)| *name == key) {
                Some((_, shape)) => self.item(&path_of_key, item, *shape),
                None => self.unknown(path, key, known),
            }
        }
        for group in known.required {
            if !group.iter().any(|key| table.contains_key(key)) {
                let wanted = group.join("` or `");
                self.add(path, format!("`{path}` has no `{wanted}`"));
            }
        }
    }

    fn unknown(&mut self, path: &TomlPath, key: &str, known: &Table) {
        let names: Vec<_> = known.keys.iter().map(|(name, _)| *name).collect();
        let message = format!("`{}` is no key of `{path}`", shown(key));
        match near(key, &names) {
            Some(name) => self.report(&path.key(key), message, name),
            None if known.closed => self.add(&path.key(key), message),
            None => {}
        }
    }

    fn wrong(&mut self, path: &TomlPath, expected: &str, found: &str) {
        self.add(path, format!("`{path}` must be {expected}, not {found}"));
    }

    fn add(&mut self, path: &TomlPath, message: String) {
        self.findings
            .add(self.subject.finding(&RULE, path, message));
    }

    fn report(&mut self, path: &TomlPath, message: String, meant: &str) {
        let finding = self.subject.finding(&RULE, path, message);
        self.findings.add(finding.next(format!("write `{meant}`")));
    }
}

/// The tables of an array, in either of TOML's forms; `None` if something else is in it.
fn tables(item: &Item) -> Option<Vec<&dyn TableLike>> {
    if let Some(tables) = item.as_array_of_tables() {
        return Some(tables.iter().map(|table| table as &dyn TableLike).collect());
    }
    let values = item.as_array()?.iter();
    values
        .map(|value| value.as_inline_table().map(|table| table as &dyn TableLike))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::probe::pyproject;

    #[test]
    fn fires() {
        for (text, found) in [
            (
                "[tool.setuptools]\nfoo = 1",
                "tool.setuptools.foo 2: `foo` is no key of `tool.setuptools`",
            ),
            (
                "[tool.setuptools.packages.find]\nwher = ['src']",
                "tool.setuptools.packages.find.wher 2: `wher` is no key of `tool.setuptools.packages.find`",
            ),
            (
                "[tool.setuptools]\npackages = 'demo'",
                "tool.setuptools.packages 2: `tool.setuptools.packages` must be an array of strings, not string",
            ),
            (
                "[tool.setuptools.dynamic]\nversion = {attr = 'demo.'}",
                "tool.setuptools.dynamic.version.attr 2: `tool.setuptools.dynamic.version.attr` is no name in Python: `demo.`",
            ),
            (
                "[tool.setuptools.dynamic]\nreadme = {content-type = 'text/plain'}",
                "tool.setuptools.dynamic.readme 2: `tool.setuptools.dynamic.readme` has no `file`",
            ),
            (
                "[tool.setuptools.dynamic.optional-dependencies.'a b']\nfile = 'x'",
                "tool.setuptools.dynamic.optional-dependencies.\"a b\" 1: `a b` is no name of an extra",
            ),
            (
                "[[tool.setuptools.ext-modules]]\nname = 'a'\nsources = ['a.c']\nx = 1",
                "tool.setuptools.ext-modules[0].x 4: `x` is no key of `tool.setuptools.ext-modules[0]`",
            ),
            (
                "[tool.hatch.metadata]\nallow-direct-reference = true",
                "tool.hatch.metadata.allow-direct-reference 2: `allow-direct-reference` is no key of `tool.hatch.metadata`",
            ),
            (
                "[tool.setuptool]\n",
                "tool.setuptool 1: no tool reads `tool.setuptool`",
            ),
            (
                "[tool]\nuv = 1",
                "tool.uv 2: `tool.uv` must be a table, not integer",
            ),
        ] {
            assert_eq!(pyproject(check, format!("{text}\n")), [found]);
        }
    }

    #[test]
    fn stays_quiet() {
        for text in [
            "[tool.setuptools]\npackages = ['demo']\nzip-safe = false\npackage-dir = {'' = 'src'}",
            "[tool.setuptools.packages.find]\nwhere = ['src']\nnamespaces = false",
            "[tool.setuptools.dynamic]\nversion = {attr = 'demo.__version__'}\nreadme = {file = ['a']}",
            "[[tool.setuptools.ext-modules]]\nname = 'a'\nsources = ['a.c']",
            "[tool.distutils.bdist_wheel]\nuniversal = true",
            "[tool.hatch.build.targets.wheel]\npackages = ['demo']\n[tool.hatch.build.hooks.own]\nx = 1",
            "[tool.hatch.version]\nsource = 'vcs'\nown-option = 1",
            "[tool.poetry.dependencies]\npython = '^3.9'\n[tool.poetry.plugins.x]\ny = 'z'",
            "[tool.ruff]\nline-length = 100\n[tool.setuptools-git-versioning]\nenabled = true",
            "[project]\nname = 'x'",
        ] {
            assert_eq!(pyproject(check, format!("{text}\n")), [""; 0]);
        }
    }

    #[test]
    fn tables_list_a_key_once() {
        for (_, table) in TOOLS {
            let mut names: Vec<_> = table.keys.iter().map(|(name, _)| *name).collect();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), table.keys.len());
        }
    }
}
