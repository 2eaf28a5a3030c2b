//! P921: files that the code opens and that are not in the wheel.

use std::collections::HashSet;

use pubflow_finding::{Finding, Findings, Rule, Severity};

use super::entry_point_module::modules;
use super::{report, secrets};
use crate::content::python::Resource;
use crate::wheel::Wheel;

pub(super) static RULE: Rule = Rule {
    code: "P921",
    name: "package-data-missing",
    severity: Severity::Warning,
    source: "advice",
    refused_by: &[],
    about: "A module opens a file of its own package by name, through `importlib.resources`, \
            `pkgutil`, `pkg_resources` or a path beside `__file__`, and the file is not in the \
            wheel.",
    why: "It works in the source tree, where the file is, and raises for everybody who installs \
          the wheel.",
    cure: "Tell the backend to include the file: `package-data` of setuptools, `include` of others.",
    bad: "demo/__init__.py   files(\"demo\") / \"schema.json\"",
    good: "demo/__init__.py   files(\"demo\") / \"schema.json\"\ndemo/schema.json",
};

pub(super) fn check(wheel: &Wheel, findings: &mut Findings) {
    let archive = wheel.archive();
    if !archive.is_complete() {
        return;
    }
    let mut tree = Tree::of(wheel);
    let mut found = Vec::new();
    for entry in wheel.entries() {
        let member = entry.path.as_str();
        let source = archive.content(member).and_then(|c| c.source.as_ref());
        let (Some(source), Some(path)) = (source, wheel.installed_path(&entry.path)) else {
            continue;
        };
        if secrets::is_aside(&entry.path) {
            continue;
        }
        for resource in &source.resources {
            let Some(missing) = tree.missing(path, resource) else {
                continue;
            };
            let message = format!("`{member}` opens `{missing}`, which is not in the wheel");
            found.push(
                Finding::new(&RULE, message)
                    .member(member)
                    .line(resource.line)
                    .next("include the file: check the backend's settings for package data"),
            );
        }
    }
    report::capped(&RULE, found, findings);
}

/// What will be installed beside the modules.
struct Tree {
    /// Files and directories.
    paths: HashSet<String>,
    packages: HashSet<String>,
    /// What was told already: one finding a file.
    told: HashSet<String>,
}

impl Tree {
    fn of(wheel: &Wheel) -> Self {
        let mut paths = HashSet::new();
        for entry in wheel.entries() {
            let mut path = wheel.installed_path(&entry.path).unwrap_or_default();
            while !path.is_empty() && paths.insert(path.to_owned()) {
                path = path.rsplit_once('/').map_or("", |(above, _)| above);
            }
        }
        Self {
            paths,
            packages: modules(wheel),
            told: HashSet::new(),
        }
    }

    /// The path of what the module at `path` opens, if it is not there and nobody else brings it.
    fn missing(&mut self, path: &str, resource: &Resource) -> Option<String> {
        let directory = match &resource.package {
            Some(package) => package.replace('.', "/"),
            None => path.rsplit_once('/')?.0.to_owned(),
        };
        let is_own = self.packages.contains(&directory.replace('/', "."))
            && self.paths.contains(&format!("{directory}/__init__.py"));
        let full = format!("{directory}/{}", resource.path);
        (is_own && !self.paths.contains(&full) && self.told.insert(full.clone())).then_some(full)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{expect, in_wheel, wheel};
    use super::*;

    #[test]
    fn files_that_are_there_or_not_certain_are_quiet() {
        let builder = wheel()
            .file("demo/data/x.json", "{}")
            .file(
                "demo/a.py",
                "from importlib.resources import files\n\
                 x = files('demo.data') / 'x.json'\n\
                 x = files('demo').joinpath('data', 'x.json')\n\
                 y = files('other') / 'y.json'\n\
                 z = files('demo') / name / 'z.json'\n\
                 open(os.path.join(os.path.dirname(__file__), 'data', 'x.json'))\n\
                 open(os.path.join(os.path.dirname(__file__), 'log.txt'), 'w')\n\
                 if os.path.exists(join(dirname(__file__), 'local.cfg')): load(x)\n\
                 CACHE = os.path.join(os.path.dirname(__file__), 'cache')\n\
                 try:\n    x = (Path(__file__).parent / 'maybe').read_text()\n\
                 except OSError:\n    pass\n",
            )
            .file("demo/tests/t.py", "x = files('demo') / 'gone'\n");
        expect(&in_wheel(&builder, check), &[]);
    }

    #[test]
    fn files_that_are_left_out_are_found() {
        let lines = [
            "x = importlib.resources.files(__package__) / 'a' / 'x.json'",
            "x = pkgutil.get_data(__name__, 'b.txt')",
            "x = resources.files('demo').joinpath('c', 'd').read_text()",
            "x = open(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'e.txt')).read()",
            "x = (pathlib.Path(__file__).resolve().parent / 'f' / 'VERSION').read_text()",
            "x = Environment(loader=PackageLoader('demo'))",
            "x = resource_string('demo', 'g.txt')",
        ];
        let found = |line: &str| in_wheel(&wheel().file("demo/m.py", format!("{line}\n")), check);
        for (line, path) in lines.iter().zip([
            "a/x.json",
            "b.txt",
            "c/d",
            "e.txt",
            "f/VERSION",
            "templates",
            "g.txt",
        ]) {
            let message = format!(
                "warning -: `demo/m.py` opens `demo/{path}`, which is not in the wheel (demo/m.py)"
            );
            expect(&found(line), &[&message]);
        }
    }
}
