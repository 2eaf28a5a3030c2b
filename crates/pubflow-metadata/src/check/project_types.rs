//! P207: types of the values in `[project]`.

use pubflow_finding::{Findings, Refuser, Rule, Severity};
use toml_edit::{Item, Value};

use super::PyprojectSubject;
use super::pyproject::project;
use crate::pyproject::TomlPath;

pub(super) static RULE: Rule = Rule {
    code: "P207",
    name: "project-types",
    severity: Severity::Error,
    source: "PEP 621",
    refused_by: &[Refuser::Pip, Refuser::Spec],
    about: "Every key of `[project]` has a type: `keywords` is an array of strings and not one \
            string, `authors` an array of tables, `dependencies` an array and not a table as in \
            some other tools.",
    why: "Build backends refuse values of another type.",
    cure: "Write the value in the type that the finding names.",
    bad: "keywords = \"build, publish\"",
    good: "keywords = [\"build\", \"publish\"]",
};

/// What a key holds.
#[derive(Clone, Copy)]
enum Shape {
    Text,
    Texts,
    /// A table of strings.
    TextTable,
    /// A table of tables of strings.
    TextTables,
    /// A table of arrays of strings.
    TextsTable,
    /// An array of tables of strings.
    People,
    /// A string, or a table of strings.
    TextOrTable,
}

const SHAPES: [(&str, Shape); 20] = [
    ("authors", Shape::People),
    ("classifiers", Shape::Texts),
    ("dependencies", Shape::Texts),
    ("description", Shape::Text),
    ("dynamic", Shape::Texts),
    ("entry-points", Shape::TextTables),
    ("gui-scripts", Shape::TextTable),
    ("import-names", Shape::Texts),
    ("import-namespaces", Shape::Texts),
    ("keywords", Shape::Texts),
    ("license", Shape::TextOrTable),
    ("license-files", Shape::Texts),
    ("maintainers", Shape::People),
    ("name", Shape::Text),
    ("optional-dependencies", Shape::TextsTable),
    ("readme", Shape::TextOrTable),
    ("requires-python", Shape::Text),
    ("scripts", Shape::TextTable),
    ("urls", Shape::TextTable),
    ("version", Shape::Text),
];

pub(super) fn check(subject: &PyprojectSubject, findings: &mut Findings) {
    let Some(table) = subject.pyproject.table("project") else {
        return;
    };
    let mut walk = Walk { subject, findings };
    for (key, shape) in SHAPES {
        if let Some(item) = table.get(key) {
            walk.item(&project(&[key]), item, shape);
        }
    }
}

struct Walk<'a> {
    subject: &'a PyprojectSubject,
    findings: &'a mut Findings,
}

impl Walk<'_> {
    fn item(&mut self, path: &TomlPath, item: &Item, shape: Shape) {
        match shape {
            Shape::Text if item.is_str() => {}
            Shape::Text => self.wrong(path, "a string", item.type_name()),
            Shape::TextOrTable if item.is_str() => {}
            Shape::TextOrTable if item.is_table_like() => self.table(path, item, Shape::Text),
            Shape::TextOrTable => self.wrong(path, "a string or a table", item.type_name()),
            Shape::TextTable => self.table(path, item, Shape::Text),
            Shape::TextTables => self.table(path, item, Shape::TextTable),
            Shape::TextsTable => self.table(path, item, Shape::Texts),
            Shape::Texts => match item.as_array() {
                None => self.wrong(path, "an array of strings", item.type_name()),
                Some(array) => {
                    for (at, value) in array.iter().enumerate() {
                        if !value.is_str() {
                            self.wrong(&path.index(at), "a string", value.type_name());
                        }
                    }
                }
            },
            Shape::People => self.people(path, item),
        }
    }

    fn table(&mut self, path: &TomlPath, item: &Item, shape: Shape) {
        match item.as_table_like() {
            None => self.wrong(path, "a table", item.type_name()),
            Some(table) => {
                for (key, item) in table.iter() {
                    self.item(&path.key(key), item, shape);
                }
            }
        }
    }

    fn people(&mut self, path: &TomlPath, item: &Item) {
        if let Some(tables) = item.as_array_of_tables() {
            for (at, table) in tables.iter().enumerate() {
                for (key, item) in table {
                    self.item(&path.index(at).key(key), item, Shape::Text);
                }
            }
            return;
        }
        let Some(array) = item.as_array() else {
            return self.wrong(path, "an array of tables", item.type_name());
        };
        for (at, value) in array.iter().enumerate() {
            let path = path.index(at);
            match value.as_inline_table() {
                None => self.wrong(&path, "a table", value.type_name()),
                Some(table) => {
                    for (key, value) in table.iter().filter(|(_, value)| !Value::is_str(value)) {
                        self.wrong(&path.key(key), "a string", value.type_name());
                    }
                }
            }
        }
    }

    fn wrong(&mut self, path: &TomlPath, expected: &str, found: &str) {
        let message = format!("`{path}` must be {expected}, not {found}");
        self.findings
            .add(self.subject.finding(&RULE, path, message));
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::probe::pyproject;

    #[test]
    fn fires() {
        for (text, found) in [
            (
                "name = 1",
                "project.name 2: `project.name` must be a string, not integer",
            ),
            (
                "keywords = 'a'",
                "project.keywords 2: `project.keywords` must be an array of strings, not string",
            ),
            (
                "keywords = ['a', 1]",
                "project.keywords[1] 2: `project.keywords[1]` must be a string, not integer",
            ),
            (
                "authors = ['a']",
                "project.authors[0] 2: `project.authors[0]` must be a table, not string",
            ),
            (
                "authors = [{name = 1}]",
                "project.authors[0].name 2: `project.authors[0].name` must be a string, not integer",
            ),
            (
                "dependencies = {a = '1'}",
                "project.dependencies 2: `project.dependencies` must be an array of strings, not \
                 inline table",
            ),
            (
                "entry-points = {a = 'b'}",
                "project.entry-points.a 2: `project.entry-points.a` must be a table, not string",
            ),
            (
                "optional-dependencies.a = 'b'",
                "project.optional-dependencies.a 2: `project.optional-dependencies.a` must be an \
                 array of strings, not string",
            ),
            (
                "license = ['MIT']",
                "project.license 2: `project.license` must be a string or a table, not array",
            ),
            (
                "urls = {a = {b = 'c'}}",
                "project.urls.a 2: `project.urls.a` must be a string, not inline table",
            ),
        ] {
            assert_eq!(pyproject(check, format!("[project]\n{text}\n")), [found]);
        }
    }

    #[test]
    fn stays_quiet() {
        let good = "[project]\nname = 'x'\nkeywords = ['a']\nlicense = {file = 'L'}\n\
                    readme = 'R.md'\nurls.a = 'b'\noptional-dependencies = {a = ['b']}\n\
                    maintainers = [{name = 'x', email = 'y'}]\n[[project.authors]]\nname = 'z'\n\
                    [project.entry-points.g]\na = 'b'\n";
        assert!(pyproject(check, good).is_empty());
    }
}
